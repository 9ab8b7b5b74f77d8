/**
 * What a run of the conformance suites is asked to do: the command's flags, and the folders that were found.
 *
 * @module
 */

import type { ProviderName } from "./conformance-suite.ts";

/** A folder that may be a suite, and what it holds. */
export interface SuiteFolder {
  /** The folder's name, which is the suite's. */
  readonly suite: string;
  /** Where it is, as the runtime that reads it names it. */
  readonly path: string;
  /** Names of its JSON files, sorted. */
  readonly files: readonly string[];
}

/** The command's flags. */
export interface ConformanceOptions {
  /** Folders of suites; empty: the default ones. */
  readonly data: readonly string[];
  /** Suites by name; empty: all. */
  readonly suites: readonly string[];
  /** Runtimes by name; empty: the one that runs the command. */
  readonly runtimes: readonly string[];
  /** Providers by name; empty: native. */
  readonly providers: readonly ProviderName[];
  /** Whether to print one JSON object a suite. */
  readonly json: boolean;
  /** Only every so many-th case of each kind. */
  readonly stride: number;
  /** PBKDF2 with more iterations is skipped. */
  readonly maxIterations: number;
}

/** What one process does: one runtime with one provider. */
export interface ConformancePlan extends Pick<ConformanceOptions, "json" | "stride" | "maxIterations"> {
  readonly provider: ProviderName;
  readonly folders: readonly SuiteFolder[];
  /** Whether this process is the one that tells of folders that nothing is run for. */
  readonly tellsOfOthers: boolean;
}

/** How the command is called. */
export const USAGE = `usage: npm run conformance -- [--data DIR] [--suite NAME] [--runtime R] [--provider P] [--json]

  --data DIR            a folder that holds a folder a suite (default: test/vectors and ../shared/conformance)
  --suite NAME          only this suite
  --runtime R           node20 (the Node that runs this), node, deno, bun, workerd, quickjs, or all (default: node20)
  --provider P          native (the runtime's own, portable filling gaps), webcrypto, portable, or all (default: native)
  --json                one JSON object a suite instead of text
  --every N             only every Nth case of each kind (default: 1; in quickjs 25)
  --max-iterations N    skip PBKDF2 with more iterations (default: no limit; in quickjs 5000)

All but --json and the numbers take a comma-separated list and may be repeated.`;

const PROVIDERS: readonly ProviderName[] = ["native", "webcrypto", "portable"];

/**
 * Reads the flags.
 *
 * @param runtimes the names that `--runtime` knows
 * @throws {RangeError} with a message for people
 */
export function parseOptions(args: readonly string[], runtimes: readonly string[]): ConformanceOptions {
  const lists: Record<string, string[]> = { "--data": [], "--suite": [], "--runtime": [], "--provider": [] };
  const numbers: Record<string, number> = { "--every": 0, "--max-iterations": 0 };
  let json = false;
  for (let i = 0; i < args.length; i++) {
    const [name = "", inline] = splitOnce(args[i]!);
    if (name === "--json" && inline === undefined) {
      json = true;
      continue;
    }
    const list = lists[name];
    if (list === undefined && numbers[name] === undefined) throw new RangeError(`"${name}" is not a flag`);
    const value = inline ?? args[++i];
    if (value === undefined || value === "") throw new RangeError(`"${name}" needs a value`);
    if (list !== undefined) list.push(...value.split(","));
    else if (!/^[1-9]\d{0,8}$/.test(value)) throw new RangeError(`"${name}" is a positive number, not "${value}"`);
    else numbers[name] = Number(value);
  }
  return {
    data: lists["--data"]!,
    suites: lists["--suite"]!,
    runtimes: choose("--runtime", lists["--runtime"]!, runtimes),
    providers: choose("--provider", lists["--provider"]!, PROVIDERS),
    json,
    stride: numbers["--every"]!,
    maxIterations: numbers["--max-iterations"]!,
  };
}

/** The folders that `--suite` asks for. @throws {RangeError} when one is not there */
export function chooseFolders(folders: readonly SuiteFolder[], suites: readonly string[]): readonly SuiteFolder[] {
  const missing = suites.find((name) => !folders.some(({ suite }) => suite === name));
  if (missing !== undefined) throw new RangeError(`there is no suite folder "${missing}"`);
  return suites.length === 0 ? folders : folders.filter(({ suite }) => suites.includes(suite));
}

/** Whether a folder with these files is meant as a suite: it holds JSON, or says in a README what it is. */
export function isSuiteFolder(files: readonly string[]): boolean {
  return files.some((file) => file.endsWith(".json") || file === "README.md");
}

function choose<Name extends string>(flag: string, chosen: readonly string[], known: readonly Name[]): readonly Name[] {
  if (chosen.includes("all")) return known;
  const unknown = chosen.find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined) throw new RangeError(`"${flag}" knows ${known.join(", ")} and all, not "${unknown}"`);
  return chosen as readonly Name[];
}

function splitOnce(argument: string): readonly string[] {
  const at = argument.indexOf("=");
  return at < 0 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}
