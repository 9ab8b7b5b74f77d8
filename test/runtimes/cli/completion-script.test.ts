// runtimes: node20 node deno bun workerd
import { COMMANDS } from "../../../runtimes/cli/commands.ts";
import { completionScript, type CompletionShell, PATH_FLAGS } from "../../../runtimes/cli/completion-script.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, assertNone, suite } from "../../support/suite.ts";
import { SCRIPTS } from "./completion-scripts.ts";
import { TABLE } from "./completion-table.ts";

const test = suite("runtimes/cli/completion-script");

const SHELLS = Object.keys(SCRIPTS) as CompletionShell[];

for (const shell of SHELLS) {
  test(`completionScript() for ${shell} is the golden one`, () => {
    assert.equal(completionScript(shell, TABLE).split("\n"), [...SCRIPTS[shell], ""]);
  });

  test(`completion ${shell} names every command and every flag`, async () => {
    const host = memoryHost();
    assert.is(await run(host, ["completion", shell]), 0);
    const script = host.output();
    const faults: string[] = [];
    for (const { name, load } of COMMANDS) {
      for (const word of name.split(" ")) if (!script.includes(word)) faults.push(word);
      for (const flag of (await load()).flags) if (!script.includes(flag.name)) faults.push(`${name} --${flag.name}`);
    }
    assertNone(faults);
  });
}

test("PATH_FLAGS names flags that there are", async () => {
  const flags = new Set(
    (await Promise.all(COMMANDS.map(({ load }) => load()))).flatMap((code) => code.flags.map(({ name }) => name)),
  );
  assertNone([...PATH_FLAGS].filter((name) => !flags.has(name)));
});

test("completion of an unknown shell is an unknown command", async () => {
  for (const words of [["completion"], ["completion", "tcsh"]]) {
    const host = memoryHost();
    assert.is(await run(host, words), 1);
    assert.match(host.errors.join(""), /unknown command "completion" for "anyrole"; did you mean completion bash/);
  }
});

test.run();
