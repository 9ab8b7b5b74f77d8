// runtimes: node20 node bun
import { nodeApiRunProgram, type ProgramApi } from "../../../../runtimes/shared/node-api/run-program.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/node-api/run-program");

/** The environment that a program is started with. */
async function environmentOf(
  platform: string,
  own: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string | undefined>>> {
  let started: Readonly<Record<string, string | undefined>> = {};
  const api: ProgramApi = {
    spawn: (_program, _args, { env }) => {
      started = env;
      return {
        on: (event: string, listener: (...words: never[]) => void) => {
          if (event === "close") (listener as (code: number, signal: null) => void)(0, null);
        },
        kill: () => {},
      };
    },
    process: { env: own, platform, stdin: {}, on: () => {}, removeListener: () => {} },
    signalNumbers: {},
  };
  assert.is(await nodeApiRunProgram(api, ["program"], changes), 0);
  return started;
}

const OWN = { Path: "C:\\", aws_profile: "elsewhere", Aws_Region: "x" };
const CHANGES = { AWS_PROFILE: undefined, AWS_REGION: "eu-central-1" };

test("nodeApiRunProgram() changes variables of Windows however their names are spelled", async () => {
  assert.equal(await environmentOf("win32", OWN, CHANGES), { Path: "C:\\", AWS_REGION: "eu-central-1" });
});

test("nodeApiRunProgram() knows names of other spellings as others elsewhere", async () => {
  assert.equal(await environmentOf("linux", { ...OWN, AWS_PROFILE: "y" }, CHANGES), {
    ...OWN,
    AWS_REGION: "eu-central-1",
  });
});

test.run();
