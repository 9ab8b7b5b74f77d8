/**
 * Topic `session`: CreateSession over loopback, from the request laid out to the credentials parsed, with a P-256 key.
 *
 * The service is another process, which verifies the first request and answers every later one with the same octets. The
 * limit is the same client of the runtime, which sends the octets of one such request and reads the answer. No library of
 * others makes this call: the AWS SDKs leave it to the helper.
 *
 * @module
 */

import type { Fetch, FetchInit } from "../core/ports.ts";
import { createSession, sleep } from "../core/session/mod.ts";
import { identityFromMaterial } from "../core/sign/identity-material.ts";
import type { Contender, Group } from "./harness.ts";
import type { Platform } from "./platform/platform.ts";

/** Where the service is, and who asks. Secret: `privateKey`, of a benchmark. */
export interface SessionTarget {
  readonly endpoint: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  readonly arns: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
}

const SESSION = "session";
const EXCHANGE = "bare exchange";
const AT_ONCE = [1, 8, 64, 512];

/** Rounds of what takes up to half a second. */
const FEW_ROUNDS = 21;

/** Groups of this topic. */
export async function sessionGroups(platform: Platform, _: unknown, target: SessionTarget): Promise<Group[]> {
  const { session, exchange } = await contendersOf(platform, target);
  const contenders = [{ name: SESSION, run: session }, { name: EXCHANGE, run: exchange }];
  const comparisons = [{ name: SESSION, against: EXCHANGE }];
  const groups: Group[] = [
    { name: "one after the other", unit: "ops/s", contenders, comparisons },
    atOnce("sessions at once", session),
    atOnce("bare exchanges at once", exchange),
  ];
  const { processorMs } = platform;
  if (processorMs !== undefined) {
    groups.push({
      name: "processor time of one",
      unit: "ms",
      contenders: contenders.map((contender) => ({ ...contender, spent: processorMs })),
      comparisons,
    });
  }
  return groups;
}

/** What a session allocates: octets an operation. */
export async function sessionAllocationGroups(
  platform: Platform,
  _: unknown,
  target: SessionTarget,
): Promise<Group[]> {
  const { session, exchange } = await contendersOf(platform, target);
  return [{
    name: "allocated by one",
    unit: "B",
    contenders: [{ name: SESSION, run: session }, { name: EXCHANGE, run: exchange }],
    comparisons: [{ name: SESSION, against: EXCHANGE }],
  }];
}

async function contendersOf(
  platform: Platform,
  { endpoint, certificate, privateKey, arns }: SessionTarget,
): Promise<{ readonly session: Contender["run"]; readonly exchange: Contender["run"] }> {
  const { crypto, sha256 } = platform;
  const send: Fetch = platform.fetch ?? ((url, init) => fetch(url, init));
  const identity = await identityFromMaterial({ certificate, privateKey }, crypto).identity();
  const sessionBy = (by: Fetch) =>
    createSession({ identity, endpoint, ...arns }, {
      fetch: by,
      now: Date.now,
      sleep,
      random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
      sha256,
    });
  let request: readonly [url: string, init: FetchInit] | undefined;
  await sessionBy((url, { signal: _, ...init }) => {
    request = [url, init];
    return send(url, init);
  });
  const [url, init] = request!;
  return {
    session: () => sessionBy(send),
    exchange: async () => await (await send(url, init)).text(),
  };
}

function atOnce(name: string, run: Contender["run"]): Group {
  const contenders = AT_ONCE.map((count): Contender => ({
    name: `${count} at once`,
    run: () => Promise.all(Array.from({ length: count }, run)),
  }));
  const [least, ...more] = contenders;
  return {
    name,
    unit: "ms",
    contenders,
    comparisons: more.map((contender) => ({ name: contender.name, against: least!.name })),
    growth: { parameter: "number at once", sizes: Object.fromEntries(AT_ONCE.map((n) => [`${n} at once`, n])) },
    rounds: FEW_ROUNDS,
  };
}
