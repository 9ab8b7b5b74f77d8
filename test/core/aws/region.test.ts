import { isRegion, parseRegion } from "../../../core/aws/region.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/aws/region");

test("parseRegion() reads the three spellings of a FIPS pseudo-region as the plain region", () => {
  for (const text of ["fips-us-east-1", "us-east-1-fips", "us-fips-east-1"]) {
    assert.equal(parseRegion(text), { name: "us-east-1", fips: true });
  }
  assert.equal(parseRegion("us-east-1"), { name: "us-east-1", fips: false });
});

test("isRegion() accepts one host name label and nothing that could change a URL", () => {
  assert.ok(isRegion("xx-new-9"));
  assert.ok(isRegion("x".repeat(63)));
  for (const text of ["", "-", "us-east-1-", "US-EAST-1", "a.b", "a/b", "a@b", "a b", "a#", "x".repeat(64), "é"]) {
    assert.not.ok(isRegion(text), text);
    assert.is(parseRegion(text), undefined);
  }
  assert.is(parseRegion("fips-"), undefined);
});

test.run();
