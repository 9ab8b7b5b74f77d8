// runtimes: node20 node deno bun
import { NativeMemory } from "../../../hsm-bridge/memory/native-memory.ts";
import { CKA, CKM, CKO } from "../../../hsm-bridge/pkcs11/constants.ts";
import {
  encodeAttributeValue,
  encodeTemplate,
  moduleContext,
  putMechanism,
  putTemplate,
  readTokenInfo,
  structuresOf,
} from "../../../hsm-bridge/pkcs11/structures.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/structures");

test("structuresOf() has the sizes of the C compiler on unix", () => {
  const { attribute, mechanism, initializeArgs, info, slotInfo, tokenInfo, sessionInfo } = structuresOf("unix");
  const sizes = [attribute, mechanism, initializeArgs, info, slotInfo, tokenInfo, sessionInfo].map(({ size }) => size);
  assert.equal(sizes, [24, 24, 48, 88, 112, 208, 32]);
  assert.equal([initializeArgs.offsets.flags, initializeArgs.offsets.pReserved], [32, 40]);
  assert.equal([tokenInfo.offsets.flags, tokenInfo.offsets.ulMaxPinLen], [96, 136]);
});

test("structuresOf() has the sizes of a packing C compiler on Windows", () => {
  const { attribute, mechanism, initializeArgs, info, slotInfo, tokenInfo, sessionInfo } = structuresOf("windows");
  const sizes = [attribute, mechanism, initializeArgs, info, slotInfo, tokenInfo, sessionInfo].map(({ size }) => size);
  assert.equal(sizes, [16, 16, 44, 72, 104, 160, 16]);
  assert.equal([initializeArgs.offsets.flags, initializeArgs.offsets.pReserved], [32, 36]);
  assert.equal([tokenInfo.offsets.flags, tokenInfo.offsets.ulMaxPinLen], [96, 116]);
});

test("encodeAttributeValue() writes what C has", () => {
  assert.is(encodeHex(encodeAttributeValue(true, 8)), "01");
  assert.is(encodeHex(encodeAttributeValue(false, 8)), "00");
  assert.is(encodeHex(encodeAttributeValue(0x40000600, 8)), "0006004000000000");
  assert.is(encodeHex(encodeAttributeValue(0x40000600, 4)), "00060040");
  assert.is(encodeHex(encodeAttributeValue("ä", 8)), "c3a4");
  assert.is(encodeHex(encodeAttributeValue(Uint8Array.of(1, 2), 8)), "0102");
});

test("encodeAttributeValue() refuses numbers that do not fit", () => {
  assert.throws(() => encodeAttributeValue(-1, 8), /CK_ULONG/);
  assert.throws(() => encodeAttributeValue(0.5, 8), /CK_ULONG/);
  assert.throws(() => encodeAttributeValue(2 ** 32, 4), /CK_ULONG/);
  assert.is(encodeHex(encodeAttributeValue(2 ** 32, 8)), "0000000001000000");
});

test("putTemplate() lays attributes out on both platforms", () => {
  const template = [{ type: CKA.CLASS, value: CKO.PRIVATE_KEY }, { type: CKA.ID, value: Uint8Array.of(9) }, {
    type: CKA.LABEL,
    value: "",
  }];
  const octets = (platform: "unix" | "windows"): string => {
    const fake = new FakeModule({ platform });
    const context = moduleContext("fake.so", fake);
    const memory = new NativeMemory(fake, 256);
    assert.is(putTemplate(memory, encodeTemplate(template, context), context), memory.addressOf(0));
    return encodeHex(memory.read(0, platform === "unix" ? 88 : 64));
  };
  // The first address that the fake gives is 0x550000001000.
  assert.is(
    octets("unix"),
    ["0000000000000000", "4810000000550000", "0800000000000000"].join("") +
      ["0201000000000000", "5010000000550000", "0100000000000000"].join("") +
      ["0300000000000000", "0000000000000000", "0000000000000000"].join("") +
      "0300000000000000" + "0900000000000000",
  );
  assert.is(
    octets("windows"),
    ["00000000", "3010000000550000", "04000000"].join("") +
      ["02010000", "3810000000550000", "01000000"].join("") +
      ["03000000", "0000000000000000", "00000000"].join("") +
      "03000000" + "00000000" + "0900000000000000",
  );
});

test("readTokenInfo() reads text that is padded with blanks or NUL, full, or no UTF-8", () => {
  const fake = new FakeModule();
  const context = moduleContext("fake.so", fake);
  const memory = new NativeMemory(fake, 256);
  const field = (length: number, octets: readonly number[], padding: number): number[] => [
    ...octets,
    ...new Array<number>(length - octets.length).fill(padding),
  ];
  const codes = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
  // The four texts of CK_TOKEN_INFO stand first, one behind the other (PKCS #11 v3.1 §3.2).
  const at = memory.put(Uint8Array.from([
    ...field(32, codes("my token"), 0x20),
    ...field(32, codes("maker"), 0),
    ...field(16, [...codes("M"), 0], 0x41),
    ...field(16, [0xe9], 0x39),
  ]));
  const info = readTokenInfo(memory, at, context);
  assert.equal([info.label, info.manufacturer, info.model, info.serial], [
    "my token",
    "maker",
    "M",
    `\u00e9${"9".repeat(15)}`,
  ]);
});

test("putMechanism() writes NULL for no parameter", () => {
  const fake = new FakeModule();
  const context = moduleContext("fake.so", fake);
  const memory = new NativeMemory(fake, 256);
  putMechanism(memory, { type: CKM.ECDSA }, context);
  assert.is(encodeHex(memory.read(0, 24)), "4110000000000000" + "00".repeat(16));
  memory.clear();
  putMechanism(memory, { type: CKM.ML_DSA, parameter: Uint8Array.of(1, 2, 3) }, context);
  assert.is(
    encodeHex(memory.read(0, 32)),
    "1d00000000000000" + "1810000000550000" + "0300000000000000" + "0102030000000000",
  );
});

test.run();
