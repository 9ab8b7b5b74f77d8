// runtimes: node20 node deno bun workerd
import { constraintMessage, type ConstraintViolation } from "../../../../core/decision/constraint-violation.ts";
import { listMember, structureMember } from "../../../../runtimes/emulator/members/compound-members.ts";
import { loggedValue, type Member } from "../../../../runtimes/emulator/members/member.ts";
import {
  blobMember,
  booleanMember,
  choiceMember,
  integerMember,
  textMember,
} from "../../../../runtimes/emulator/members/scalar-members.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/members/compound-members");

interface Sample {
  readonly name: string;
  readonly kind?: "A" | "B";
  readonly count?: number;
  readonly flag?: boolean;
  readonly data?: Uint8Array;
  readonly secrets?: readonly string[];
  readonly parts?: readonly Sample[];
}

const PART: Member<Sample> = structureMember<Sample>({
  name: textMember({ least: 1, most: 3, pattern: "[a-z]*", matches: (text) => /^[a-z]*$/.test(text) }),
  kind: choiceMember(["A", "B"]),
  count: integerMember({ least: 1, most: 9 }),
  flag: booleanMember(),
  data: blobMember({ least: 1, most: 2 }),
  secrets: listMember(textMember({ most: 1, sensitive: true }), 2),
  parts: listMember<Sample>(structureMember<Sample>({ name: textMember() } as never, ["name"])),
}, ["name"]);

function read(value: unknown): unknown {
  const violations: ConstraintViolation[] = [];
  const result = PART.read(value, "", violations);
  assert.is(result === undefined, violations.length > 0);
  return result ?? constraintMessage(violations).replace(/ failed to satisfy constraint: Member must/g, "");
}

test("structureMember() reads what it knows and leaves out what is null or unknown", () => {
  const value = { name: "abc", kind: "A", count: 9, flag: false, data: "AAE=", secrets: ["x", ""], parts: [] };
  assert.equal(read({ ...value, other: 1 }), { ...value, data: new Uint8Array([0, 1]) });
  assert.equal(read({ name: "a", kind: null, parts: [{ name: "anything" }] }), {
    name: "a",
    parts: [{ name: "anything" }],
  });
  assert.equal(read(JSON.parse('{"name": "a", "__proto__": {"count": 0}}')), { name: "a" });
  assert.is(read(Object.create({ name: "a" })), "1 validation error detected: Value null at 'name' not be null");
});

test("structureMember() tells every broken constraint by its place", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{}, "1 validation error detected: Value null at 'name' not be null"],
    [{ name: "" }, "1 validation error detected: Value '' at 'name' have length greater than or equal to 1"],
    [{ name: "abcD" }, "1 validation error detected: Value 'abcD' at 'name' have length less than or equal to 3"],
    [{ name: "D" }, "1 validation error detected: Value 'D' at 'name' satisfy regular expression pattern: [a-z]*"],
    [{ name: "a", kind: "C" }, "1 validation error detected: Value 'C' at 'kind' satisfy enum value set: [A, B]"],
    [
      { name: "a", count: 0 },
      "1 validation error detected: Value '0' at 'count' have value greater than or equal to 1",
    ],
    [{ name: "a", count: 1e20 }, "1 validation error detected: Value '100000000000000000000' at 'count' be an integer"],
    [{ name: "a", data: "" }, "1 validation error detected: Value '' at 'data' have length greater than or equal to 1"],
    [
      { name: "a", data: "AAECAA==" },
      "1 validation error detected: Value 'AAECAA==' at 'data' have length less than or equal to 2",
    ],
    [{ name: "a", data: "AAE" }, "1 validation error detected: Value 'AAE' at 'data' be octets in base64"],
    [
      { name: "a", secrets: ["xy"] },
      "1 validation error detected: Value at 'secrets.1.member' have length less than or equal to 1",
    ],
    [{ name: "a", secrets: "xy" }, "1 validation error detected: Value at 'secrets' be a list"],
    [
      { name: "a", secrets: ["", "", ""] },
      "1 validation error detected: Value at 'secrets' have length less than or equal to 2",
    ],
    [{ name: "a", secrets: [null] }, "1 validation error detected: Value null at 'secrets.1.member' not be null"],
    [
      { name: 7, flag: "true", parts: [{ name: "" }, {}, 3] },
      "4 validation errors detected: Value '7' at 'name' be a string; Value 'true' at 'flag' be a boolean; " +
      "Value null at 'parts.2.member.name' not be null; Value '3' at 'parts.3.member' be a structure",
    ],
  ];
  for (const [value, message] of cases) assert.is(read(value), message);
  assert.is(String(read({ name: "x".repeat(5000) })).length < 1200, true);
});

test("loggedValue() hides what is sensitive and leaves octets out", () => {
  const value = PART.read({ name: "a", data: "AAE=", secrets: ["x"], parts: [{ name: "b" }] }, "", []);
  assert.equal(loggedValue(PART, value), {
    name: "a",
    secrets: ["HIDDEN_DUE_TO_SECURITY_REASONS"],
    parts: [{ name: "b" }],
  });
});

test.run();
