// runtimes: node20 node deno bun
import { SessionPool } from "../../../hsm-bridge/pkcs11/session-pool.ts";
import { openModule } from "../../../hsm-bridge/pkcs11/module.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/session-pool");

async function poolOf(maxSessions?: number) {
  const fake = new FakeModule();
  const cryptoki = await openModule(fake.path, { foreign: fake });
  return { fake, cryptoki, pool: new SessionPool(cryptoki, fake.slots[0]!, maxSessions) };
}

test("SessionPool.use() opens as many sessions as there is work at once, up to the limit, and keeps them", async () => {
  const { fake, cryptoki, pool } = await poolOf(3);
  let atWork = 0, most = 0;
  const seen = new Set<bigint>();
  await Promise.all(Array.from({ length: 20 }, () =>
    pool.use(async (session) => {
      seen.add(session);
      most = Math.max(most, ++atWork);
      await cryptoki.getSessionInfo(session);
      atWork--;
    })));
  assert.is(most, 3);
  assert.is(seen.size, 3);
  assert.is(pool.size, 3);
  assert.equal(fake.violations, []);
  await pool.close();
  assert.is(fake.sessions.size, 0);
  await cryptoki.close();
});

test("SessionPool.use() closes the session of work that failed, and lets the next one open its own", async () => {
  const { fake, cryptoki, pool } = await poolOf(1);
  const failing = pool.use(async () => {
    throw new TypeError("failed");
  });
  const next = pool.use(async (session) => session);
  let caught: unknown;
  await failing.catch((error) => caught = error);
  assert.instance(caught, TypeError);
  assert.ok(fake.sessions.has(await next));
  assert.is(fake.sessions.size, 1);
  await pool.close();
  await cryptoki.close();
});

test("SessionPool.use() gives its place back when a session cannot be opened", async () => {
  const { fake, cryptoki, pool } = await poolOf(1);
  fake.script("C_OpenSession", 0xb1);
  const all = [1, 2, 3].map(() => assertRejects(pool.use(async () => undefined), "ERR_HSM_RETURN_VALUE"));
  for (const error of await Promise.all(all)) assert.is(error.returnValueName, "CKR_SESSION_COUNT");
  fake.unscript("C_OpenSession");
  await pool.use(async () => undefined);
  await pool.close();
  await cryptoki.close();
});

test("SessionPool.close() leaves work at rest until it is done", async () => {
  const { fake, cryptoki, pool } = await poolOf();
  await pool.use(async (session) => {
    await pool.close();
    assert.ok(fake.sessions.has(session));
  });
  assert.is(fake.sessions.size, 0);
  await cryptoki.close();
});

test("SessionPool refuses a limit that is none", async () => {
  const { cryptoki } = await poolOf();
  for (const limit of [0, -1, 1.5, NaN]) assert.throws(() => new SessionPool(cryptoki, 0n, limit), /maxSessions/);
  await cryptoki.close();
});

test("SessionPool.use() says why work failed, also when its session cannot be closed", async () => {
  const { fake, cryptoki, pool } = await poolOf();
  fake.script("C_CloseSession", 0x5);
  let caught: unknown;
  await pool.use(async () => {
    throw new TypeError("why");
  }).catch((error) => caught = error);
  assert.match((caught as Error).message, /why/);
  assert.is(pool.size, 0);
  fake.unscript("C_CloseSession");
  await cryptoki.close();
});

test("SessionPool.close() closes every session, also when one cannot be closed", async () => {
  const { fake, cryptoki, pool } = await poolOf();
  const arrived: (() => void)[] = [];
  await Promise.all([1, 2, 3].map(() =>
    pool.use(async () => {
      await new Promise<void>((resolve) => arrived.push(resolve) === 3 && arrived.forEach((go) => go()));
    })
  ));
  assert.is(fake.sessions.size, 3);
  let failures = 1;
  fake.script("C_CloseSession", () => failures-- > 0 ? 0x5 : undefined);
  await assertRejects(pool.close(), "ERR_HSM_RETURN_VALUE");
  assert.is(fake.calls.filter((name) => name === "C_CloseSession").length, 3);
  assert.is(pool.size, 0);
  await cryptoki.close();
});

test("SessionPool.use() keeps to its limit when work fails and more comes at the same moment", async () => {
  const { fake, cryptoki, pool } = await poolOf(1);
  let most = 0;
  const work = async (session: bigint): Promise<void> => {
    most = Math.max(most, fake.sessions.size);
    await cryptoki.getSessionInfo(session);
    throw new TypeError("failed");
  };
  const settled: Promise<unknown>[] = [];
  const again = (left: number): void => {
    settled.push(pool.use(work).catch(() => left > 0 && again(left - 1)));
  };
  for (let i = 0; i < 6; i++) again(20);
  for (let i = 0; i < settled.length; i++) await settled[i];
  assert.is(most, 1);
  assert.is(pool.size, 0);
  await cryptoki.close();
});

test("SessionPool.use() shares the sessions that the token has, when they are fewer than its limit", async () => {
  const { fake, cryptoki, pool } = await poolOf(8);
  fake.script("C_OpenSession", () => fake.sessions.size >= 2 ? 0xb1 : undefined);
  const done = await Promise.all(Array.from({ length: 20 }, (_, i) =>
    pool.use(async (session) => {
      await cryptoki.getSessionInfo(session);
      return i;
    })));
  assert.is(done.length, 20);
  assert.is(pool.size, 2);
  assert.equal(fake.violations, []);
  await pool.close();
  assert.is(fake.sessions.size, 0);
  await cryptoki.close();
});

test.run();
