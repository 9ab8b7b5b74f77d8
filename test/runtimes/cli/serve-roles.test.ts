// runtimes: node20 node deno bun workerd
import { parseFlags } from "../../../runtimes/cli/flags.ts";
import { SERVE_FLAGS } from "../../../runtimes/cli/serve-flags.ts";
import { servedRoles } from "../../../runtimes/cli/serve-roles.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/serve-roles");

const arn = (name: string) => `arn:aws:iam::123456789012:role/path/${name}`;

function names(...words: readonly string[]): readonly string[] {
  const parsed = parseFlags(words, SERVE_FLAGS, []);
  return parsed.help ? [] : servedRoles(parsed.values).map(({ name, arn }) => `${name} ${arn.resource}`);
}

test("servedRoles() names a role as it is given, or by its ARN", () => {
  assert.equal(names("--role-arn", arn("A"), "--role-arn", `b=${arn("B")}`), ["A role/path/A", "b role/path/B"]);
});

test("servedRoles() names a single role that others are assumed after as the last one", () => {
  const chain = ["--assume-role-arn", arn("M"), "--assume-role-arn", arn("Z")];
  assert.equal(names("--role-arn", arn("A"), ...chain), ["Z role/path/Z"]);
  assert.equal(names("--role-arn", `a=${arn("A")}`, ...chain), ["a role/path/Z"]);
  assert.equal(names("--role-arn", arn("A"), "--role-arn", arn("B"), ...chain), ["A role/path/Z", "B role/path/Z"]);
});

test("servedRoles() refuses none, two of one name, and what is no role", () => {
  assertThrows(() => names(), "ERR_USAGE_MISSING_FLAG");
  assertThrows(() => names("--role-arn", arn("A"), "--role-arn", arn("A")), "ERR_USAGE_INVALID_VALUE");
  assertThrows(() => names("--role-arn", "x"), "ERR_ARN_PREFIX");
});

test.run();
