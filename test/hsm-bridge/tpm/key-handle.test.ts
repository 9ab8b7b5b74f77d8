// runtimes: node20 node deno bun
import { formatTpmHandle, isTpmHandleForm, parseTpmHandle } from "../../../hsm-bridge/tpm/key-handle.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/key-handle");

test("parseTpmHandle() takes up to eight hexadecimal digits, with and without 0x", () => {
  const forms: Readonly<Record<string, number>> = {
    "handle:0x81010001": 0x81010001,
    "handle:81010001": 0x81010001,
    "handle:0xFFFFFFFF": 0xffffffff,
    "handle:0xaBcD": 0xabcd,
    "handle:0": 0,
    "handle:0x0": 0,
  };
  for (const [text, handle] of Object.entries(forms)) assert.is(parseTpmHandle(text), handle);
});

test("parseTpmHandle() refuses every other form", () => {
  const texts = ["", "handle", "handle:", "handle:0x", "handle:0X81010001", "handle:123456789", "handle:0x123456789"]
    .concat(["handle:81010001 ", " handle:81010001", "handle:8101:0001", "handle::81010001", "Handle:81010001"])
    .concat(["handle:0x8101000g", "handle:-1", "handle:0x0x1", "0x81010001", "handle:81010001\n"]);
  for (const text of texts) {
    const error = assertThrows(() => parseTpmHandle(text), "ERR_TPM_HANDLE_FORM");
    assert.not(error.message.includes("\n"));
  }
});

test("isTpmHandleForm() looks at the beginning alone", () => {
  assert.equal(["handle:", "handle:x", "pkcs11:", "key.pem"].map(isTpmHandleForm), [true, true, false, false]);
});

test("formatTpmHandle() writes eight digits", () => {
  assert.is(formatTpmHandle(0x1234), "handle:0x00001234");
  assert.is(parseTpmHandle(formatTpmHandle(0x81ffffff)), 0x81ffffff);
});

test.run();
