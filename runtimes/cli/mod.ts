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
import { configText, wholeConfigText } from "../shared/config-file/config-text.ts";
import { errorLine } from "./error-line.ts";
import { type FlagValues, flagVariable, invalid, parseFlags } from "./flags.ts";
import { namesInputs } from "./input-names.ts";
import { commandFlags, CONFIG_PROFILE_FLAG, namedProfile, wantsJson, withoutJson } from "./shared-flags.ts";
import { logLine } from "./log-line.ts";
import { withProgress } from "./progress.ts";
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
 * Flags that are not among the words, `--profile`, `--config-profile` and `--force` aside, are looked for in the environment
 * (`ANYROLE_ROLE_ARN` for `--role-arn`) and then in the AWS profile (`anyrole_role_arn`).
 *
 * @param argv the words behind the program's name
 * @returns 0 for success, 1 for every error (2 in `verify`, `explain`, `doctor` and `init`, where 1 is an answer; in `exec`
 * what the program answers, or as shells do); errors are one line on standard error, usage errors with the usage; with
 * `--json` a JSON object
 */
export async function run(host: Host, argv: readonly string[]): Promise<number> {
  const json = wantsJson(argv, host.environment);
  const { name, words } = nameOf(argv[0]?.startsWith("-") ? withoutJson(argv) : argv);
  let errorExitCode = 1;
  try {
    if (name === undefined || name === "-h" || name === "--help") return await help(host, undefined, json);
    if (name === "help") {
      const of = nameOf(withoutJson(words)).name;
      return await help(host, of === "-h" || of === "--help" ? "help" : of, json);
    }
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (command === undefined) {
      const { unknownCommand } = await import("./usage.ts");
      throw unknownCommand(COMMANDS, name);
    }
    const code = await command.load();
    errorExitCode = code.errorExitCode ?? 1;
    const here = code.flags.length === 0 ? host : await withProfile(host, namedProfile(words));
    const parsed = parseFlags(
      words,
      commandFlags(code),
      code.exclusive,
      code.takesProgram,
      (flag) => WORDS_ONLY.includes(flag) ? undefined : here.environment(flagVariable(flag)),
    );
    if (parsed.help) return await help(host, name, json);
    const { values } = parsed;
    if (values.boolean("json")) {
      const { notingHost } = await import("./json-lines.ts");
      return await executeWith(code.execute, notingHost(here), values);
    }
    return await withProgress(here, name, (shown) => executeWith(code.execute, shown, values));
  } catch (error) {
    await report(host, name, error, json);
    return errorExitCode;
  }
}

/** The host, whose environment knows what the AWS profile says, if it says anything; a profile that is named must be there. */
async function withProfile(host: Host, name: string | undefined): Promise<Host> {
  const text = name === undefined ? configText(host) : wholeConfigText(host) ?? "";
  if (text === undefined) return host;
  const { hasProfile, profileEnvironment } = await import("../shared/config-file/profile-environment.ts");
  if (name !== undefined && !hasProfile(text, name)) {
    throw invalid(CONFIG_PROFILE_FLAG.name, name, "the AWS config file has no such profile");
  }
  const { environment } = host;
  const chosen = name === undefined
    ? environment
    : (variable: string) => variable === "AWS_PROFILE" ? name : environment(variable);
  return { ...host, environment: profileEnvironment({ environment: chosen }, text) };
}

/** Executes a command, with inputs that are in no file where there are any. */
async function executeWith(execute: CommandCode["execute"], host: Host, values: FlagValues): Promise<number> {
  if (!namesInputs(values)) return await execute(host, values);
  const { givenInputs } = await import("./given-inputs.ts");
  const given = givenInputs(host, values);
  return await execute(given.host, given.values);
}

/** Flags that mean something else in each command, or that nobody should give once and for all. */
const WORDS_ONLY: readonly string[] = ["profile", "force", "config-profile"];

/** The command that the first word or two name, and the words behind it. */
function nameOf(argv: readonly string[]): { readonly name: string | undefined; readonly words: readonly string[] } {
  const two = `${argv[0]} ${argv[1]}`;
  return COMMANDS.some(({ name }) => name === two)
    ? { name: two, words: argv.slice(2) }
    : { name: argv[0], words: argv.slice(1) };
}

async function help(host: Host, name: string | undefined, json: boolean): Promise<number> {
  const { helpJson, helpText } = await import("./usage.ts");
  await host.writeOutput(json ? await helpJson(COMMANDS, name) : await helpText(COMMANDS, name));
  return 0;
}

async function report(host: Host, name: string | undefined, error: unknown, json: boolean): Promise<void> {
  if (json) {
    const { errorJson } = await import("./json-lines.ts");
    return host.writeError(errorJson(error));
  }
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
