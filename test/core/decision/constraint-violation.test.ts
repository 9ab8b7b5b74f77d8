import { constraintMessage, rangeViolations, textViolations } from "../../../core/decision/constraint-violation.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/decision/constraint-violation");

test("constraintMessage() writes one violation in the words of the service", () => {
  assert.is(
    constraintMessage(rangeViolations("durationSeconds", 43_200, 900, 3600)),
    "1 validation error detected: Value '43200' at 'durationSeconds' failed to satisfy constraint: Member must have " +
      "value less than or equal to 3600",
  );
  assert.is(
    constraintMessage(textViolations("name", "SESSION_POLICY", {
      least: 1,
      most: 255,
      pattern: "^[ a-zA-Z0-9-_]*$",
      matches: false,
    })),
    "1 validation error detected: Value 'SESSION_POLICY' at 'name' failed to satisfy constraint: Member must satisfy " +
      "regular expression pattern: ^[ a-zA-Z0-9-_]*$",
  );
});

test("constraintMessage() joins several and hides sensitive values", () => {
  assert.is(
    constraintMessage([
      { member: "profileArn", value: null, constraint: "Member must not be null" },
      {
        member: "tags.1.member.key",
        value: "secret",
        sensitive: true,
        constraint: "Member must have length less than or equal to 128",
      },
    ]),
    "2 validation errors detected: Value null at 'profileArn' failed to satisfy constraint: Member must not be null; " +
      "Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128",
  );
});

test.run();
