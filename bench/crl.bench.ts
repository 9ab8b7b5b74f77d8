/**
 * Topic `crl`: revocation lists inside one process, again and again. What a process of its own needs for the first list
 * it sees, and how much memory, is measured by `crl.mjs`.
 *
 * A check is all of it: the list parsed from its octets, every entry looked at, the last one found, the signature
 * verified. It is held against the SHA-256 of the same octets, which no verification can do without.
 *
 * @module
 */

import { indexRevocationList, parseCertificate, parseCertificateRevocationList } from "../core/x509/mod.ts";
import { serialNumberAt } from "../test/support/large-revocation-list.ts";
import type { RevocationPeer } from "./compare/peer.ts";
import type { Comparison, Contender, Group } from "./harness.ts";
import type { Platform } from "./platform/platform.ts";
import { makeRevocation, type RevocationFixture } from "./revocation-fixture.ts";
import { statusCheck } from "./status-check.ts";

const LARGE = 1_000_000;

const MEDIUM = 100_000;

/** What the peers read out of the box: they give up at some 3,300 entries. */
const SMALL = 1000;

/** Of checks that take up to a quarter of a second. */
const GROWTH_ROUNDS = 21;

/** Look-ups go through so many serial numbers in turn, from all over the list. */
const LOOKED_UP = 32_768;

/** Groups of this topic. */
export async function crlGroups(platform: Platform, peers: readonly RevocationPeer[]): Promise<Group[]> {
  const large = await makeRevocation(LARGE);
  return [
    await largeGroup(platform, large),
    await growthGroup(platform, large),
    ...indexGroups(LARGE, large),
    ...indexGroups(MEDIUM, await makeRevocation(MEDIUM)),
    ...indexGroups(SMALL, await makeRevocation(SMALL)),
    await smallGroup(platform, peers),
  ];
}

async function largeGroup(platform: Platform, fixture: RevocationFixture): Promise<Group> {
  return {
    name: "1,000,000 entries, again and again",
    unit: "ms",
    contenders: [
      { name: "check", run: await checkOf(platform, fixture) },
      { name: "SHA-256 alone", run: () => platform.bareSha256(fixture.list) },
      { name: "bare verification", run: await bareVerification(platform, fixture) },
    ],
    comparisons: [
      { name: "check", against: "SHA-256 alone", reach: { node20: 2, node: 2, deno: 2, bun: 2, workerd: 2 } },
      { name: "check", against: "bare verification" },
    ],
  };
}

/** The same check of more and more entries. */
async function growthGroup(platform: Platform, large: RevocationFixture): Promise<Group> {
  const contenders: Contender[] = [];
  const sizes: Record<string, number> = {};
  for (const entries of [SMALL, 10_000, MEDIUM, LARGE]) {
    const name = `${entries.toLocaleString("en")} entries`;
    sizes[name] = entries;
    contenders.push({ name, run: await checkOf(platform, entries === LARGE ? large : await makeRevocation(entries)) });
  }
  const [least, ...more] = contenders;
  return {
    name: "check by entries",
    unit: "ms",
    contenders,
    comparisons: more.map(({ name }) => ({ name, against: least!.name })),
    growth: { parameter: "entries", sizes },
    rounds: GROWTH_ROUNDS,
  };
}

/** The platform's own verification of the list's signature: not every platform hashes as fast there. */
async function bareVerification(platform: Platform, { list, issuer }: RevocationFixture): Promise<Contender["run"]> {
  const { publicKey } = parseCertificate(issuer);
  const { signatureAlgorithm, tbsCertList, signature } = parseCertificateRevocationList(list);
  if (signatureAlgorithm.scheme === "unknown") throw new Error("The list has an unknown algorithm");
  return await platform.bareVerification(publicKey, signatureAlgorithm, tbsCertList, signature);
}

/**
 * What an index answers. The serial numbers stand one behind the other and are handed over in one and the same array,
 * as that of a certificate that was parsed a moment ago: an array of its own for each would be fetched from memory,
 * and that would be measured. What it takes to hand one over is in all times, and in a row of its own.
 *
 * A second group, which leaves nothing of the index in the processor's caches, says what is waited for.
 */
function indexGroups(entries: number, { list }: Pick<RevocationFixture, "list">): Group[] {
  const index = indexRevocationList(parseCertificateRevocationList(list));
  const has = (serial: Uint8Array) => index.has(serial);
  const limit = "100 ns";
  const reach = { node20: 1, node: 1, deno: 1, bun: 1, workerd: 1 };
  const listed = "look-up of a listed serial number";
  const other = "look-up of another serial number";
  const handOver = "a serial number handed over, no look-up";
  const entry = "a listed serial number's entry read";
  const read = "one read of memory that no cache holds";
  const name = `${entries.toLocaleString("en")} entries, index`;
  return [{
    name,
    unit: "ops/s",
    contenders: [
      { name: listed, run: inTurn(entries, 0, has) },
      // The last four octets are the number of the entry: there is none of that number.
      { name: other, run: inTurn(entries, entries, has) },
      { name: handOver, run: inTurn(entries, 0, (serial) => serial[15] === 0) },
    ],
    comparisons: [
      { name: listed, against: limit, reach },
      { name: other, against: limit, reach },
      { name: handOver, against: listed },
    ],
    limits: { [limit]: 1e-4 },
  }, {
    name: `${name}, caches cold`,
    unit: "ops/s",
    contenders: [
      { name: listed, run: inTurn(entries, 0, has) },
      { name: entry, run: inTurn(entries, 0, (serial) => index.find(serial)) },
      { name: read, run: coldRead() },
    ],
    comparisons: [
      { name: listed, against: read },
      { name: entry, against: read },
    ],
  }];
}

/** Asks for serial numbers from all over the list, one after the other. */
function inTurn(entries: number, first: number, ask: (serial: Uint8Array) => unknown): () => unknown {
  const flat = new Uint8Array(LOOKED_UP * 16);
  for (let i = 0, state = 1; i < LOOKED_UP; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    flat.set(serialNumberAt(first + state % entries).subarray(-16), i * 16);
  }
  const plain = new Uint8Array(16);
  const signed = new Uint8Array(17);
  let next = 0;
  return () => {
    next = (next + 16) % flat.length;
    const serial = flat[next]! < 0x80 ? plain : signed;
    const sign = serial.length - 16;
    for (let i = 0; i < 16; i++) serial[sign + i] = flat[next + i]!;
    return ask(serial);
  };
}

/** Reads one number somewhere in 64 MiB, where it depends on the number before: what an index cannot do without. */
function coldRead(): () => unknown {
  const memory = new Int32Array(1 << 24).map((_, i) => i & 7);
  let state = 1;
  return () => state = Math.imul(state, 1_664_525) + 1_013_904_223 + memory[state >>> 8]! | 0;
}

async function smallGroup(platform: Platform, peers: readonly RevocationPeer[]): Promise<Group> {
  const fixture = await makeRevocation(SMALL);
  const contenders: Contender[] = [
    { name: "check", run: await checkOf(platform, fixture) },
    { name: "SHA-256 alone", run: () => platform.bareSha256(fixture.list) },
  ];
  const comparisons: Comparison[] = [{ name: "check", against: "SHA-256 alone" }];
  for (const peer of peers) {
    const run = await peer.finder(fixture);
    if (!await run()) throw new Error(`${peer.name} does not find the last entry, or refuses the signature`);
    contenders.push({ name: peer.name, run });
    comparisons.push({ name: "check", against: peer.name });
  }
  return { name: "1,000 entries", unit: "ops/s", contenders, comparisons };
}

async function checkOf({ crypto }: Platform, fixture: RevocationFixture): Promise<Contender["run"]> {
  const check = statusCheck(fixture, crypto);
  const run = () => check(parseCertificateRevocationList(fixture.list));
  const status = await run();
  if (status.status !== "revoked") throw new Error(`The status is ${JSON.stringify(status)}`);
  return run;
}
