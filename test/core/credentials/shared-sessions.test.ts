import { createCredentialProvider } from "../../../core/credentials/credential-provider.ts";
import { sealedSubject } from "../../../core/credentials/sealed-session.ts";
import { sealingKeyOfSecret } from "../../../core/credentials/sealing-key.ts";
import type { CredentialEvent } from "../../../core/credentials/session-cache.ts";
import {
  CALL_LEASE_MS,
  MAX_CLOCK_DIFFERENCE_MS,
  MAX_WAIT_MS,
  MIN_LIFE_SECONDS,
  type SharedSessions,
  type SharedSessionsOptions,
  shareSessions,
  STORE_LIMIT_MS,
} from "../../../core/credentials/shared-sessions.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { createSession, type Session } from "../../../core/session/create-session.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testRandom } from "../../support/test-authority.ts";
import { ARNS, fakeFetch, identity, NOON, ports, refusal, success } from "../session/fake-service.ts";
import { VirtualClock } from "../session/virtual-clock.ts";
import { memoryStore, waitingStore } from "./memory-store.ts";

const test = suite("core/credentials/shared-sessions");

const HOUR = 3_600_000;
const SECRET = new Uint8Array(32).fill(3);
const crypto = portableProvider({ random: testRandom("shared sessions") });

/** Answers of the service, told apart by their access key; sessions of an hour from when they are made. */
function service(clock: VirtualClock, takesMs = 0) {
  let calls = 0;
  const create = async (): Promise<Session> => {
    calls++;
    const accessKeyId = `ASIA${calls}`;
    if (takesMs > 0) await clock.sleep(takesMs);
    const expiration = new Date(clock.time + HOUR).toISOString();
    const { fetch } = fakeFetch(success(expiration));
    const session = await createSession({ identity: identity(), ...ARNS }, ports(clock, fetch));
    return { ...session, credentials: { ...session.credentials, accessKeyId } };
  };
  return { create, calls: () => calls };
}

function sharing(clock: VirtualClock, store: CredentialStore, more: Partial<SharedSessionsOptions> = {}) {
  const failures: unknown[] = [];
  const shared = shareSessions({
    store,
    secret: SECRET,
    crypto,
    sha256: portableSha256,
    now: clock.now,
    sleep: clock.sleep,
    onFailure: (error) => void failures.push(error),
    ...more,
  });
  return { shared, failures };
}

const ask = (shared: SharedSessions, create: () => Promise<Session>, replaced?: Session) =>
  shared.session({ identity: identity(), options: ARNS, create, replaced });

test("shareSessions() makes one call for fifty that ask at once, each on its own", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock, 400);
  const sessions = await clock.run(
    Promise.all(Array.from({ length: 50 }, () => ask(sharing(clock, store).shared, create))),
  );
  assert.is(calls(), 1);
  assert.equal(new Set(sessions.map(({ credentials }) => credentials.accessKeyId)), new Set(["ASIA1"]));
  assert.is(sessions.filter(({ attempts }) => attempts === 0).length, 49);
});

test("shareSessions() asks a store that can wait once, and makes one call for fifty", async () => {
  const clock = new VirtualClock(NOON);
  const store = waitingStore(memoryStore(clock.now), clock);
  let turns = 0;
  const counted: CredentialStore = {
    ...store,
    get: () => {
      throw new Error("a turn looks as well");
    },
    turn: (...args) => (turns++, store.turn(...args)),
  };
  const { create, calls } = service(clock, 400);
  const sessions = await clock.run(
    Promise.all(Array.from({ length: 50 }, () => ask(sharing(clock, counted).shared, create))),
  );
  assert.equal([calls(), turns], [1, 50]);
  assert.equal(new Set(sessions.map(({ credentials }) => credentials.accessKeyId)), new Set(["ASIA1"]));
});

test("shareSessions() refuses what is of no use to a store that can wait, and replaces it", async () => {
  const clock = new VirtualClock(NOON);
  const store = waitingStore(memoryStore(clock.now), clock);
  const { create, calls } = service(clock);
  const { shared, failures } = sharing(clock, store);
  const first = await clock.run(ask(shared, create));
  assert.is((await clock.run(ask(shared, create, first))).credentials.accessKeyId, "ASIA2");
  const [[name, entry]] = [...store.entries] as [[string, Uint8Array<ArrayBuffer>]];
  store.entries.set(name, entry.slice(0, -1));
  assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA3");
  clock.time += HOUR;
  assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA4");
  assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA4");
  assert.is(calls(), 4);
  assert.equal(failures, []);
});

test("shareSessions() waits no longer for a store that can wait and has nothing but what is refused", async () => {
  const clock = new VirtualClock(NOON);
  const { create, calls } = service(clock);
  const entry = new Uint8Array(100);
  const { shared } = sharing(clock, { ...memoryStore(clock.now), turn: () => ({ entry }) });
  assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA1");
  assert.is(calls(), 1);
  assert.ok(clock.time < NOON + MAX_WAIT_MS);
});

test("shareSessions() takes a stored session as long as it lives for a quarter of an hour", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock);
  const { shared } = sharing(clock, store);
  await clock.run(ask(shared, create));
  clock.time = NOON + HOUR - MIN_LIFE_SECONDS * 1000;
  assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA1");
  clock.time++;
  assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA2");
  assert.is(calls(), 2);
});

test("shareSessions() takes a stored session for half of its life when that is less", async () => {
  const clock = new VirtualClock(NOON);
  const { shared } = sharing(clock, memoryStore(clock.now));
  const { fetch, sent } = fakeFetch(success("2026-06-01T12:20:00Z"), success());
  const create = () => createSession({ identity: identity(), ...ARNS }, ports(clock, fetch));
  await clock.run(ask(shared, create));
  clock.time = NOON + 600_000;
  await clock.run(ask(shared, create));
  assert.is(sent.length, 1);
  clock.time++;
  await clock.run(ask(shared, create));
  assert.is(sent.length, 2);
});

test("shareSessions() never hands out a stored session with less than the asked-for life", async () => {
  for (const seconds of [0, 1, 60, 1800, 3599, 3600]) {
    const clock = new VirtualClock(NOON);
    const store = memoryStore(clock.now);
    const { create } = service(clock);
    const { shared } = sharing(clock, store, { minimumLifeSeconds: seconds });
    await clock.run(ask(shared, create));
    clock.time = NOON + HOUR - seconds * 1000;
    const last = seconds === 0 ? "ASIA2" : "ASIA1";
    assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, last, `${seconds} s`);
  }
});

test("shareSessions() takes nothing of a clock that was set since", async () => {
  for (const set of [-MAX_CLOCK_DIFFERENCE_MS - 1, -HOUR, HOUR, 24 * HOUR]) {
    const clock = new VirtualClock(NOON);
    const store = memoryStore(clock.now);
    const { create, calls } = service(clock);
    const { shared } = sharing(clock, store);
    await clock.run(ask(shared, create));
    clock.time = NOON + set;
    await clock.run(ask(shared, create));
    assert.is(calls(), 2, `${set} ms`);
  }
});

test("shareSessions() takes what another made whose clock is a little ahead", async () => {
  for (const behind of [1, 1000, MAX_CLOCK_DIFFERENCE_MS]) {
    const clock = new VirtualClock(NOON);
    const { create, calls } = service(clock);
    const { shared } = sharing(clock, memoryStore(clock.now));
    await clock.run(ask(shared, create));
    clock.time = NOON - behind;
    await clock.run(ask(shared, create));
    assert.is(calls(), 1, `${behind} ms`);
  }
});

test("shareSessions() counts life by our clock when the service's is another", async () => {
  const clock = new VirtualClock(NOON);
  const theirs = NOON + 2 * HOUR;
  const denied = refusal(403, "AccessDeniedException", "Invalid signature", { date: new Date(theirs).toUTCString() });
  const { fetch, sent } = fakeFetch(denied, success(new Date(theirs + HOUR).toISOString()), denied);
  const create = () => createSession({ identity: identity(), ...ARNS }, ports(clock, fetch));
  const { shared } = sharing(clock, memoryStore(clock.now));
  await clock.run(ask(shared, create));
  clock.time = NOON + HOUR / 2;
  assert.is((await clock.run(ask(shared, create))).clockSkewMs, 2 * HOUR);
  assert.is(sent.length, 2);
  clock.time = NOON + HOUR;
  await assertRejects(clock.run(ask(shared, create)), "ERR_SERVICE_ACCESS_DENIED");
});

test("shareSessions() does not hand out the session that its holder wants to replace", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create } = service(clock);
  const { shared } = sharing(clock, store);
  const first = await clock.run(ask(shared, create));
  const second = await clock.run(ask(shared, create, first));
  assert.is(second.credentials.accessKeyId, "ASIA2");
  assert.is((await clock.run(ask(shared, create, first))).credentials.accessKeyId, "ASIA2");
});

test("shareSessions() calls again when the one who called has died", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  // Its lease is never given back.
  assert.ok(await store.lease(sealedSubject(identity(), ARNS, portableSha256).name, CALL_LEASE_MS));
  const { create, calls } = service(clock, 100);
  const sessions = await clock.run(
    Promise.all(Array.from({ length: 20 }, () => ask(sharing(clock, store).shared, create))),
  );
  assert.is(calls(), 1);
  assert.is(sessions.length, 20);
  assert.ok(clock.time >= NOON + CALL_LEASE_MS && clock.time < NOON + CALL_LEASE_MS + 1000);
});

test("shareSessions() lets the next one call when a call fails", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock, 100);
  const fails = async () => {
    await clock.sleep(100);
    throw Object.assign(new Error("denied"), { code: "ERR_SERVICE_ACCESS_DENIED" });
  };
  const first = ask(sharing(clock, store).shared, fails);
  const others = [1, 2, 3].map(() => ask(sharing(clock, store).shared, create));
  const [failed, ...sessions] = await clock.run(Promise.allSettled([first, ...others]));
  assert.is(failed!.status, "rejected");
  assert.ok(sessions.every(({ status }) => status === "fulfilled"));
  assert.is(calls(), 1);
});

test("shareSessions() waits for others no longer than its limit", async () => {
  const clock = new VirtualClock(NOON);
  const { create, calls } = service(clock);
  const { shared } = sharing(clock, { ...memoryStore(clock.now), lease: () => undefined });
  await clock.run(ask(shared, create));
  assert.is(calls(), 1);
  assert.ok(clock.time >= NOON + MAX_WAIT_MS && clock.time < NOON + MAX_WAIT_MS + 1000);
});

const broken = Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
const FAULTS: Readonly<Record<string, () => never | Promise<never>>> = {
  throws: () => {
    throw broken;
  },
  rejects: () => Promise.reject(broken),
  "never answers": () => new Promise(() => {}),
};

for (const [fault, fail] of Object.entries(FAULTS)) {
  for (const method of ["get", "put", "lease", "turn"] as const) {
    test(`shareSessions() makes its own call when ${method} of the store ${fault}`, async () => {
      const clock = new VirtualClock(NOON);
      const { create, calls } = service(clock);
      const { shared, failures } = sharing(clock, { ...memoryStore(clock.now), [method]: fail });
      assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA1");
      assert.is(calls(), 1);
      assert.is(failures.length, 1);
      assert.is((failures[0] as { code: string }).code, fault === "never answers" ? "ERR_STORE_TIMEOUT" : "ENOSPC");
      assert.ok(clock.time <= NOON + STORE_LIMIT_MS, "one failure is enough");
    });
  }

  test(`shareSessions() gets its session when releasing the lease ${fault}`, async () => {
    const clock = new VirtualClock(NOON);
    const { create } = service(clock);
    const { shared, failures } = sharing(clock, { ...memoryStore(clock.now), lease: () => ({ release: fail }) });
    assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA1");
    assert.is(failures.length, 1);
  });
}

test("shareSessions() takes what is damaged for nothing, and replaces it", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock);
  const { shared, failures } = sharing(clock, store);
  await clock.run(ask(shared, create));
  const [[name, entry]] = [...store.entries] as [[string, Uint8Array<ArrayBuffer>]];
  store.entries.set(name, entry.slice(0, -1));
  await clock.run(ask(shared, create));
  await clock.run(ask(shared, create));
  assert.is(calls(), 2);
  assert.equal(failures, []);
});

test("shareSessions() takes nothing that another secret sealed", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock);
  await clock.run(ask(sharing(clock, store).shared, create));
  await clock.run(ask(sharing(clock, store, { secret: new Uint8Array(32) }).shared, create));
  assert.is(calls(), 2);
});

test("shareSessions() seals with the signer's own key when there is no secret", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock);
  const own = identity();
  const sealingKey = () => sealingKeyOfSecret(SECRET, portableSha256);
  const request = { identity: { ...own, signer: { ...own.signer, sealingKey } }, options: ARNS, create };
  const { shared, failures } = sharing(clock, store, { secret: undefined });
  await clock.run(shared.session(request));
  await clock.run(shared.session(request));
  await clock.run(ask(sharing(clock, store).shared, create));
  assert.is(calls(), 1);
  assert.equal(failures, []);
});

test("shareSessions() shares nothing of an identity that has no key to seal with, and says so", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create } = service(clock);
  const { shared, failures } = sharing(clock, store, { secret: undefined });
  await clock.run(ask(shared, create));
  assert.is(store.entries.size, 0);
  assert.equal(failures.map((error) => (error as { code: string }).code), ["ERR_STORE_KEY"]);
});

test("shareSessions() has a key proven before a call, and not for what is stored", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock);
  const { shared } = sharing(clock, store);
  const own = identity();
  const bad = Object.assign(new Error("not the certificate's"), { code: "ERR_CRYPTO_INVALID_KEY" });
  const doubtful = { ...own, signer: { ...own.signer, prove: () => Promise.reject(bad) } };
  const request = { identity: doubtful, options: ARNS, create };
  await assertRejects(clock.run(shared.session(request)), "ERR_CRYPTO_INVALID_KEY");
  assert.is(calls(), 0);
  await clock.run(ask(shared, create));
  assert.is((await clock.run(shared.session(request))).credentials.accessKeyId, "ASIA1");
});

test("shareSessions() survives a listener that throws or rejects", async () => {
  for (const onFailure of [() => Promise.reject(broken), FAULTS["throws"]!]) {
    const clock = new VirtualClock(NOON);
    const { create } = service(clock);
    const { shared } = sharing(clock, { ...memoryStore(clock.now), get: FAULTS["throws"]! }, { onFailure });
    assert.is((await clock.run(ask(shared, create))).credentials.accessKeyId, "ASIA1");
  }
});

test("shareSessions() ends its waiting with the caller's signal", async () => {
  const clock = new VirtualClock(NOON);
  const { create, calls } = service(clock);
  const { shared } = sharing(clock, { ...memoryStore(clock.now), lease: () => undefined });
  const controller = new AbortController();
  const waiting = shared.session({ identity: identity(), options: ARNS, create, signal: controller.signal });
  controller.abort(Object.assign(new Error("over"), { code: "OVER" }));
  await assertRejects(clock.run(waiting), "OVER");
  assert.is(calls(), 0);
});

test("shareSessions() refuses options that do not exist, and lives that no session has", () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  assert.throws(() => sharing(clock, store, { minimumLife: 1 } as never), /no option "minimumLife"/);
  for (const minimumLifeSeconds of [-1, 43_201, NaN]) {
    assert.throws(() => sharing(clock, store, { minimumLifeSeconds }), /"minimumLifeSeconds"/);
  }
});

test("createCredentialProvider() shares sessions, and refreshes with one that is not its own", async () => {
  const clock = new VirtualClock(NOON);
  const store = memoryStore(clock.now);
  const { create, calls } = service(clock);
  const events: CredentialEvent[] = [];
  const provider = () => {
    const { shared } = sharing(clock, store);
    return createCredentialProvider({
      source: identity(),
      ...ARNS,
      sharing: { session: (request) => shared.session({ ...request, create }) },
      onEvent: (event) => void events.push(event),
    }, ports(clock, fakeFetch().fetch));
  };
  const [one, two] = [provider(), provider()];
  assert.is((await clock.run(one())).accessKeyId, "ASIA1");
  assert.is((await clock.run(two())).accessKeyId, "ASIA1");
  assert.equal(events.map((event) => event.type === "refreshed" && event.attempts), [1, 0]);
  // The last minute: each waits for a new session, and the second gets that of the first.
  clock.time = NOON + HOUR - 30_000;
  assert.is((await clock.run(one())).accessKeyId, "ASIA2");
  assert.is((await clock.run(two())).accessKeyId, "ASIA2");
  assert.is(calls(), 2);
});

test("createCredentialProvider() makes a call when forced, whatever is stored", async () => {
  const clock = new VirtualClock(NOON);
  const { create } = service(clock);
  const answers = [await clock.run(create()), await clock.run(create())];
  const { shared } = sharing(clock, memoryStore(clock.now));
  const provider = createCredentialProvider({
    source: identity(),
    ...ARNS,
    sharing: { session: (request) => shared.session({ ...request, create: () => Promise.resolve(answers.shift()!) }) },
  }, ports(clock, fakeFetch(success()).fetch));
  assert.is((await clock.run(provider())).accessKeyId, "ASIA1");
  assert.is((await clock.run(provider({ forceRefresh: true }))).accessKeyId, "ASIA2");
});

test.run();
