// runtimes: node20 node deno bun workerd
import { COMMANDS } from "../../../runtimes/cli/commands.ts";
import { commandFlags } from "../../../runtimes/cli/shared-flags.ts";
import { parseFlags } from "../../../runtimes/cli/flags.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { EXAMPLES } from "../../../runtimes/cli/usage-examples.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/usage-examples");

test("EXAMPLES has some for every command and for nothing else", () => {
  assert.equal(Object.keys(EXAMPLES).sort(), COMMANDS.map(({ name }) => name).sort());
});

for (const { name, load } of COMMANDS) {
  test(`the examples of ${name} are in its help, and are command lines that it takes`, async () => {
    const host = memoryHost();
    assert.is(await run(host, [...name.split(" "), "--help"]), 0);
    const code = await load();
    const { exclusive, takesProgram } = code;
    for (const example of EXAMPLES[name]!) {
      assert.match(host.output(), `\n  ${example}\n`);
      const [, line] = /anyrole ([^|>)]*)/.exec(example)!;
      const words = line!.trim().split(/\s+/);
      assert.is(words.slice(0, name.split(" ").length).join(" "), name);
      const parsed = parseFlags(words.slice(name.split(" ").length), commandFlags(code), exclusive, takesProgram);
      assert.not(parsed.help);
    }
  });
}

test.run();
