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

test.run();
