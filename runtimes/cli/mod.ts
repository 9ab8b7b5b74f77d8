/**
 * The command line: `run(host, argv)` answers the exit code.
 *
 * Only `credential-process` is loaded with this module, because SDKs start it again and again; every other command is
 * loaded when it is called.
 *
 * @example
 * ```ts
 * import { run } from "anyrole/cli";
 * import { nodeHost } from "anyrole/node";
 *
 * const exitCode = await run(nodeHost(), ["version"]);
 * if (exitCode !== 0) throw new Error("version failed");
 * ```
 *
 * @module
 */

import { visibleText } from "../../core/bytes/visible-text.ts";
import type { Host } from "../host.ts";
export type {
  BodiedHandler,
  BodiedRequest,
  Listeners,
  ListenPlace,
  PlainAnswer,
  PlainHandler,
  PlainRequest,
  RunningListener,
  StandardInput,
} from "../listeners.ts";
import { type CommandCode, COMMANDS } from "./commands.ts";
import { configText } from "../shared/config-file/config-text.ts";
import { errorLine } from "./error-line.ts";
import { type FlagValues, flagVariable, parseFlags } from "./flags.ts";
import { namesInputs } from "./input-names.ts";
import { logLine } from "./log-line.ts";
import type { UsageErrorCode } from "./usage-error.ts";

export type { CacheFiles, CacheFileStatus } from "../cache-files.ts";
export type {
  AppendFile,
  DurableFiles,
  Files,
  Host,
  HttpClient,
  HttpClientOptions,
  ProxyServer,
  RefusedAnswer,
  RefusedStatus,
  RequestHandler,
  RunningServer,
  ServeOptions,
  StagedFile,
  Terminal,
} from "../host.ts";

/**
 * Runs one command.
 *
 * Secret: credentials leave through standard output alone.
 *
 * Flags that are not among the words, `--profile` and `--force` aside, are looked for in the environment (`ANYROLE_ROLE_ARN` for `--role-arn`) and then in the
 * AWS profile (`anyrole_role_arn`).
 *
 * @param argv the words behind the program's name
 * @returns 0 for success, 1 for every error (2 in `verify`, where 1 is an answer); errors are one line on standard
 * error, usage errors with the usage
 */
export async function run(host: Host, argv: readonly string[]): Promise<number> {
  const { name, words } = nameOf(argv);
  let errorExitCode = 1;
  try {
    if (name === undefined || name === "-h" || name === "--help") return await help(host, undefined);
    if (name === "help") {
      const of = nameOf(words).name;
      return await help(host, of === "-h" || of === "--help" ? "help" : of);
    }
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (command === undefined) {
      const { unknownCommand } = await import("./usage.ts");
      throw unknownCommand(COMMANDS, name);
    }
    const code = await command.load();
    const { flags, exclusive, execute } = code;
    errorExitCode = code.errorExitCode ?? 1;
    const here = flags.length === 0 ? host : await withProfile(host);
    const parsed = parseFlags(
      words,
      flags,
      exclusive,
      code.takesProgram,
      (flag) => WORDS_ONLY.includes(flag) ? undefined : here.environment(flagVariable(flag)),
    );
    if (parsed.help) return await help(host, name);
    return await executeWith(execute, here, parsed.values);
  } catch (error) {
    await report(host, name, error);
    return errorExitCode;
  }
}

/** The host, whose environment knows what the AWS profile says, if it says anything. */
async function withProfile(host: Host): Promise<Host> {
  const text = configText(host);
  if (text === undefined) return host;
  const { profileEnvironment } = await import("../shared/config-file/profile-environment.ts");
  return { ...host, environment: profileEnvironment(host, text) };
}

/** Executes a command, with inputs that are in no file where there are any. */
async function executeWith(execute: CommandCode["execute"], host: Host, values: FlagValues): Promise<number> {
  if (!namesInputs(values)) return await execute(host, values);
  const { givenInputs } = await import("./given-inputs.ts");
  const given = givenInputs(host, values);
  return await execute(given.host, given.values);
}

/** Flags that mean something else in each command, or that nobody should give once and for all. */
const WORDS_ONLY: readonly string[] = ["profile", "force"];

/** The command that the first word or two name, and the words behind it. */
function nameOf(argv: readonly string[]): { readonly name: string | undefined; readonly words: readonly string[] } {
  const two = `${argv[0]} ${argv[1]}`;
  return COMMANDS.some(({ name }) => name === two)
    ? { name: two, words: argv.slice(2) }
    : { name: argv[0], words: argv.slice(1) };
}

async function help(host: Host, name: string | undefined): Promise<number> {
  const { helpText } = await import("./usage.ts");
  await host.writeOutput(await helpText(COMMANDS, name));
  return 0;
}

async function report(host: Host, name: string | undefined, error: unknown): Promise<void> {
  const code = (error as { code?: unknown } | null)?.code;
  // Not by the class: what is loaded later may bring a copy of its own.
  if (isUsageErrorCode(code)) {
    const { usageText } = await import("./usage.ts");
    host.writeError(`Error: ${visibleText((error as Error).message)}\n${await usageText(COMMANDS, code, name)}\n`);
  }
  host.writeError(logLine(host.now(), errorLine(error)));
}

function isUsageErrorCode(code: unknown): code is UsageErrorCode {
  return typeof code === "string" && code.startsWith("ERR_USAGE_");
}
