// runtimes: node20 node deno bun workerd
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { endpointsBench } from "../../support/credential-endpoints.ts";
import { NOON } from "../../core/session/fake-service.ts";
import { idle } from "../../core/session/virtual-clock.ts";

const test = suite("runtimes/endpoints/role-credentials");

const MINUTE = 60_000;

test("RoleCredentials.keepFresh() replaces the session before its end, though nobody asks, with one call each time", async () => {
  const { roles, clock, calls } = endpointsBench();
  const stop = new AbortController();
  const kept = roles[0]!.keepFresh(stop.signal);
  await clock.run(clock.sleep(5 * 60 * MINUTE));
  assert.is(calls.length, 6);
  let before = 0;
  for (const call of calls.slice(1)) {
    assert.ok(call - before >= 49 * MINUTE && call - before <= 56 * MINUTE, `${call - before}`);
    before = call;
  }
  stop.abort();
  await clock.run(kept);
});

test("RoleCredentials.keepFresh() keeps up with sessions of a minute", async () => {
  const bench = endpointsBench();
  const { roles, clock, calls } = bench;
  bench.plan = 60;
  const stop = new AbortController();
  const kept = roles[0]!.keepFresh(stop.signal);
  await idle();
  for (let second = 0; second < 600; second++) {
    await clock.run(clock.sleep(1000));
    assert.ok(roles[0]!.current !== undefined, `second ${second}`);
  }
  assert.ok(calls.length > 10 && calls.length < 25, `${calls.length} calls`);
  stop.abort();
  await clock.run(kept);
});

test("RoleCredentials serves the last good credentials while they live, then errors, and recovers after an hour of failure", async () => {
  for (const trouble of ["unreachable", "denied"] as const) {
    const bench = endpointsBench();
    const { roles, clock, calls, ask } = bench;
    const stop = new AbortController();
    const kept = roles[0]!.keepFresh(stop.signal);
    await clock.run(clock.sleep(45 * MINUTE));
    bench.plan = trouble;
    const at = async (minute: number) => {
      await clock.run(clock.sleep(NOON + minute * MINUTE - clock.time));
      return await ask("GET", "/v1/credentials", bench.authorized());
    };
    assert.is((await at(59)).status, 200);
    assert.match((await at(59.9)).body, '"Expiration":"2026-06-01T13:00:00Z"');
    for (const minute of [60, 61, 75, 104]) {
      const { status, body } = await at(minute);
      assert.is(status, 503, `minute ${minute}`);
      const { Code, Message } = JSON.parse(body);
      assert.is(Code, trouble === "denied" ? "AccessDeniedException" : "ERR_SESSION_NETWORK");
      assert.match(Message, trouble === "denied" ? "Untrusted certificate" : "nobody is there");
      assert.not.match(body, /Expiration|AccessKeyId/);
      assert.is((await ask("GET", "/healthz")).status, 503);
    }
    // Half a second at first, then up to a minute: never a hot loop.
    const failed = calls.filter((call) => call > 45 * MINUTE);
    assert.ok(failed.length > 45 && failed.length < 150, `${failed.length} calls`);
    bench.plan = 3600;
    assert.is((await at(107)).status, 200);
    assert.is((await ask("GET", "/healthz")).status, 200);
    stop.abort();
    await clock.run(kept);
  }
});

test("RoleCredentials.obtain() makes one call for all who wait", async () => {
  const { roles, clock, calls } = endpointsBench();
  const served = await clock.run(Promise.all(Array.from({ length: 100 }, () => roles[0]!.obtain())));
  assert.is(new Set(served).size, 1);
  assert.is(calls.length, 1);
});

test("RoleCredentials.obtain() does not wait for a service that hangs", async () => {
  const bench = endpointsBench();
  bench.plan = "hang";
  const before = bench.clock.time;
  await assertRejects(bench.clock.run(bench.roles[0]!.obtain()), "ERR_CREDENTIALS_UNAVAILABLE");
  assert.is(bench.clock.time - before, 5000);
  const { status, body } = await bench.ask("GET", "/v1/credentials", bench.authorized());
  assert.is(status, 503);
  assert.is(JSON.parse(body).Code, "ERR_CREDENTIALS_UNAVAILABLE");
});

test("RoleCredentials serves at once what lives, though its replacement hangs", async () => {
  const bench = endpointsBench();
  await bench.clock.run(bench.roles[0]!.look());
  bench.plan = "hang";
  const stop = new AbortController();
  const kept = bench.roles[0]!.keepFresh(stop.signal);
  for (const minute of [51, 56, 59.5]) {
    await bench.clock.run(bench.clock.sleep(NOON + minute * MINUTE - bench.clock.time));
    const before = bench.clock.time;
    assert.is((await bench.ask("GET", "/v1/credentials", bench.authorized())).status, 200);
    assert.is(bench.clock.time, before);
  }
  stop.abort();
  await bench.clock.run(kept);
});

test.run();
