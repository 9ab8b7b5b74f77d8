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

/** What the peers read out of the box: they give up at some 3,300 entries. */
const SMALL = 1000;

/** Look-ups go through so many serial numbers in turn, from all over the list. */
const LOOKED_UP = 32_768;

/** Groups of this topic. */
export async function crlGroups(platform: Platform, peers: readonly RevocationPeer[]): Promise<Group[]> {
  const large = await makeRevocation(LARGE);
  return [
    await largeGroup(platform, large),
    indexGroup(large),
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

/** The platform's own verification of the list's signature: not every platform hashes as fast there. */
async function bareVerification(platform: Platform, { list, issuer }: RevocationFixture): Promise<Contender["run"]> {
  const { publicKey } = parseCertificate(issuer);
  const { signatureAlgorithm, tbsCertList, signature } = parseCertificateRevocationList(list);
  if (signatureAlgorithm.scheme === "unknown") throw new Error("The list has an unknown algorithm");
  return await platform.bareVerification(publicKey, signatureAlgorithm, tbsCertList, signature);
}

/** What an index answers, with the time that it takes a closure and an array to hand over a serial number. */
function indexGroup({ list }: RevocationFixture): Group {
  const index = indexRevocationList(parseCertificateRevocationList(list));
  const step = Math.floor(LARGE / LOOKED_UP);
  const listed = Array.from({ length: LOOKED_UP }, (_, i) => serialNumberAt(i * step).slice());
  // The last four octets are the number of the entry: there is none of that number.
  const others = listed.map((_, i) => serialNumberAt(LARGE + i * step).slice());
  const inTurn = (serials: readonly Uint8Array[], ask: (serial: Uint8Array) => unknown): () => unknown => {
    let next = 0;
    return () => ask(serials[next = (next + 1) % LOOKED_UP]!);
  };
  const has = (serial: Uint8Array) => index.has(serial);
  const limit = "100 ns";
  const reach = { node20: 1, node: 1, deno: 1, bun: 1, workerd: 1 };
  return {
    name: "1,000,000 entries, index",
    unit: "ops/s",
    contenders: [
      { name: "look-up of a listed serial number", run: inTurn(listed, has) },
      { name: "look-up of another serial number", run: inTurn(others, has) },
      { name: "its entry read too", run: inTurn(listed, (serial) => index.find(serial)) },
    ],
    comparisons: [
      { name: "look-up of a listed serial number", against: limit, reach },
      { name: "look-up of another serial number", against: limit, reach },
      { name: "its entry read too", against: "look-up of a listed serial number" },
    ],
    limits: { [limit]: 1e-4 },
  };
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
