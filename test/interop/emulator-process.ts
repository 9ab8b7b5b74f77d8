/**
 * `anyrole emulator` as users start it, and signed calls of its administrator. For Node.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { signRequest } from "../../core/sigv4/mod.ts";
import type { Program } from "../support/programs.ts";
import { Missing } from "./interop.ts";

/** A running emulator. */
export interface EmulatorProcess {
  readonly child: ChildProcess;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What it has said on standard error. */
  errors(): string;
  /** Asks it to stop, or kills it, and waits for its end; answers the exit code or the signal. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | string>;
}

/** How long it may take to start, in milliseconds. */
const START_LIMIT_MS = 20_000;

/** Starts it on a free port. */
export async function startEmulator(
  { command, missing }: Program,
  flags: readonly string[],
): Promise<EmulatorProcess> {
  if (command === undefined) throw new Missing(missing ?? "the runtime is not on this machine");
  // Deno's permissions stand before the program.
  const [program, ...args] = command[1] === "run" && command[0].includes("deno")
    ? [command[0], "run", "--allow-write", ...command.slice(2)] as const
    : command;
  const child = spawn(program, [...args, "emulator", "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], DENO_DIR: process.env["DENO_DIR"], NO_COLOR: "1" },
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal ?? "nothing"))
  );
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors += text);
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`the emulator did not start: ${errors}`)), START_LIMIT_MS);
    child.once("error", reject);
    void ended.then((code) => reject(new Error(`the emulator ended with ${code}: ${errors}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (!/AWS_SECRET_ACCESS_KEY=.*\n/.test(output)) return;
      clearTimeout(limit);
      resolve();
    });
  });
  const variable = (name: string) => new RegExp(`^export ${name}=(.*)$`, "m").exec(output)![1]!;
  return {
    child,
    endpoint: variable("AWS_ENDPOINT_URL"),
    accessKeyId: variable("AWS_ACCESS_KEY_ID"),
    secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
    errors: () => errors,
    end: async (signal) => {
      child.kill(signal);
      return await ended;
    },
  };
}

/** Credentials to sign with. */
export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A call of a service of the emulator, signed. */
export async function signedCall(
  endpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: SigningKey,
  service: string,
  call: { readonly method?: string; readonly path?: string; readonly type?: string; readonly body: string },
): Promise<{ readonly status: number; readonly text: string }> {
  const { method = "POST", path = "/", type = "application/x-www-form-urlencoded", body } = call;
  const headers = { host: new URL(endpoint).host, "content-type": type };
  const signed = signRequest({ method, path, headers, body }, {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region: "us-east-1",
    service,
    timeMs: Date.now(),
  });
  const response = await fetch(`${endpoint}${path}`, { method, headers: { ...headers, ...signed.headers }, body });
  return { status: response.status, text: await response.text() };
}

/** A call of IAM, whose body is a form. */
export function iamCall(
  endpoint: string,
  key: SigningKey,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const body = new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString();
  return signedCall(endpoint, key, "iam", { body });
}
