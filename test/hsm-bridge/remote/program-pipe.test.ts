// runtimes: node20 node bun
import process from "node:process";
import { execSigner } from "../../../hsm-bridge/remote/exec-signer.ts";
import { startProgram } from "../../../hsm-bridge/remote/program-pipe.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/remote/program-pipe");

const sleep = () => new Promise<void>(() => {});

/** This runtime with a script. */
const script = (text: string): readonly [string, ...string[]] => [process.execPath, "-e", text];

test("startProgram() passes pieces on, and ends with the program's exit code", async () => {
  const pieces: Uint8Array[] = [];
  const state = await new Promise<string>((ended) => {
    const pipe = startProgram(script("process.stdin.pipe(process.stdout)"), undefined, {
      output: (piece) => void pieces.push(piece),
      ended,
    });
    pipe.write("a line\n");
    void pipe.close();
  });
  assert.is(state, "it ended with 0");
  assert.is(Buffer.concat(pieces).toString(), "a line\n");
});

test("startProgram() gives the program the environment that it is told, and no shell", async () => {
  const pieces: Uint8Array[] = [];
  const environment = { PATH: process.env["PATH"] ?? "", ONLY: "$HOME; touch x" };
  await new Promise<string>((ended) => {
    const command = [
      ...script("console.log(process.env.ONLY, process.env.HOME, process.argv.at(-1))"),
      "$(id)",
    ] as const;
    startProgram(command as never, environment, { output: (piece) => void pieces.push(piece), ended });
  });
  assert.is(Buffer.concat(pieces).toString().trim(), "$HOME; touch x undefined $(id)");
});

test("execSigner() says that there is no such program, and that one ended", async () => {
  const none = await assertRejects(
    () => execSigner({ command: ["/nonexistent/holder"], sleep }),
    "ERR_REMOTE_SIGNER_UNREACHABLE",
  );
  assert.match(none.message, "there is no such program");
  const gone = await assertRejects(
    () => execSigner({ command: script("process.exit(3)"), sleep }),
    "ERR_REMOTE_SIGNER_UNREACHABLE",
  );
  assert.match(gone.message, "it ended with 3");
});

test("execSigner() ends a program that writes garbage, whatever it does with signals", async () => {
  const stubborn = `process.on("SIGTERM", () => {}); console.log("canary"); setInterval(() => {}, 1000);`;
  const error = await assertRejects(
    () => execSigner({ command: script(stubborn), sleep }),
    "ERR_REMOTE_SIGNER_PROTOCOL",
  );
  assert.not.match(error.message, "canary");
});

test.run();
