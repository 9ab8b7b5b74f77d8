// runtimes: node20 node deno bun
import { concatBytes } from "../../../core/bytes/bytes.ts";
import { sized, TpmReader, uint16, uint32, uint8 } from "../../../hsm-bridge/tpm/marshal.ts";
import { encodePcrSelection, readPcrSelection } from "../../../hsm-bridge/tpm/pcr-selection.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/marshal");

test("TpmReader reads what the writers write, and says where it is", () => {
  const octets = concatBytes([
    uint8(7),
    uint16(0x8001),
    uint32(0xfedcba98),
    sized(Uint8Array.of(1, 2), uint8(3)),
    uint8(9),
  ]);
  const reader = new TpmReader(octets);
  assert.is(reader.uint8("a"), 7);
  assert.is(reader.uint16("b"), 0x8001);
  assert.is(reader.uint32("c"), 0xfedcba98);
  const inner = reader.open("d");
  assert.equal(inner.octets(2, "e"), Uint8Array.of(1, 2));
  assert.is(assertThrows(() => inner.finish("f"), "ERR_TPM_RESPONSE")["offset"], 11);
  assert.is(assertThrows(() => inner.uint16("g"), "ERR_TPM_RESPONSE")["offset"], 11);
  assert.equal(inner.rest(), Uint8Array.of(3));
  inner.finish("h");
  assert.is(reader.left, 1);
  const error = assertThrows(() => reader.uint16("i"), "ERR_TPM_RESPONSE");
  assert.is(error.message, "Cannot read i of TPM response at offset 12: 2 octets are expected, and 1 are left");
});

test("TpmReader keeps to the most that is accepted, and names key files", () => {
  const octets = sized(new Uint8Array(65));
  assertThrows(() => new TpmReader(octets).sized("nonce", 64), "ERR_TPM_RESPONSE");
  assertThrows(() => new TpmReader(octets.subarray(0, 9), "key file").sized("nonce"), "ERR_TPM_KEY_FILE");
  assert.throws(() => sized(new Uint8Array(0x10000)), /at most 65535/);
});

test("encodePcrSelection() and readPcrSelection() agree on registers and banks", () => {
  for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const) {
    const selection = { hash, registers: [0, 7, 8, 16, 23] };
    assert.equal(readPcrSelection(new TpmReader(encodePcrSelection(selection))), selection);
  }
  assert.equal([...encodePcrSelection({ hash: "SHA-256", registers: [0, 23] })], [0, 0, 0, 1, 0, 11, 3, 1, 0, 128]);
  for (const registers of [[24], [-1], [1.5]]) {
    assert.throws(() => encodePcrSelection({ hash: "SHA-256", registers }), /registers are numbered 0 to 23/);
  }
  assert.throws(() => encodePcrSelection({ hash: "SHA-224", registers: [1] }), /no such bank/);
  assertThrows(() => readPcrSelection(new TpmReader(uint32(2))), "ERR_TPM_RESPONSE");
  assertThrows(() => readPcrSelection(new TpmReader(Uint8Array.of(0, 0, 0, 1, 0, 99, 0))), "ERR_TPM_RESPONSE");
});

test.run();
