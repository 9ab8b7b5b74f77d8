// runtimes: node20 node deno bun workerd
import { run } from "../../../runtimes/cli/mod.ts";
import { namedProfile, wantsJson } from "../../../runtimes/cli/shared-flags.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/shared-flags");

const CONFIG = `[default]
anyrole_role_arn = malformed default
[profile other]
anyrole_role_arn = malformed other
`;

async function errorOf(...flags: readonly string[]): Promise<string> {
  const host = memoryHost({
    files: { "/users/u/.aws/config": CONFIG },
    environment: { HOME: "/users/u", AWS_PROFILE: "" },
  });
  const code = await run(host, ["serve", "--json", ...flags]);
  assert.is(code, 1);
  return JSON.parse(host.errors.join("")).error.message;
}

test("run() takes flags from the profile of --config-profile, else from that of the environment", async () => {
  assert.match(await errorOf(), "malformed default");
  assert.match(await errorOf("--config-profile", "other"), "malformed other");
  assert.match(await errorOf("--config-profile=default"), "malformed default");
});

test("run() refuses a --config-profile that is not there", async () => {
  assert.match(await errorOf("--config-profile", "absent"), "the AWS config file has no such profile");
});

test("namedProfile() takes the last one, and nothing behind --", () => {
  assert.is(namedProfile(["--config-profile", "a", "--config-profile=b", "--", "--config-profile", "c"]), "b");
  assert.is(namedProfile(["--profile", "a"]), undefined);
  assert.is(namedProfile(["--config-profile"]), undefined);
});

test("wantsJson() reads the switch as every other", () => {
  const none = () => undefined;
  assert.is(wantsJson(["--json"], none), true);
  assert.is(wantsJson(["--json=T"], none), true);
  assert.is(wantsJson(["--json", "--json=false"], none), false);
  assert.is(wantsJson(["--", "--json"], none), false);
  assert.is(wantsJson([], () => "1"), true);
});

test.run();
