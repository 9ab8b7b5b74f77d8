// runtimes: node20
import { testAuthority } from "../../support/local-service.ts";
import { commandLines, runProgram } from "../../support/programs.ts";
import { assertRefused, type RefusalFiles, refusals, writeRefusalFiles } from "../../support/refusals.ts";
import { refusingEndpoint, type ScriptedService, startScriptedService } from "../../support/scripted-service.ts";
import { assertNone, skip, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/refusals");

const programs = await commandLines();
let files: RefusalFiles;
let service: ScriptedService;
let refusing: string;

test.before(async () => {
  files = await writeRefusalFiles(await testAuthority());
  service = await startScriptedService();
  refusing = await refusingEndpoint();
});

test.after(async () => {
  await service.close();
  files.folder.remove();
});

for (const { name, command, missing } of programs) {
  test(`credential-process on ${name} refuses bad input with one line and exit code 1`, async () => {
    if (command === undefined) return skip(missing!);
    const queue = refusals(files, service, refusing).filter(({ retried }) => retried !== true);
    const faults: string[] = [];
    const lane = async () => {
      for (let refusal = queue.shift(); refusal !== undefined; refusal = queue.shift()) {
        const ended = await runProgram(command, refusal.argv, refusal.environment);
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
