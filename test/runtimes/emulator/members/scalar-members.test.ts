// runtimes: node20 node deno bun workerd
import type { ConstraintViolation } from "../../../../core/decision/constraint-violation.ts";
import type { Member } from "../../../../runtimes/emulator/members/member.ts";
import {
  NAME,
  RESOURCE_ID,
  ROLE_ARN,
  TRUST_ANCHOR_ARN,
} from "../../../../runtimes/emulator/members/resource-members.ts";
import { integerMember, textMember } from "../../../../runtimes/emulator/members/scalar-members.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/members/scalar-members");

function accepts(member: Member<unknown>, value: unknown): boolean {
  const violations: ConstraintViolation[] = [];
  const read = member.read(value, "m", violations);
  assert.is(read === undefined, violations.length > 0);
  return read !== undefined;
}

test("integerMember() reads digits of a query, and of JSON numbers alone", () => {
  const fromQuery = integerMember({ least: 1, from: "text" });
  assert.equal(["1", "007", "999999999999999"].map((text) => fromQuery.read(text, "m", [])), [
    1,
    7,
    999_999_999_999_999,
  ]);
  for (const text of ["", "0", "-1", "1.0", "1e3", "0x1", " 1", "1 ", "١", "9".repeat(16), "NaN"]) {
    assert.not.ok(accepts(fromQuery, text), text);
  }
  for (const value of ["1", 1.5, NaN, Infinity, 2 ** 53, true, [1]]) assert.not.ok(accepts(integerMember({}), value));
  assert.is(integerMember({}).read(-0, "m", []), -0);
});

test("textMember() does not match what is too long", () => {
  let matched = 0;
  const member = textMember({ most: 3, pattern: "a*", matches: () => ++matched > 0 });
  assert.not.ok(accepts(member, "a".repeat(1_000_000)));
  assert.is(matched, 0);
  assert.ok(accepts(member, "aaa"));
});

test("NAME, RESOURCE_ID and ARNs match the whole text", () => {
  assert.ok(accepts(NAME, "My CA-1_a"));
  for (const name of ["a\n", "\na", "é", "a.b", "a/b"]) assert.not.ok(accepts(NAME, name), name);
  const id = "11111111-2222-3333-4444-555555555555";
  assert.ok(accepts(RESOURCE_ID, id));
  assert.ok(accepts(RESOURCE_ID, "aaaaaaaa-zzzz-zzzz-zzzz-zzzzzzzzzzzz"));
  for (const text of [id.toUpperCase().replace("1", "A"), `${id}0`, id.slice(1), `${id.slice(1)}\n`, "x".repeat(36)]) {
    assert.not.ok(accepts(RESOURCE_ID, text), text);
  }
  assert.ok(accepts(ROLE_ARN, "arn:aws-cn:iam::123456789012:role/team/r"));
  for (
    const text of [
      "arn:aws:iam::1:user/u",
      "arn:aws:sts::1:role/r",
      " arn:aws:iam::1:role/r",
      "role",
      "arn:aws:iam:role",
    ]
  ) {
    assert.not.ok(accepts(ROLE_ARN, text), text);
  }
  assert.ok(accepts(TRUST_ANCHOR_ARN, `arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/${id}`));
  assert.not.ok(accepts(TRUST_ANCHOR_ARN, `arn:aws:rolesanywhere:us-east-1:123456789012:profile/${id}`));
});

test.run();
