// runtimes: node20
import { testAuthority } from "../../support/local-service.ts";
import { commandLines, runProgram } from "../../support/programs.ts";
import { assertRefused, refusals, writeRefusalFiles } from "../../support/refusals.ts";
import { refusingEndpoint, startScriptedService } from "../../support/scripted-service.ts";
import { assertNone, skip, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/refusals");

const programs = await commandLines();
const files = await writeRefusalFiles(await testAuthority());
const service = await startScriptedService();
const refusing = await refusingEndpoint();
/** With a cache, as users have one. */
const CACHE = { ANYROLE_NO_CACHE: "", ANYROLE_CACHE_DIR: `${files.folder.path}/cache` };

test.after(async () => {
  await service.close();
  files.folder.remove();
});

for (const { name, command, missing } of programs) {
  test(`credential-process on ${name} refuses bad input with one line and exit code 1`, async () => {
    if (command === undefined) return skip(missing!);
    const all = refusals(files, service, refusing).filter(({ retried }) => retried !== true);
    // Each runtime refuses everything in its own test file; a process for each is enough where the package starts.
    const queue = name === "Node 20"
      ? [...all]
      : all.filter(({ code }, index) => all.findIndex((other) => other.code === code) === index);
    const faults: string[] = [];
    const lane = async () => {
      for (let refusal = queue.shift(); refusal !== undefined; refusal = queue.shift()) {
        const ended = await runProgram(command, refusal.argv, { ...CACHE, ...refusal.environment });
        try {
          assertRefused(refusal, files.secrets, { ...ended, output: new TextDecoder().decode(ended.output) });
        } catch (error) {
          faults.push(`${refusal.name}: ${(error as Error).message} ${ended.errors}`);
        }
      }
    };
    await Promise.all([lane(), lane()]);
    assertNone(faults);
  });
}

test.run();
