// runtimes: node20 node deno bun
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { AttributeSet } from "../../../hsm-bridge/pkcs11/attributes.ts";
import { CKA, CKM, CKO, CKU } from "../../../hsm-bridge/pkcs11/constants.ts";
import type { Cryptoki } from "../../../hsm-bridge/pkcs11/cryptoki.ts";
import { openModule } from "../../../hsm-bridge/pkcs11/module.ts";
import { CKR } from "../../../hsm-bridge/pkcs11/return-values.ts";
import { FakeModule, type FakeModuleOptions } from "../../support/fake-ffi.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/module-cryptoki");

const PIN = encodeUtf8("1234");
const DATA = new Uint8Array(32).fill(7);

interface Scene {
  readonly fake: FakeModule;
  readonly module: Cryptoki;
  readonly session: bigint;
  readonly key: bigint;
}

/** Opens a module with one private key, and a session in which the user is logged in. */
async function scene(
  run: (scene: Scene) => Promise<void>,
  options: FakeModuleOptions & { readonly calls?: "synchronous" | "asynchronous" } = {},
): Promise<void> {
  const fake = new FakeModule(options);
  const key = fake.add([
    [CKA.CLASS, fake.ulong(CKO.PRIVATE_KEY)],
    [CKA.PRIVATE, Uint8Array.of(1)],
    [CKA.LABEL, encodeUtf8("schlüssel")],
    [CKA.ID, Uint8Array.of(1, 2)],
    [CKA.PRIVATE_EXPONENT, "sensitive"],
  ]);
  const module = await openModule(fake.path, { foreign: fake, calls: options.calls ?? "asynchronous" });
  try {
    const session = await module.openSession(fake.slots[0]!, "read-write");
    await module.login(session, CKU.USER, PIN);
    await run({ fake, module, session, key });
    assert.equal(fake.violations, []);
  } finally {
    await module.close();
  }
}

for (const platform of ["unix", "windows"] as const) {
  for (const calls of ["synchronous", "asynchronous"] as const) {
    const where = `on ${platform}, ${calls}`;
    const within = (run: (scene: Scene) => Promise<void>) => scene(run, { platform, calls });

    test(`getInfo(), getSlotInfo(), getTokenInfo() and getSessionInfo() read structures ${where}`, () =>
      within(async ({ fake, module, session }) => {
        const slot = fake.slots[0]!;
        assert.equal(await module.getInfo(), {
          cryptokiVersion: { major: 2, minor: 40 },
          manufacturer: "anyrole",
          libraryDescription: "fake module",
          libraryVersion: { major: 1, minor: 7 },
        });
        assert.equal(await module.getSlotInfo(slot), { description: "slot 0", manufacturer: "anyrole", flags: 1 });
        assert.equal(await module.getTokenInfo(slot), {
          label: "fake token",
          manufacturer: "anyrole",
          model: "fake",
          serial: "0001",
          flags: 0x40c,
          minPinLength: 4,
          maxPinLength: 255,
        });
        assert.equal(await module.getSessionInfo(session), { slot, state: 3, flags: 6, deviceError: 0 });
      }));

    test(`findObjects(), getAttributes() and setAttributes() agree ${where}`, () =>
      within(async ({ module, session, key }) => {
        assert.equal(await module.findObjects(session, [{ type: CKA.LABEL, value: "schlüssel" }]), [key]);
        assert.equal(await module.findObjects(session, [{ type: CKA.CLASS, value: CKO.CERTIFICATE }]), []);
        const types = [CKA.CLASS, CKA.LABEL, CKA.PRIVATE, CKA.PRIVATE_EXPONENT, CKA.MODULUS];
        const attributes = await module.getAttributes(session, key, types);
        assert.is(attributes.number(CKA.CLASS), CKO.PRIVATE_KEY);
        assert.is(attributes.text(CKA.LABEL), "schlüssel");
        assert.is(attributes.boolean(CKA.PRIVATE), true);
        assert.is(attributes.outcome(CKA.PRIVATE_EXPONENT), "sensitive");
        assert.is(attributes.outcome(CKA.MODULUS), "absent");
        assert.is(attributes.bytes(CKA.MODULUS), undefined);
        assert.is(attributes.outcome(CKA.ID), "absent");
        await module.setAttributes(session, key, [{ type: CKA.ID, value: Uint8Array.of(3) }]);
        assert.equal((await module.getAttributes(session, key, [CKA.ID])).bytes(CKA.ID), Uint8Array.of(3));
      }));

    test(`signInit() and sign() sign ${where}`, () =>
      within(async ({ module, session, key }) => {
        await module.signInit(session, { type: CKM.ECDSA }, key);
        assert.equal(await module.sign(session, DATA), new Uint8Array(64).fill(7 ^ Number(key)));
      }));

    test(`generateKeyPair(), createObject() and destroyObject() make and unmake ${where}`, () =>
      within(async ({ fake, module, session }) => {
        const pair = await module.generateKeyPair(
          session,
          { type: CKM.EC_KEY_PAIR_GEN },
          [{ type: CKA.LABEL, value: "public" }],
          [{ type: CKA.LABEL, value: "private" }, { type: CKA.SIGN, value: true }],
        );
        const made = await module.createObject(session, [{ type: CKA.CLASS, value: CKO.CERTIFICATE }]);
        assert.equal(fake.objects.get(pair.publicKey), new Map([[CKA.LABEL, encodeUtf8("public")]]));
        assert.equal(fake.objects.get(pair.privateKey)?.get(CKA.SIGN), Uint8Array.of(1));
        assert.equal(fake.objects.get(made)?.get(CKA.CLASS), fake.ulong(CKO.CERTIFICATE));
        await module.destroyObject(session, made);
        assert.not(fake.objects.has(made));
      }));
  }
}

test("the synchronous module answers values", () =>
  scene(async ({ fake, module }) => {
    assert.equal(module.getSlotList(true), fake.slots);
  }, { calls: "synchronous" }));

test("a backend without calls elsewhere serves the asynchronous module", () =>
  scene(async ({ fake, module }) => {
    assert.instance(module.getSlotList(true), Promise);
    assert.equal(await module.getSlotList(true), fake.slots);
  }, { asynchronous: false }));

test("getSlotList() and getMechanismList() read lists that are longer than expected", () =>
  scene(async ({ fake, module }) => {
    const [token] = fake.slots;
    fake.slots = Array.from({ length: 500 }, (_, i) => i === 0 ? token! : BigInt(i));
    assert.equal(await module.getSlotList(false), fake.slots);
    assert.equal(await module.getSlotList(true), [token]);
    assert.equal((await module.getMechanismList(token!)).length, 200);
  }, { mechanisms: Array.from({ length: 200 }, (_, i) => i) }));

test("findObjects() reads more objects than come at once, and ends the search", () =>
  scene(async ({ fake, module, session }) => {
    for (let i = 0; i < 200; i++) fake.add([[CKA.LABEL, encodeUtf8("many")]]);
    assert.is((await module.findObjects(session, [{ type: CKA.LABEL, value: "many" }])).length, 200);
    assert.is((await module.findObjects(session, [])).length, 201);
  }));

test("findObjects() ends a search that fails", () =>
  scene(async ({ fake, module, session }) => {
    fake.script("C_FindObjects", CKR.DEVICE_ERROR);
    await assertRejects(async () => await module.findObjects(session, []), "ERR_HSM_RETURN_VALUE");
    assert.is(fake.calls.at(-1), "C_FindObjectsFinal");
    fake.unscript("C_FindObjects");
    assert.is((await module.findObjects(session, [])).length, 1);
  }));

test("sign() takes signatures that are longer than expected", () =>
  scene(async ({ module, session, key }) => {
    await module.signInit(session, { type: CKM.ECDSA }, key);
    assert.is((await module.sign(session, DATA)).length, 50_000);
  }, { sign: () => new Uint8Array(50_000).fill(1) }));

test("sign() takes data of any length", () =>
  scene(async ({ module, session, key }) => {
    for (const length of [0, 1, 100_000]) {
      await module.signInit(session, { type: CKM.ECDSA }, key);
      const signature = await module.sign(session, new Uint8Array(length).fill(length & 255));
      assert.is(signature[0], (length & 255) ^ Number(key));
    }
  }));

test("login() takes a second login, a wrong PIN and a locked one as what they are", () =>
  scene(async ({ fake, module, session }) => {
    await module.login(session, CKU.USER, PIN);
    await module.logout(session);
    await module.logout(session);
    for (const name of ["CKR_PIN_INCORRECT", "CKR_PIN_INCORRECT", "CKR_PIN_INCORRECT", "CKR_PIN_LOCKED"]) {
      const error = await assertRejects(
        async () => await module.login(session, CKU.USER, encodeUtf8("9876")),
        "ERR_HSM_RETURN_VALUE",
      );
      assert.is(error["returnValueName"], name);
      assert.not(JSON.stringify({ ...error, message: error.message, stack: error["stack"] }).includes("9876"));
    }
    assert.not(fake.holds(encodeUtf8("9876")));
  }));

test("login() overwrites the PIN in the module's memory, and leaves the caller's", () =>
  scene(async ({ fake, module, session }) => {
    await module.logout(session);
    const pin = encodeUtf8("1234");
    await module.login(session, CKU.USER, pin);
    assert.equal(pin, encodeUtf8("1234"));
    assert.equal(fake.pins, ["1234", "1234"]);
    assert.not(fake.holds(encodeUtf8("1234")));
  }));

test("login() sends NULL for a protected authentication path, and an address for an empty PIN", () =>
  scene(async ({ fake, module, session }) => {
    await module.logout(session);
    await module.login(session, CKU.USER, undefined);
    assert.ok(fake.loggedIn);
    await module.logout(session);
    await assertRejects(async () => await module.login(session, CKU.USER, new Uint8Array(0)), "ERR_HSM_RETURN_VALUE");
    assert.equal(fake.pins.slice(1), [undefined, ""]);
  }, { tokenFlags: 0x100 }));

test("login() of a context comes between signInit() and sign()", () =>
  scene(async ({ fake, module, session, key }) => {
    fake.objects.get(key)!.set(CKA.ALWAYS_AUTHENTICATE, Uint8Array.of(1));
    await module.signInit(session, { type: CKM.ECDSA }, key);
    const error = await assertRejects(async () => await module.sign(session, DATA), "ERR_HSM_RETURN_VALUE");
    assert.is(error["returnValue"], CKR.USER_NOT_LOGGED_IN);
    await module.signInit(session, { type: CKM.ECDSA }, key);
    await module.login(session, CKU.CONTEXT_SPECIFIC, PIN);
    assert.is((await module.sign(session, DATA)).length, 64);
  }));

test("answers that make no sense are refused", () =>
  scene(async ({ fake, module, session, key }) => {
    fake.script("C_FindObjects", ([, , , count]) => writeUlong(fake, BigInt(count!), 65n));
    await assertRejects(async () => await module.findObjects(session, []), "ERR_HSM_MALFORMED_ANSWER");
    fake.script("C_GetSlotList", ([, , count]) => writeUlong(fake, BigInt(count!), 2n ** 40n));
    await assertRejects(async () => await module.getSlotList(true), "ERR_HSM_MALFORMED_ANSWER");
    fake.script("C_Sign", ([, , , , length]) => writeUlong(fake, BigInt(length!), 2n ** 40n));
    await module.signInit(session, { type: CKM.ECDSA }, key);
    await assertRejects(async () => await module.sign(session, DATA), "ERR_HSM_MALFORMED_ANSWER");
    fake.script("C_GetAttributeValue", ([, , template]) => writeUlong(fake, BigInt(template!) + 16n, 2n ** 40n));
    await assertRejects(
      async () => await module.getAttributes(session, key, [CKA.LABEL]),
      "ERR_HSM_MALFORMED_ANSWER",
    );
  }));

/** Two attributes that the key has, between three that it does not give. */
const SOME_GIVEN = [CKA.MODULUS, CKA.ID, CKA.VALUE, CKA.LABEL, CKA.EC_POINT];

function requireSomeGiven(attributes: AttributeSet): void {
  const outcomes = SOME_GIVEN.map((type) => attributes.outcome(type));
  assert.equal(outcomes, ["absent", "present", "sensitive", "present", "absent"]);
  assert.equal([attributes.bytes(CKA.ID), attributes.text(CKA.LABEL)], [Uint8Array.of(7), "seven"]);
}

function nameSeven(fake: FakeModule, key: bigint): void {
  fake.objects.get(key)!.set(CKA.ID, Uint8Array.of(7)).set(CKA.LABEL, encodeUtf8("seven")).set(CKA.VALUE, "sensitive");
}

test("getAttributes() asks for all that an object gives with two calls, and for each of the rest with one", () =>
  scene(async ({ fake, module, session, key }) => {
    nameSeven(fake, key);
    const before = fake.calls.length;
    requireSomeGiven(await module.getAttributes(session, key, SOME_GIVEN));
    assert.equal(fake.calls.slice(before), Array(5).fill("C_GetAttributeValue"));
  }));

test("getAttributes() reads everything of modules that stop at the first attribute that is not given", () =>
  scene(async ({ fake, module, session, key }) => {
    nameSeven(fake, key);
    for (const first of [0n, 2n ** 64n - 1n, 2n ** 40n]) {
      fake.script("C_GetAttributeValue", ([, , template, count]) => {
        if (Number(count) === 1) return undefined;
        writeUlong(fake, BigInt(template!) + 16n, first);
        return CKR.ATTRIBUTE_TYPE_INVALID;
      });
      requireSomeGiven(await module.getAttributes(session, key, SOME_GIVEN));
    }
  }));

test("getAttributes() reads one by one what a module tells the lengths of, and then does not give", () =>
  scene(async ({ fake, module, session, key }) => {
    nameSeven(fake, key);
    let calls = 0;
    fake.script("C_GetAttributeValue", () => ++calls === 2 ? CKR.ATTRIBUTE_SENSITIVE : undefined);
    requireSomeGiven(await module.getAttributes(session, key, SOME_GIVEN));
  }));

test("getAttributes() asks again for a value that grew between the two calls, and not for ever", () =>
  scene(async ({ fake, module, session, key }) => {
    let growing = 3;
    fake.script("C_GetAttributeValue", () => {
      if (growing > 0) fake.objects.get(key)!.set(CKA.LABEL, new Uint8Array(10 - growing--).fill(97));
      return undefined;
    });
    const attributes = await module.getAttributes(session, key, [CKA.LABEL, CKA.ID]);
    assert.is(attributes.text(CKA.LABEL), "aaaaaaaaa");
    growing = 9;
    const error = await assertRejects(
      async () => await module.getAttributes(session, key, [CKA.LABEL]),
      "ERR_HSM_RETURN_VALUE",
    );
    assert.is(error["returnValueName"], "CKR_BUFFER_TOO_SMALL");
    // One that says all ones where it has said a length before.
    let calls = 0;
    fake.script("C_GetAttributeValue", ([, , template]) => {
      return writeUlong(fake, BigInt(template!) + 16n, ++calls === 1 ? 4n : 2n ** 64n - 1n);
    });
    await assertRejects(async () => await module.getAttributes(session, key, [CKA.LABEL]), "ERR_HSM_MALFORMED_ANSWER");
  }));

test("lists of odd length are read with the layout of Windows, too", () =>
  scene(async ({ fake, module }) => {
    const slots = Array.from({ length: 4_501 }, (_, i) => BigInt(i));
    fake.slots = slots;
    assert.equal(await module.getSlotList(false), slots);
  }, { platform: "windows" }));

function writeUlong(fake: FakeModule, address: bigint, value: bigint): number {
  fake.memory.writeUlong(address, value);
  return CKR.OK;
}

/** Each function with a call that reaches it, and the return values that are success there. */
const REACHED: readonly (readonly [
  name: string,
  call: (scene: Scene) => unknown,
  success?: readonly number[],
])[] = [
  ["C_GetInfo", ({ module }) => module.getInfo()],
  ["C_GetSlotList", ({ module }) => module.getSlotList(true), [CKR.BUFFER_TOO_SMALL]],
  ["C_GetSlotInfo", ({ module, fake }) => module.getSlotInfo(fake.slots[0]!)],
  ["C_GetTokenInfo", ({ module, fake }) => module.getTokenInfo(fake.slots[0]!)],
  ["C_GetMechanismList", ({ module, fake }) => module.getMechanismList(fake.slots[0]!), [CKR.BUFFER_TOO_SMALL]],
  ["C_OpenSession", ({ module, fake }) => module.openSession(fake.slots[0]!, "read-only")],
  ["C_GetSessionInfo", ({ module, session }) => module.getSessionInfo(session)],
  ["C_Login", ({ module, session }) => module.login(session, CKU.USER, PIN), [CKR.USER_ALREADY_LOGGED_IN]],
  ["C_Logout", ({ module, session }) => module.logout(session), [CKR.USER_NOT_LOGGED_IN]],
  ["C_CreateObject", ({ module, session }) => module.createObject(session, [])],
  ["C_DestroyObject", ({ module, session, key }) => module.destroyObject(session, key)],
  [
    "C_GetAttributeValue",
    ({ module, session, key }) => module.getAttributes(session, key, [CKA.ID]),
    [CKR.ATTRIBUTE_SENSITIVE, CKR.ATTRIBUTE_TYPE_INVALID],
  ],
  ["C_SetAttributeValue", ({ module, session, key }) => module.setAttributes(session, key, [])],
  ["C_FindObjectsInit", ({ module, session }) => module.findObjects(session, [])],
  ["C_FindObjects", ({ module, session }) => module.findObjects(session, [])],
  ["C_FindObjectsFinal", ({ module, session }) => module.findObjects(session, [])],
  ["C_SignInit", ({ module, session, key }) => module.signInit(session, { type: CKM.ECDSA }, key)],
  ["C_Sign", ({ module, session }) => module.sign(session, DATA), [CKR.BUFFER_TOO_SMALL]],
  ["C_GenerateKeyPair", ({ module, session }) => module.generateKeyPair(session, { type: CKM.ECDSA }, [], [])],
  ["C_CloseSession", ({ module, session }) => module.closeSession(session)],
];

for (const [name, call, success = []] of REACHED) {
  test(`${name} may return any value of the standard`, () =>
    scene(async (scene) => {
      const { fake } = scene;
      for (const returnValue of [...Object.values(CKR), 0x80000001]) {
        if (returnValue === CKR.OK || success.includes(returnValue)) continue;
        fake.script(name, returnValue);
        const error = await assertRejects(async () => await call(scene), "ERR_HSM_RETURN_VALUE");
        assert.equal([error["operation"], error["returnValue"]], [name, returnValue]);
        assert.ok(error.message.startsWith(`Cannot do ${name} with fake.so: `));
        // What was begun is ended, so that the session is as good as before.
        fake.unscript(name);
        for (const session of fake.sessions.values()) delete session.found;
      }
      // All those failures used the same memory, one after the other.
      assert.ok(fake.allocations <= 4, `${fake.allocations} pieces of memory`);
      assert.equal([...fake.sessions.keys()], [scene.session]);
    }));
}

test("getSlotList() refuses a module that wants more room and does not say how much", () =>
  scene(async ({ fake, module }) => {
    fake.script("C_GetSlotList", CKR.BUFFER_TOO_SMALL);
    await assertRejects(async () => await module.getSlotList(true), "ERR_HSM_MALFORMED_ANSWER");
  }));

for (const calls of ["synchronous", "asynchronous"] as const) {
  test(`10,000 signatures and 1,000 failures leave sessions and memory as they were, ${calls}`, () =>
    scene(async ({ fake, module, session, key }) => {
      for (let i = 0; i < 10_000; i++) {
        await module.signInit(session, { type: CKM.ECDSA }, key);
        await module.sign(session, DATA);
      }
      const before = fake.allocations;
      fake.script("C_Sign", CKR.DEVICE_ERROR);
      for (let i = 0; i < 1_000; i++) {
        const { code } = await Promise.resolve(0).then(() => module.sign(session, DATA)).catch((error) => error);
        assert.is(code, "ERR_HSM_RETURN_VALUE");
      }
      assert.is(fake.allocations, before);
      assert.ok(before <= 4, `${before} pieces of memory`);
      assert.is(fake.sessions.size, 1);
    }, { calls }));
}

test("64 signatures at one time use 64 sessions and no more memory the second time", () =>
  scene(async ({ fake, module, key }) => {
    const sign = async (): Promise<void> => {
      const session = await module.openSession(fake.slots[0]!, "read-only");
      await module.signInit(session, { type: CKM.ECDSA }, key);
      assert.is((await module.sign(session, DATA)).length, 64);
      await module.closeSession(session);
    };
    const all = () => Promise.all(Array.from({ length: 64 }, sign));
    await all();
    const before = fake.allocations;
    await all();
    assert.is(fake.allocations, before);
  }));

test.run();
