// runtimes: node20 node deno bun
import { decodeResponseCode, describeResponseCode } from "../../../hsm-bridge/tpm/response-code.ts";
import { responseError } from "../../../hsm-bridge/tpm/response-error.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/response-code");

/** TPM 2.0 Library, Part 2, table 16: RC_VER1. */
const VERSION_ONE = `INITIALIZE 00 FAILURE 01 SEQUENCE 03 PRIVATE 0b HMAC 19 DISABLED 20 EXCLUSIVE 21 AUTH_TYPE 24
AUTH_MISSING 25 POLICY 26 PCR 27 PCR_CHANGED 28 UPGRADE 2d TOO_MANY_CONTEXTS 2e AUTH_UNAVAILABLE 2f REBOOT 30
UNBALANCED 31 COMMAND_SIZE 42 COMMAND_CODE 43 AUTHSIZE 44 AUTH_CONTEXT 45 NV_RANGE 46 NV_SIZE 47 NV_LOCKED 48
NV_AUTHORIZATION 49 NV_UNINITIALIZED 4a NV_SPACE 4b NV_DEFINED 4c BAD_CONTEXT 50 CPHASH 51 PARENT 52 NEEDS_TEST 53
NO_RESULT 54 SENSITIVE 55 READ_ONLY 56`;

/** RC_FMT1. */
const FORMAT_ONE = `ASYMMETRIC 01 ATTRIBUTES 02 HASH 03 VALUE 04 HIERARCHY 05 KEY_SIZE 07 MGF 08 MODE 09 TYPE 0a
HANDLE 0b KDF 0c RANGE 0d AUTH_FAIL 0e NONCE 0f PP 10 SCHEME 12 SIZE 15 SYMMETRIC 16 TAG 17 SELECTOR 18 INSUFFICIENT 1a
SIGNATURE 1b KEY 1c POLICY_FAIL 1d INTEGRITY 1f TICKET 20 RESERVED_BITS 21 BAD_AUTH 22 EXPIRED 23 POLICY_CC 24
BINDING 25 CURVE 26 ECC_POINT 27 FW_LIMITED 28 SVN_LIMITED 29 CHANNEL 30 CHANNEL_KEY 31`;

/** RC_WARN. */
const WARNINGS = `CONTEXT_GAP 01 OBJECT_MEMORY 02 SESSION_MEMORY 03 MEMORY 04 SESSION_HANDLES 05 OBJECT_HANDLES 06
LOCALITY 07 YIELDED 08 CANCELED 09 TESTING 0a REFERENCE_H0 10 REFERENCE_H1 11 REFERENCE_H2 12 REFERENCE_H3 13
REFERENCE_H4 14 REFERENCE_H5 15 REFERENCE_H6 16 REFERENCE_S0 18 REFERENCE_S1 19 REFERENCE_S2 1a REFERENCE_S3 1b
REFERENCE_S4 1c REFERENCE_S5 1d REFERENCE_S6 1e NV_RATE 20 LOCKOUT 21 RETRY 22 NV_UNAVAILABLE 23`;

function table(text: string): readonly (readonly [name: string, number: number])[] {
  return [...text.matchAll(/(\w+) ([0-9a-f]{2})\b/g)].map(([, name, number]) => [name!, Number.parseInt(number!, 16)]);
}

test("decodeResponseCode() knows every error of format zero", () => {
  assert.is(table(VERSION_ONE).length, 35);
  for (const [name, number] of table(VERSION_ONE)) {
    const code = decodeResponseCode(0x100 + number);
    assert.equal([code.name, code.kind, code.subject], [name, "error", undefined]);
    assert.ok(code.advice.length > 8);
  }
});

test("decodeResponseCode() knows every warning", () => {
  assert.is(table(WARNINGS).length, 28);
  for (const [name, number] of table(WARNINGS)) {
    const code = decodeResponseCode(0x900 + number);
    assert.equal([code.name, code.kind, code.subject], [name, "warning", undefined]);
    assert.ok(code.advice.length > 8);
  }
});

test("decodeResponseCode() knows every error of format one, of each parameter, handle and session", () => {
  assert.is(table(FORMAT_ONE).length, 37);
  for (const [name, number] of table(FORMAT_ONE)) {
    for (let index = 0; index < 16; index++) {
      const parameter = decodeResponseCode(0xc0 + number + (index << 8));
      assert.equal([parameter.name, parameter.kind, parameter.subject, parameter.index], [
        name,
        "error",
        "parameter",
        index,
      ]);
      const other = decodeResponseCode(0x80 + number + (index << 8));
      const [subject, place] = index < 8 ? ["handle", index] : ["session", index - 8];
      assert.equal([other.name, other.subject, other.index], [name, subject, place]);
    }
  }
});

test("decodeResponseCode() makes something of every number", () => {
  for (let value = 1; value < 0x1000; value++) {
    const code = decodeResponseCode(value);
    assert.match(code.name, /^[A-Z0-9_]+$/);
    assert.is(code.value, value);
    assert.match(responseError("TPM2_Sign", code).code, /^ERR_TPM_/);
  }
});

test("decodeResponseCode() tells vendors' codes, TPM 1.2 and resource managers apart", () => {
  assert.is(decodeResponseCode(0x501).kind, "vendor");
  assert.is(decodeResponseCode(0x1e).name, "BAD_TAG");
  assert.is(decodeResponseCode(0x26).name, "VERSION_1_2");
  const managed = decodeResponseCode(0x000b0143);
  assert.equal([managed.name, managed.layer], ["COMMAND_CODE", 11]);
  assert.is(decodeResponseCode(0x1ff).name, "UNKNOWN");
});

test("describeResponseCode() shows the name, the number and the place", () => {
  const shown = [0x98e, 0x9a2, 0x921, 0x2d2, 0x18b, 0x1c4, 0x501].map((value) =>
    describeResponseCode(decodeResponseCode(value))
  );
  assert.equal(shown, [
    "TPM_RC_AUTH_FAIL (0x98e, session 1)",
    "TPM_RC_BAD_AUTH (0x9a2, session 1)",
    "TPM_RC_LOCKOUT (0x921)",
    "TPM_RC_SCHEME (0x2d2, parameter 2)",
    "TPM_RC_HANDLE (0x18b, handle 1)",
    "TPM_RC_VALUE (0x1c4, parameter 1)",
    "VENDOR (0x501)",
  ]);
});

test("responseError() has the code that callers act upon", () => {
  const codes: Readonly<Record<number, string>> = {
    0x98e: "ERR_TPM_PASSWORD_WRONG",
    0x9a2: "ERR_TPM_PASSWORD_WRONG",
    0x921: "ERR_TPM_LOCKOUT",
    0x18b: "ERR_TPM_HANDLE",
    0x1cb: "ERR_TPM_COMMAND",
    0x910: "ERR_TPM_HANDLE",
    0x2d2: "ERR_TPM_SCHEME",
    0x902: "ERR_TPM_MEMORY",
    0x903: "ERR_TPM_MEMORY",
    0x922: "ERR_TPM_BUSY",
    0x99d: "ERR_TPM_POLICY",
    0x12f: "ERR_TPM_POLICY",
    0x1e: "ERR_TPM_VERSION",
    0x1df: "ERR_TPM_COMMAND",
    0x50e: "ERR_TPM_COMMAND",
  };
  for (const [value, code] of Object.entries(codes)) {
    const error = responseError("TPM2_Sign", decodeResponseCode(Number(value)));
    assert.is(error.code, code, value);
    assert.is(error.operation, "TPM2_Sign");
    assert.is(error.response?.value, Number(value));
    assert.match(error.message, /^Cannot run TPM2_Sign: the TPM answered /);
  }
});

test.run();
