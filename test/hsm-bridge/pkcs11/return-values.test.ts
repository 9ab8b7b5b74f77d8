// runtimes: node20 node deno bun
import { CKR, returnValueAdvice, returnValueName } from "../../../hsm-bridge/pkcs11/return-values.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/return-values");

test("CKR has no number twice", () => {
  const values = Object.values(CKR);
  assert.is(new Set(values).size, values.length);
});

test("returnValueName() names every value of the standard", () => {
  for (const [name, value] of Object.entries(CKR)) assert.is(returnValueName(value), `CKR_${name}`);
});

test("returnValueName() says the number of others", () => {
  assert.is(returnValueName(0x80000123), "CKR_VENDOR_DEFINED+0x123");
  assert.is(returnValueName(0x4), "0x4");
});

test("returnValueAdvice() tells what to do", () => {
  assert.match(returnValueAdvice(CKR.PIN_LOCKED)!, /unlock/);
  assert.match(returnValueAdvice(CKR.DEVICE_REMOVED)!, /put it back/);
  assert.is(returnValueAdvice(CKR.STATE_UNSAVEABLE), undefined);
});

test.run();
