/**
 * The question for the password of an encrypted key, on a terminal that `script` of util-linux makes.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { SESSION_FLAGS } from "../support/local-service.ts";
import type { Program } from "../support/programs.ts";
import { PASSWORD } from "../vectors/keys/keys.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

const QUESTION = "Password of the private key";

/** The items of this file. */
export function promptItems(context: InteropContext): readonly InteropItem[] {
  return context.programs.flatMap((program): readonly InteropItem[] => [
    {
      name: `terminal: a typed password works and is not shown, on ${program.name}`,
      quick: false,
      run: async () => {
        const { code, output, screen } = await ask(context, program, [`${PASSWORD}\r`]);
        if (code !== 0 || !output.startsWith('{"Version":1,"AccessKeyId":"ASIA')) throw ended(code, output, screen);
      },
    },
    {
      name: `terminal: a wrong password can be mended, on ${program.name}`,
      quick: false,
      run: async () => {
        const { code, output, screen } = await ask(context, program, ["wrong one\r", `${PASSWORD}x\x7f\r`]);
        if (code !== 0 || !output.startsWith('{"Version":1,')) throw ended(code, output, screen);
        if (!screen.includes("That password is wrong.")) throw new Error(`nothing is said of it: ${screen}`);
      },
    },
    {
      name: `terminal: three wrong passwords end it, on ${program.name}`,
      quick: false,
      run: async () => {
        const { code, output, screen } = await ask(context, program, ["wrong one\r", "wrong two\r", "wrong three\r"]);
        if (code !== 1 || output !== "" || !screen.includes("[ERR_KEY_PASSWORD_WRONG]")) {
          throw ended(code, output, screen);
        }
      },
    },
    {
      name: `terminal: ctrl-C ends it, on ${program.name}`,
      quick: false,
      run: async () => {
        const { code, output, screen } = await ask(context, program, ["half a pass\x03"]);
        if (code === 0 || output !== "") throw ended(code, output, screen);
      },
    },
  ]);
}

interface Asked {
  readonly code: number | null;
  /** Standard output of the program, which is no terminal. */
  readonly output: string;
  /** Everything that stood on the terminal. */
  readonly screen: string;
}

/** Runs `credential-process` with an encrypted key on a terminal, and types an answer after each question. */
async function ask(context: InteropContext, program: Program, answers: readonly string[]): Promise<Asked> {
  if (program.command === undefined) throw new Missing(program.missing);
  if (process.platform !== "linux") {
    throw new Missing("the terminal is made by script of util-linux, which is on Linux");
  }
  requireProgram("script", ["--version"], "install util-linux (bsdutils) with your system's packages");
  const { folder, service } = context;
  const outputPath = join(folder.path, "prompt-output");
  folder.write("prompt-output", "");
  // Deno opens a terminal for programs that may do everything, and for no others.
  const start = program.name === "Deno"
    ? program.command.flatMap((word) =>
      word === "--allow-read" ? ["--allow-all"] : word.startsWith("--allow-") ? [] : [word]
    )
    : program.command;
  const words = [
    ...start,
    "credential-process",
    "--certificate",
    join(folder.path, "encrypted-cert.pem"),
    "--private-key",
    join(folder.path, "encrypted-key.pem"),
    ...SESSION_FLAGS,
    "--endpoint",
    service.endpoint,
  ];
  const command = `${words.map(quoted).join(" ")} > ${quoted(outputPath)}`;
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 30_000,
  });
  const waiting = [...answers];
  let screen = "";
  let read = 0;
  child.stdin.on("error", () => {}); // The program may end before it has read everything.
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    screen += chunk;
    // The whole question stands there, and its line is over: the echo is off by then.
    for (let at; (at = screen.indexOf(QUESTION, read)) >= 0 && screen.indexOf("\n", at) >= 0;) {
      read = screen.indexOf("\n", at);
      const answer = waiting.shift();
      if (answer !== undefined) child.stdin.write(answer);
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  for (const answer of answers) {
    const typed = answer.replace(/[^ -~]/g, "");
    if (screen.includes(typed)) throw new Error(`what was typed stands on the terminal: ${screen}`);
  }
  if (waiting.length > 0) throw new Error(`it asked ${answers.length - waiting.length} times: ${screen}`);
  return { code, output: existsSync(outputPath) ? readFileSync(outputPath, "utf8") : "", screen };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function ended(code: number | null, output: string, screen: string): Error {
  return new Error(`it ended with ${code}; standard output has ${output.length} characters; the terminal: ${screen}`);
}
