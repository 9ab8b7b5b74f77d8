// runtimes: node20 node deno bun
import { openModule } from "../../../hsm-bridge/pkcs11/module.ts";
import { listSlots } from "../../../hsm-bridge/pkcs11/slots.ts";
import { TokenSession } from "../../../hsm-bridge/pkcs11/token-session.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/token-session");

async function openToken() {
  const fake = new FakeModule();
  const cryptoki = await openModule(fake.path, { foreign: fake });
  const token = await TokenSession.open(cryptoki, (await listSlots(cryptoki))[0]!);
  return { fake, cryptoki, token };
}

test("TokenSession.mechanisms() asks once, and anew when that failed", async () => {
  const { fake, cryptoki, token } = await openToken();
  fake.script("C_GetMechanismList", 0x6);
  await assertRejects(token.mechanisms(), "ERR_HSM_RETURN_VALUE");
  fake.unscript("C_GetMechanismList");
  assert.ok((await token.mechanisms()).includes(0x1041));
  await token.mechanisms();
  assert.is(fake.calls.filter((name) => name === "C_GetMechanismList").length, 2);
  await token.close();
  await cryptoki.close();
});

test("TokenSession.write() says why work failed, and closes its session", async () => {
  const { fake, cryptoki, token } = await openToken();
  const before = fake.sessions.size;
  fake.script("C_CloseSession", () => fake.calls.includes("C_CreateObject") ? 0x5 : undefined);
  fake.script("C_CreateObject", 0xd1);
  const error = await assertRejects(
    token.write(async (session) => await cryptoki.createObject(session, [])),
    "ERR_HSM_RETURN_VALUE",
  );
  assert.is(error.returnValueName, "CKR_TEMPLATE_INCONSISTENT");
  fake.unscript("C_CloseSession");
  fake.unscript("C_CreateObject");
  for (const returned of [0xe2, 0xb5]) {
    fake.script("C_CreateObject", returned);
    const open = fake.sessions.size;
    await assertRejects(token.write(async (s) => await cryptoki.createObject(s, [])), "ERR_TOKEN_READ_ONLY");
    assert.is(fake.sessions.size, open);
  }
  assert.ok(fake.sessions.size >= before);
  await token.close();
  await cryptoki.close();
});

test("TokenSession.close() closes the session of the login, also when another cannot be closed", async () => {
  const { fake, cryptoki, token } = await openToken();
  await token.use(async () => undefined);
  let failures = 1;
  fake.script("C_CloseSession", () => failures-- > 0 ? 0x5 : undefined);
  await assertRejects(token.close(), "ERR_HSM_RETURN_VALUE");
  assert.is(fake.calls.filter((name) => name === "C_CloseSession").length, 2);
  assert.is(fake.sessions.size, 1);
  await cryptoki.close();
});

test.run();
