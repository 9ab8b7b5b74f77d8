import {
  createCredentialProvider,
  type CredentialProviderOptions,
} from "../../../core/credentials/credential-provider.ts";
import type { CredentialEvent } from "../../../core/credentials/session-cache.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { ARNS, fakeFetch, identity, NOON, ports, refusal, SECRET, success, TOKEN } from "../session/fake-service.ts";
import { idle, VirtualClock } from "../session/virtual-clock.ts";

const test = suite("core/credentials/credential-provider");

test("createCredentialProvider() answers what the AWS SDK wants, in a new object each time", async () => {
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(success());
  const provider = createCredentialProvider({ source: identity(), ...ARNS }, ports(clock, fetch));
  const first = await clock.run(provider());
  assert.equal(first, {
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: SECRET,
    sessionToken: TOKEN,
    expiration: new Date(NOON + 3_600_000),
    accountId: "123456789012",
  });
  first.expiration.setTime(0);
  assert.is.not(await provider({}), first);
  assert.is((await provider()).expiration.getTime(), NOON + 3_600_000);
  assert.is(sent.length, 1);
});

test("createCredentialProvider() tells the end by our clock, with which SDKs compare it", async () => {
  for (const hours of [1, -1]) {
    const clock = new VirtualClock(NOON);
    const theirs = NOON + hours * 3_600_000;
    const date = { date: new Date(theirs).toUTCString() };
    const denied = refusal(403, "AccessDeniedException", "Invalid signature", date);
    const { fetch } = fakeFetch(denied, success(new Date(theirs + 3_600_000).toISOString()));
    const provider = createCredentialProvider({ source: identity(), ...ARNS }, ports(clock, fetch));
    assert.is((await clock.run(provider())).expiration.getTime(), NOON + 3_600_000);
  }
});

test("createCredentialProvider() asks the source for the identity of every session", async () => {
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(success(), success("2026-06-01T15:00:00Z"));
  const serials = ["1", "2"];
  const source = {
    identity: () => {
      const current = identity();
      return Promise.resolve({
        ...current,
        certificate: { ...current.certificate, serialNumberDecimal: serials.shift()! },
      });
    },
  };
  const provider = createCredentialProvider({ source, ...ARNS }, ports(clock, fetch));
  await clock.run(provider());
  clock.time = NOON + 3_600_000;
  await clock.run(provider());
  assert.equal(sent.map(({ init }) => / Credential=(\d+)\//.exec(init.headers["authorization"]!)![1]), ["1", "2"]);
});

test("createCredentialProvider() rejects with the failure of the source, and pauses before it asks again", async () => {
  const clock = new VirtualClock(NOON);
  let asked = 0;
  const source = {
    identity: () => {
      asked++;
      throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    },
  };
  const provider = createCredentialProvider({ source, ...ARNS }, ports(clock, fakeFetch(success()).fetch));
  await assertRejects(provider(), "ENOENT");
  await assertRejects(provider(), "ENOENT");
  assert.is(asked, 1);
});

test("createCredentialProvider() tells failures in the background and keeps serving", async () => {
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(success(), refusal(403, "AccessDeniedException", "Certificate revoked"));
  let told: (event: CredentialEvent) => void = () => {};
  const options = { source: identity(), ...ARNS, onEvent: (event: CredentialEvent) => told(event) };
  const provider = createCredentialProvider(options, ports(clock, fetch));
  await clock.run(provider());
  clock.time = NOON + 56 * 60_000;
  const failed = new Promise<CredentialEvent>((resolve) => told = resolve);
  assert.is((await provider()).accessKeyId, "ASIAEXAMPLE");
  const failure = await failed;
  assert.is(sent.length, 2);
  assert.ok(failure.type === "refresh-failed" && failure.serving);
  assert.is(failure.type === "refresh-failed" && (failure.error as { code: string }).code, "ERR_SERVICE_ACCESS_DENIED");
});

test("createCredentialProvider() refuses calls once its signal has aborted", async () => {
  const clock = new VirtualClock(NOON);
  const controller = new AbortController();
  const { fetch } = fakeFetch("hang");
  const signal = controller.signal;
  const provider = createCredentialProvider({ source: identity(), ...ARNS }, { ...ports(clock, fetch), signal });
  const reason = Object.assign(new Error("shutting down"), { code: "STOP" });
  const waiting = [provider(), provider()].map((each) => assertRejects(each, "STOP"));
  await idle();
  controller.abort(reason);
  await Promise.all(waiting);
  await assertRejects(provider(), "STOP");
  assert.is(clock.pending, 0);
});

test("createCredentialProvider() throws a TypeError for a missing source and for unknown options", async () => {
  const clock = new VirtualClock(NOON);
  const { fetch } = fakeFetch(success());
  const provider = (options: object) =>
    createCredentialProvider(options as CredentialProviderOptions, ports(clock, fetch));
  assert.throws(() => provider(ARNS), /"source" must be an identity or its source/);
  assert.throws(() => provider({ source: identity(), ...ARNS, callers: "request" }), /"callers" must be "process" or/);
  try {
    await provider({ source: identity(), ...ARNS, profile: "x" })();
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'createSession() has no option "profile"');
  }
});

test("createCredentialProvider() hands the refresh to the caller's waitUntil, or to that of all", async () => {
  for (const own of [true, false]) {
    const clock = new VirtualClock(NOON);
    const { fetch, sent } = fakeFetch(success(), success("2026-06-01T15:00:00Z"));
    const work: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>) => void work.push(promise);
    const options = { source: identity(), ...ARNS, callers: "requests" as const };
    const provider = createCredentialProvider(own ? options : { ...options, waitUntil }, ports(clock, fetch));
    const ask = () => provider(own ? { waitUntil } : undefined);
    await clock.run(ask());
    clock.time = NOON + 56 * 60_000;
    assert.is((await ask()).expiration.getTime(), NOON + 3_600_000);
    assert.is(work.length, 1);
    await clock.run(work[0]!);
    assert.is(sent.length, 2);
    assert.is((await ask()).expiration.getTime(), NOON + 3 * 3_600_000);
  }
});

test.run();
