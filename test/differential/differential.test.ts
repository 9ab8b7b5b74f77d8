// runtimes: node20
import { nodeCrypto } from "../../runtimes/node/crypto.ts";
import { assert, assertNone, suite } from "../support/suite.ts";
import { runDifferential } from "./differential.ts";
import { generateCases } from "./generated-case.ts";
import { MUTATIONS } from "./mutations.ts";

const test = suite("test/differential");

/** Every mutation once, and some twice. */
const CASES = 200;

const report = await runDifferential(CASES, nodeCrypto());

test("validatePath() says of generated chains what RFC 5280 says", () => {
  assert.ok(MUTATIONS.length < CASES);
  assertNone(report.wrong);
});

test("validatePath() agrees with OpenSSL, PKI.js and node:crypto, or it is known why not", () => {
  assertNone(report.unexplained);
  for (const peer of ["pkijs", "node:crypto", ...(report.missing.includes("openssl") ? [] : ["openssl"])] as const) {
    assert.ok(report.peers.get(peer as "pkijs")!.agreed > 100, peer);
  }
});

test("generateCases() makes the same cases of the same seed", async () => {
  const cases = async (seed: number): Promise<string> => {
    const lines: string[] = [];
    for await (const { mutation, chain } of generateCases(20, seed, nodeCrypto())) {
      lines.push(`${mutation} ${chain.intermediates.length} ${chain.lists.length}`);
    }
    return lines.join();
  };
  assert.is(await cases(1), await cases(1));
  assert.is.not(await cases(1), await cases(2));
});

test.run();
