/**
 * `pkcs12`: files of keys and certificates that other libraries write.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { loadPkcs12, type Pkcs12Contents } from "../../../core/keys/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { all, attempt, casesOf, compare, demand, fail, isCoded, PASS } from "../verdict.ts";

interface Pkcs12Case {
  readonly id: string;
  readonly p12: string;
  readonly password: string | null;
  readonly expect: "accept" | "reject";
  readonly keySpki?: string | null;
  readonly certificates?: readonly string[];
  readonly friendlyName?: string;
  readonly mac?: string;
  readonly legacyCipher?: string;
  readonly ber?: boolean;
}

/** The suite. */
export const pkcs12: ConformanceSuite = { name: "pkcs12", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<Pkcs12Case>(files)) {
    const kind = [each.expect, each.mac, each.legacyCipher, each.ber].join(" ");
    yield { id: each.id, kind, run: (context) => run(each, context) };
  }
}

async function run(each: Pkcs12Case, context: ConformanceContext): Promise<Verdict> {
  let loaded = await load(each, each.password ?? undefined, context);
  // A password that nothing in a file uses is an error of ours, which says so; others pass over it.
  const needless = "refused" in loaded && isCoded(loaded.refused) && loaded.refused.code === "ERR_KEY_NOT_ENCRYPTED";
  if (needless) loaded = await load(each, undefined, context);
  if ("refused" in loaded) return demand(each.expect === "reject", `refused: ${loaded.refused.message}`);
  if (each.expect === "reject") return fail("accepted");
  const { privateKeys, certificates, authenticated } = loaded.value;
  const spkis: string[] = [];
  for (const { key } of privateKeys) {
    spkis.push(encodeBase64((await context.crypto.importPrivateKey(key, sessionAlgorithm(key))).publicKey));
  }
  const names = [...privateKeys, ...certificates].map(({ friendlyName }) => friendlyName);
  const verdict = all(
    // The data names one key, whatever others a file holds.
    demand(each.keySpki == null ? spkis.length === 0 : spkis.includes(each.keySpki), `keys are ${spkis.join(", ")}`),
    compare(
      ["certificates", sorted(certificates.map(({ der }) => encodeBase64(der))), sorted(each.certificates ?? [])],
    ),
    demand(each.friendlyName === undefined || names.includes(each.friendlyName), `names are ${names.join(", ")}`),
  );
  // Where nothing in a file uses a password, the empty one is right and every other is told to be needless.
  if (verdict.outcome !== "pass" || !context.thorough || needless) return verdict;
  const other = await load(each, `${each.password ?? ""}x`, context);
  return "refused" in other ? PASS : fail(`another password was accepted, and the MAC was ${authenticated}`);
}

function load(
  { p12 }: Pkcs12Case,
  password: string | undefined,
  { crypto }: ConformanceContext,
): Promise<{ readonly value: Pkcs12Contents } | { readonly refused: Error }> {
  return attempt(() => loadPkcs12(decodeBase64(p12)!, { crypto, password }));
}

function sorted(texts: readonly string[]): string {
  return [...texts].sort().join(" ");
}
