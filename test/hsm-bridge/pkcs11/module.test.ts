// runtimes: node20 node deno bun
import type { Cryptoki } from "../../../hsm-bridge/pkcs11/cryptoki.ts";
import { openModule } from "../../../hsm-bridge/pkcs11/module.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/module");

function open(fake: FakeModule, options: { calls?: "synchronous"; reserved?: string } = {}): Promise<Cryptoki> {
  return openModule(fake.path, { foreign: fake, ...options });
}

test("openModule() initialises with operating system locking", async () => {
  const fake = new FakeModule();
  const module = await open(fake);
  assert.equal(fake.initialization, { flags: 2, reserved: undefined });
  assert.equal(fake.calls, ["C_GetFunctionList", "C_Initialize"]);
  await module.close();
  assert.is(fake.initialized, 0);
  assert.is(fake.libraries, 0);
});

test("openModule() hands text to the module, on both platforms", async () => {
  for (const platform of ["unix", "windows"] as const) {
    const fake = new FakeModule({ platform });
    const module = await open(fake, { reserved: "configdir='sql:/tmp/ä'" });
    assert.equal(fake.initialization, { flags: 2, reserved: "configdir='sql:/tmp/ä'" });
    await module.close();
  }
});

test("openModule() counts who has the module open", async () => {
  const fake = new FakeModule();
  const [first, second] = await Promise.all([open(fake), open(fake)]);
  assert.is(fake.calls.filter((name) => name === "C_Initialize").length, 1);
  await first.close();
  await first.close();
  assert.is(fake.initialized, 1);
  assert.is((await second.getInfo()).libraryDescription, "fake module");
  await second.close();
  assert.is(fake.initialized, 0);
  assert.is(fake.libraries, 0);
});

test("openModule() opens again what was closed", async () => {
  const fake = new FakeModule();
  for (let i = 0; i < 3; i++) await (await open(fake)).close();
  assert.is(fake.calls.filter((name) => name === "C_Finalize").length, 3);
});

test("openModule() does not finalise what others have initialised", async () => {
  const fake = new FakeModule();
  fake.initialized = 1;
  const module = await open(fake);
  await module.close();
  assert.is(fake.initialized, 1);
  assert.not(fake.calls.includes("C_Finalize"));
});

test("openModule() refuses other parameters for a module that is open", async () => {
  const fake = new FakeModule();
  const module = await open(fake, { reserved: "one" });
  await assertRejects(() => open(fake, { reserved: "other" }), "ERR_HSM_IN_USE");
  await module.close();
  assert.is(fake.libraries, 0);
  await (await open(fake, { reserved: "other" })).close();
});

test("openModule() calls a module without locks on this thread alone", async () => {
  const fake = new FakeModule();
  fake.script(
    "C_Initialize",
    () => fake.calls.filter((name) => name === "C_Initialize").length === 1 ? 0xa : undefined,
  );
  const module = await open(fake);
  assert.equal(fake.initialization, { flags: 0, reserved: undefined });
  assert.equal(module.getSlotList(true), fake.slots);
  await module.close();
});

test("openModule() fails with what C_Initialize returns, and closes the library", async () => {
  const fake = new FakeModule();
  fake.script("C_Initialize", 0x7);
  const error = await assertRejects(() => open(fake), "ERR_HSM_RETURN_VALUE");
  assert.equal([error["operation"], error["returnValueName"]], ["C_Initialize", "CKR_ARGUMENTS_BAD"]);
  assert.is(fake.libraries, 0);
  fake.unscript("C_Initialize");
  await (await open(fake)).close();
});

test("openModule() tells files that are no modules apart", async () => {
  const fake = new FakeModule();
  const openPath = (path: string) => openModule(path, { foreign: fake });
  await assertRejects(() => openPath("missing.so"), "ERR_HSM_MODULE_NOT_FOUND");
  await assertRejects(() => openPath("text.so"), "ERR_HSM_MODULE_NOT_LOADABLE");
  const error = await assertRejects(() => openPath("plain.so"), "ERR_HSM_NOT_A_MODULE");
  assert.match(error.message, /no C_GetFunctionList/);
  assert.is(fake.libraries, 0);
});

test("openModule() refuses function lists of another Cryptoki", async () => {
  const fake = new FakeModule({ majorVersion: 1 });
  await assertRejects(() => open(fake), "ERR_HSM_NOT_A_MODULE");
  assert.is(fake.libraries, 0);
});

test("openModule() fails with what C_GetFunctionList returns", async () => {
  const fake = new FakeModule();
  fake.script("C_GetFunctionList", 0x5);
  await assertRejects(() => open(fake), "ERR_HSM_RETURN_VALUE");
  assert.is(fake.libraries, 0);
});

test("openModule() refuses a NULL function list", async () => {
  const fake = new FakeModule();
  fake.script("C_GetFunctionList", 0);
  await assertRejects(() => open(fake), "ERR_HSM_NOT_A_MODULE");
});

test("openModule() refuses options that it does not know", async () => {
  const options = { foreign: new FakeModule(), pin: "1234" };
  let thrown: unknown;
  await openModule("fake.so", options).catch((error) => thrown = error);
  assert.instance(thrown, TypeError);
});

test("close() waits for calls that are under way, and refuses later ones", async () => {
  const fake = new FakeModule();
  const module = await open(fake);
  const slots = module.getSlotList(true);
  await module.close();
  assert.equal(await slots, fake.slots);
  assert.equal(fake.calls.slice(-2), ["C_GetSlotList", "C_Finalize"]);
  await assertRejects(async () => await module.getSlotList(true), "ERR_HSM_CLOSED");
});

test("close() fails with what C_Finalize returns, and the library is closed all the same", async () => {
  const fake = new FakeModule();
  const module = await open(fake);
  fake.script("C_Finalize", 0x30);
  await assertRejects(async () => await module.close(), "ERR_HSM_RETURN_VALUE");
  assert.is(fake.libraries, 0);
});

test.run();
