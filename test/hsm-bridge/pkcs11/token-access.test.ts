// runtimes: node20 node deno bun
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { pkcs11Signer } from "../../../hsm-bridge/pkcs11/token-identity.ts";
import { FakeToken, tokenCrypto } from "../../support/fake-token.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/pkcs11/token-access");

const identity = await testIdentity("token access");
const crypto = tokenCrypto();
const KEY = "pkcs11:token=fake%20token;object=label?pin-value=1234";
const GENERAL_ERROR = 0x5;
const PIN_NOT_INITIALIZED = 0x102;

function fakeToken(): FakeToken {
  const token = new FakeToken({ pinTries: 3 });
  token.add(identity);
  return token;
}

async function sign({ module }: FakeToken): Promise<void> {
  const signer = await pkcs11Signer(KEY, { module: module.path, foreign: module, crypto });
  await signer.sign(encodeUtf8("message"));
  await signer.close();
}

/** Has a function fail so many times. */
function failing({ module }: FakeToken, name: string, returnValue: number, times: number): void {
  let left = times;
  module.script(name, () => left-- > 0 ? returnValue : undefined);
}

const count = ({ module }: FakeToken, name: string): number => module.calls.filter((call) => call === name).length;

test("TokenAccess opens a module anew whose token is unreadable while another process logs in", async () => {
  const cases = [
    ["C_GetTokenInfo", GENERAL_ERROR],
    ["C_OpenSession", GENERAL_ERROR],
    ["C_FindObjectsInit", GENERAL_ERROR],
    ["C_Login", GENERAL_ERROR],
    ["C_Login", PIN_NOT_INITIALIZED],
  ] as const;
  for (const [name, returnValue] of cases) {
    const token = fakeToken();
    failing(token, name, returnValue, 1);
    await sign(token);
    // SoftHSM does not look again at what it once found damaged, unless it is initialised anew.
    assert.ok(count(token, "C_Initialize") >= (name === "C_GetTokenInfo" ? 1 : 2), name);
    assert.is(count(token, "C_Finalize"), count(token, "C_Initialize"), name);
    assert.is(token.module.sessions.size, 0);
  }
});

test("TokenAccess looks again when the only token was not to be seen, once it is seen", async () => {
  const token = fakeToken();
  token.module.tokenPresent = false;
  token.module.script("C_Finalize", () => {
    token.module.tokenPresent = true;
    return undefined;
  });
  await sign(token);
  assert.is(count(token, "C_Initialize"), 2);
});

test("TokenAccess gives up after two repetitions", async () => {
  const unreadable = fakeToken();
  unreadable.module.script("C_OpenSession", GENERAL_ERROR);
  await assertRejects(() => sign(unreadable), "ERR_HSM_RETURN_VALUE");
  assert.is(count(unreadable, "C_Initialize"), 3);
  const absent = fakeToken();
  absent.module.tokenPresent = false;
  await assertRejects(() => sign(absent), "ERR_TOKEN_NO_SLOT");
  assert.is(count(absent, "C_Initialize"), 3);
  for (const { module } of [unreadable, absent]) assert.equal([module.initialized, module.libraries], [0, 0]);
});

test("TokenAccess sends no PIN again when the token counts wrong ones, and repeats no signature", async () => {
  const counting = fakeToken();
  counting.module.script("C_Login", () => {
    counting.module.wrongPins++;
    return GENERAL_ERROR;
  });
  await assertRejects(() => sign(counting), "ERR_HSM_RETURN_VALUE");
  assert.is(count(counting, "C_Login"), 1);
  const signing = fakeToken();
  signing.module.script("C_Sign", GENERAL_ERROR);
  await assertRejects(() => sign(signing), "ERR_HSM_RETURN_VALUE");
  assert.is(count(signing, "C_Sign"), 1);
});

test.run();
