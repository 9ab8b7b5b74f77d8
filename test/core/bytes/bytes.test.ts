import { compareBytes, concatBytes, equalBytes } from "../../../core/bytes/bytes.ts";
import { constantTimeEqual } from "../../../core/bytes/constant-time.ts";
import { wipe } from "../../../core/bytes/wipe.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/bytes/bytes");
const of = Uint8Array.of.bind(Uint8Array);

test("concatBytes() joins views at their own offsets", () => {
  const whole = of(1, 2, 3, 4);
  assert.equal(concatBytes([whole.subarray(1, 3), of(), whole.subarray(3)]), of(2, 3, 4));
  assert.equal(concatBytes([]), of());
});

test("equalBytes() and constantTimeEqual() compare contents and lengths", () => {
  for (const equal of [equalBytes, constantTimeEqual]) {
    assert.ok(equal(of(), of()));
    assert.ok(equal(of(1, 2), of(0, 1, 2).subarray(1)));
    assert.not.ok(equal(of(1, 2), of(1, 3)));
    assert.not.ok(equal(of(1, 2), of(1)));
    assert.not.ok(equal(of(3, 2), of(1, 2)));
    assert.not.ok(equal(of(0), of()));
    for (const [shorter, longer] of [[of(), of(0)], [of(1), of(1, 2)], [of(1), of(1, 0)]] as const) {
      assert.not.ok(equal(shorter, longer));
      assert.not.ok(equal(longer, shorter));
    }
    assert.not.ok(equal(of(128, 0), of(0, 128)));
  }
});

test("compareBytes() orders by octet, and a prefix first", () => {
  const sorted = [of(), of(0), of(0, 0), of(1), of(1, 255), of(2), of(255)];
  assert.equal([...sorted].reverse().sort(compareBytes), sorted);
});

test("wipe() fills with zeros and passes over what is not there", () => {
  const secret = of(1, 2, 3);
  wipe(undefined, secret.subarray(1));
  assert.equal(secret, of(1, 0, 0));
});

test.run();
