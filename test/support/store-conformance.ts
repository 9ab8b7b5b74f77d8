/**
 * What every credential store must do, whatever it keeps its entries in: the contract of `core/credentials/store.ts`, and
 * sessions that are shared through it, with everything that can be wrong with an entry. Runs wherever the store does.
 *
 * Time is the store's own, so what ends by itself is waited for; nothing is said about how long that takes.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { sealedSubject } from "../../core/credentials/sealed-session.ts";
import { type SharedSessionsOptions, shareSessions } from "../../core/credentials/shared-sessions.ts";
import type { CredentialStore, Lease } from "../../core/credentials/store.ts";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { createSession, type Session } from "../../core/session/create-session.ts";
import { sleep } from "../../core/session/sleep.ts";
import { ARNS, fakeFetch, identity, success } from "../core/session/fake-service.ts";
import { assert, type Suite } from "./suite.ts";

/** A store under test. */
export interface StoreSubject {
  /** Another user of the same store, as another isolate, process or machine has it; they share nothing else. */
  open(): CredentialStore | Promise<CredentialStore>;
  /** Whether one at a time has the lease, or everybody gets it. */
  readonly leases: "exclusive" | "everybody";
}

/** A case: a sentence, and what it does. */
export interface StoreCase {
  readonly name: string;
  /** Rejects when the store does otherwise. */
  run(subject: StoreSubject): Promise<void>;
}

/** The cases of a store with these leases. */
export function storeCases(leases: StoreSubject["leases"]): readonly StoreCase[] {
  const cases = [...CONTRACT, ...SHARING, ...(leases === "exclusive" ? EXCLUSIVE : SHARED_LEASES)];
  return Object.entries(Object.fromEntries(cases)).map(([name, run]) => ({ name, run }));
}

/** Has so many users ask at once, each on its own; rejects unless one call was made for all of them. */
export async function oneCallFor(subject: StoreSubject, users: number): Promise<void> {
  const fleet = await sharing(subject, users);
  const sessions = await Promise.all(fleet.users.map((user) => user.session()));
  assert.is(fleet.calls(), 1);
  assert.equal(new Set(sessions.map(keyOf)).size, 1);
  assert.equal(fleet.failures, []);
}

/** Adds the cases to a suite, where the store is at hand. */
export function addStoreTests(test: Suite, symbol: string, subject: StoreSubject): void {
  for (const { name, run } of storeCases(subject.leases)) test(`${symbol}: ${name}`, () => run(subject));
}

type Cases = readonly (readonly [name: string, run: (subject: StoreSubject) => Promise<void>])[];

const CONTRACT: Cases = [
  ["get() answers nothing of a name that was never put", async ({ open }) => {
    assert.is(await (await open()).get(newName()), undefined);
  }],
  ["get() answers what another has put, octet by octet", async ({ open }) => {
    const name = newName();
    const entry = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251 ^ i >> 8);
    await (await open()).put(name, entry, inAnHour());
    assert.equal(await (await open()).get(name), entry);
  }],
  ["put() takes the place of what was there, and of nothing else", async ({ open }) => {
    const [name, other] = [newName(), newName()];
    const store = await open();
    await store.put(name, octets(1, 400), inAnHour());
    await store.put(other, octets(2, 400), inAnHour());
    await store.put(name, octets(3, 20), inAnHour());
    assert.equal(await store.get(name), octets(3, 20));
    assert.equal(await store.get(other), octets(2, 400));
  }],
  ["put() of two at once leaves one of them whole", async ({ open }) => {
    const name = newName();
    const [one, two] = [octets(1, 5000), octets(2, 6000)];
    const stores = [await open(), await open()];
    await Promise.all([stores[0]!.put(name, one, inAnHour()), stores[1]!.put(name, two, inAnHour())]);
    const kept = await (await open()).get(name);
    assert.ok(kept !== undefined);
    assert.equal(kept, kept![0] === 1 ? one : two);
  }],
  ["put() of what is over does no harm", async ({ open }) => {
    const name = newName();
    const store = await open();
    await store.put(name, octets(1, 30), Date.now() - 1000);
    await store.get(name);
    await store.put(name, octets(2, 30), inAnHour());
    assert.equal(await store.get(name), octets(2, 30));
  }],
  ["lease() can be given back twice", async ({ open }) => {
    const store = await open();
    const lease = await store.lease(newName(), 10_000);
    await lease!.release();
    await lease!.release();
  }],
];

const SHARED_LEASES: Cases = [
  ["lease() is everybody's, at once", async ({ open }) => {
    const name = newName();
    assert.ok(await (await open()).lease(name, 10_000));
    assert.ok(await (await open()).lease(name, 10_000));
  }],
];

const EXCLUSIVE: Cases = [
  ["lease() is one's, and of one name", async ({ open }) => {
    const name = newName();
    const [one, two] = [await open(), await open()];
    const lease = await one.lease(name, 10_000);
    assert.ok(lease);
    assert.is(await two.lease(name, 10_000), undefined);
    assert.is(await one.lease(name, 10_000), undefined);
    assert.ok(await two.lease(newName(), 10_000));
    await lease!.release();
    assert.ok(await two.lease(name, 10_000));
  }],
  ["lease() of twenty at once is one's", async ({ open }) => {
    const name = newName();
    const stores = await Promise.all(Array.from({ length: 20 }, open));
    const leases = await Promise.all(stores.map((store) => store.lease(name, 10_000)));
    assert.is(leases.filter((lease) => lease !== undefined).length, 1);
  }],
  ["lease() ends by itself, and its late release leaves the next one's alone", async ({ open }) => {
    const name = newName();
    const [one, two] = [await open(), await open()];
    const late = await one.lease(name, 20);
    assert.ok(late);
    const next = await until(() => two.lease(name, 20_000));
    await late!.release();
    assert.is(await one.lease(name, 20_000), undefined);
    await next.release();
    assert.ok(await one.lease(name, 20_000));
  }],
  ["turn() answers the entry, or the lease, or waits for either", async ({ open }) => {
    const [one, two] = [await open(), await open()];
    if (one.turn === undefined || two.turn === undefined) return;
    const name = newName();
    const times = { lifeMs: 20_000, waitMs: 10_000 };
    const first = await one.turn(name, times);
    assert.ok(first !== undefined && "lease" in first);
    assert.is(await two.turn(name, { ...times, waitMs: 1 }), undefined);
    const waiting = two.turn(name, times);
    await one.put(name, octets(1, 100), inAnHour());
    assert.equal(await waiting, { entry: octets(1, 100) });
    assert.equal(await two.turn(name, times), { entry: octets(1, 100) });
    const refusing = two.turn(name, { ...times, refused: octets(1, 100) });
    await (first as { lease: Lease }).lease.release();
    const second = await refusing;
    assert.ok(second !== undefined && "lease" in second, "the lease is the next one's");
    const third = one.turn(name, { ...times, refused: octets(1, 100) });
    await two.put(name, octets(2, 100), inAnHour());
    assert.equal(await third, { entry: octets(2, 100) });
  }],
  ["shareSessions() makes one call for thirty that ask at once", (subject) => oneCallFor(subject, 30)],
  ["shareSessions() has the next one call when a call fails", async (subject) => {
    const fleet = await sharing(subject, 5);
    fleet.fail(1);
    const settled = await Promise.allSettled(fleet.users.map((user) => user.session()));
    assert.is(settled.filter(({ status }) => status === "rejected").length, 1);
    assert.is(fleet.calls(), 2);
  }],
];

const SHARING: Cases = [
  ["shareSessions() takes what another has made", async (subject) => {
    const { users: [one, two], calls } = await sharing(subject, 2);
    const made = await one!.session();
    assert.is(keyOf(await two!.session()), keyOf(made));
    assert.is(calls(), 1);
  }],
  ["shareSessions() of two writers at once leaves what both can read", async (subject) => {
    const { users, calls } = await sharing(subject, 3);
    await Promise.all([users[0]!.session(), users[1]!.session()]);
    const before = calls();
    assert.ok(before <= 2);
    await users[2]!.session();
    assert.is(calls(), before);
  }],
  ["shareSessions() calls again when what is stored has ended", async (subject) => {
    const { users: [one, two], calls, setClock } = await sharing(subject, 2);
    await one!.session();
    setClock(3_600_000);
    await two!.session();
    assert.is(calls(), 2);
    assert.is(keyOf(await one!.session()), "ASIA2");
  }],
  ["shareSessions() replaces the session that its holder does not want", async (subject) => {
    const { users: [one, two], calls } = await sharing(subject, 2);
    const first = await one!.session();
    assert.is(keyOf(await one!.session({ replaced: first })), "ASIA2");
    assert.is(keyOf(await two!.session({ replaced: first })), "ASIA2");
    assert.is(calls(), 2);
  }],
  ["shareSessions() takes nothing that another key has sealed, and puts its own in its place", async (subject) => {
    const { users: [one, two], calls } = await sharing(subject, 2);
    await one!.session({ secret: new Uint8Array(32).fill(9) });
    await one!.session();
    await two!.session();
    assert.is(calls(), 2);
  }],
  ["shareSessions() refuses what was cut off, changed or is no entry, and fetches another", async (subject) => {
    const { users: [one, two], calls, raw, failures } = await sharing(subject, 2);
    await one!.session();
    const good = (await raw.get())!;
    const changed = (at: number) => good.map((octet, i) => i === (at + good.length) % good.length ? octet ^ 1 : octet);
    const head = good.indexOf(0x0a);
    const bad = [
      good.slice(0, 1),
      good.slice(0, head),
      good.slice(0, head + 5),
      good.slice(0, -1),
      changed(0),
      changed(head - 3),
      changed(head + 1),
      changed(head + 20),
      changed(-1),
      octets(0x7b, 300),
      octets(0x0a, 300),
    ];
    for (const [i, entry] of bad.entries()) {
      await raw.put(entry);
      assert.is(keyOf(await one!.session()), `ASIA${i + 2}`, `entry ${i}`);
      assert.is(keyOf(await two!.session()), `ASIA${i + 2}`, `entry ${i}`);
    }
    assert.is(calls(), bad.length + 1);
    assert.equal(failures, []);
  }],
  ["shareSessions() stores nothing that can be read", async (subject) => {
    const { users: [one], raw } = await sharing(subject, 1);
    const { credentials } = await one!.session();
    const text = Array.from((await raw.get())!, (octet) => String.fromCharCode(octet)).join("");
    assert.not.match(text, credentials.secretAccessKey);
    assert.not.match(text, credentials.sessionToken);
    assert.not.match(text, credentials.accessKeyId);
  }],
];

/** Users of one session, each with a store of its own. */
async function sharing(subject: StoreSubject, count: number) {
  let calls = 0;
  let failing = 0;
  let aheadMs = 0;
  const failures: unknown[] = [];
  const now = () => Date.now() + aheadMs;
  // Its own role, and so its own name.
  const options = { ...ARNS, roleArn: `${ARNS.roleArn}-${newName().slice(0, 12)}` };
  const create = async (): Promise<Session> => {
    const accessKeyId = `ASIA${++calls}`;
    await sleep(20);
    if (failing-- > 0) throw new Error("the service refused");
    const { fetch } = fakeFetch(success(new Date(now() + 3_600_000).toISOString()));
    const random = (length: number) => new Uint8Array(length);
    const session = await createSession({ identity: identity(), ...options }, { fetch, now, sleep, random });
    return { ...session, credentials: { ...session.credentials, accessKeyId } };
  };
  const users = await Promise.all(Array.from({ length: count }, async () => {
    const store = await subject.open();
    const session = (
      { replaced, ...more }: Partial<SharedSessionsOptions> & { readonly replaced?: Session } = {},
    ): Promise<Session> =>
      shareSessions({
        store,
        secret: new Uint8Array(32).fill(3),
        crypto: webCryptoProvider(),
        sha256: portableSha256,
        now,
        sleep,
        onFailure: (error) => void failures.push(error),
        ...more,
      }).session({ identity: identity(), options, create, replaced });
    return { session };
  }));
  const { name } = sealedSubject(identity(), options, portableSha256);
  return {
    users,
    failures,
    calls: () => calls,
    fail: (times: number) => void (failing = times),
    setClock: (milliseconds: number) => void (aheadMs = milliseconds),
    raw: {
      get: async () => await (await subject.open()).get(name),
      put: async (entry: Bytes) => await (await subject.open()).put(name, entry, inAnHour()),
    },
  };
}

const keyOf = ({ credentials }: Session): string => credentials.accessKeyId;
const octets = (value: number, length: number): Bytes => new Uint8Array(length).fill(value);
const inAnHour = (): number => Date.now() + 3_600_000;
const newName = (): string => encodeHex(crypto.getRandomValues(new Uint8Array(32)));

/** Asks again until there is an answer; the test's own limit ends it. */
async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(10);
  }
}
