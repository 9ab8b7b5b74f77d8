/**
 * The command line's grammar: long flags as pflag reads them (`--name value`, `--name=value`, the last one wins unless
 * the flag is repeatable, `--` ends the flags), and `-h`.
 *
 * Unlike the original, words that belong to no flag are refused: a stray `\` in a config file would otherwise turn
 * every later flag into a word that is silently ignored.
 *
 * @module
 */

import { UsageError } from "./usage-error.ts";

/** One flag of a command. */
export interface Flag {
  /** Its name without the dashes. */
  readonly name: string;
  /** `boolean` flags take no separate value. */
  readonly type: "string" | "integer" | "boolean";
  /** Default value; absent: empty text, 0 or false. */
  readonly default?: string | number | boolean;
  /** Of a `string` flag: every mention adds a value. Absent: the last one wins. */
  readonly repeatable?: true;
  /** Its value is a secret, and so may be a word that is left over behind it: neither is shown. */
  readonly secret?: true;
  /** The values allowed, case-sensitive. */
  readonly oneOf?: readonly string[];
  /** One line of help. */
  readonly help: string;
}

/** A command's flags as they were given. */
export class FlagValues {
  /** Names of the flags that were mentioned, whatever their value. */
  readonly mentioned: ReadonlySet<string>;
  /** Names of those that words named, and not the environment. */
  readonly named: ReadonlySet<string>;
  readonly #values: ReadonlyMap<string, string | number | boolean>;
  readonly #lists: ReadonlyMap<string, readonly string[]>;
  readonly #given: ReadonlyMap<string, string | number | boolean>;
  readonly #flags: readonly Flag[];
  /** The words behind `--`: a program and its arguments. Empty in commands that take none. */
  readonly program: readonly string[];

  /**
   * @param values what was given, the last of several
   * @param flags the table that defaults come from
   * @param lists everything that was given to repeatable flags, in order
   * @param program the words behind `--`
   * @param named the flags that words named; absent: all of them
   */
  constructor(
    values: ReadonlyMap<string, string | number | boolean>,
    flags: readonly Flag[],
    lists: ReadonlyMap<string, readonly string[]> = new Map(),
    program: readonly string[] = [],
    named?: ReadonlySet<string>,
  ) {
    this.program = program;
    this.mentioned = new Set(values.keys());
    this.named = named ?? this.mentioned;
    this.#lists = lists;
    this.#given = values;
    this.#flags = flags;
    const all = new Map<string, string | number | boolean>();
    for (const flag of flags) {
      const unset = flag.type === "string" ? "" : flag.type === "integer" ? 0 : false;
      all.set(flag.name, values.get(flag.name) ?? flag.default ?? unset);
    }
    this.#values = all;
  }

  /** A text flag; undefined when it is empty, which is how this command line says "not given". */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** The same with other values of some flags. */
  with(changes: ReadonlyMap<string, string>): FlagValues {
    return new FlagValues(new Map([...this.#given, ...changes]), this.#flags, this.#lists, this.program, this.named);
  }

  /** The values of a repeatable flag in order, without empty ones. */
  texts(name: string): readonly string[] {
    return (this.#lists.get(name) ?? []).filter((value) => value !== "");
  }

  /** The values of a repeatable flag in order, empty ones among them. */
  allTexts(name: string): readonly string[] {
    return this.#lists.get(name) ?? [];
  }

  /** An integer flag. */
  integer(name: string): number {
    return this.#values.get(name) as number;
  }

  /** A boolean flag. */
  boolean(name: string): boolean {
    return this.#values.get(name) === true;
  }
}

/** What a command's words say. */
export type ParsedFlags = { readonly help: true } | { readonly help: false; readonly values: FlagValues };

/**
 * Reads the words after the command's name.
 *
 * @param exclusive pairs of flags that must not be mentioned together
 * @param takesProgram whether words behind `--` are a program and its arguments
 * @param elsewhere the texts of flags that no word names, as the environment has them; one that excludes a flag that a word
 * names is passed over
 * @throws {UsageError} for the first word that does not fit
 */
export function parseFlags(
  words: readonly string[],
  flags: readonly Flag[],
  exclusive: readonly (readonly [string, string])[],
  takesProgram: boolean = false,
  elsewhere: (name: string) => string | undefined = () => undefined,
): ParsedFlags {
  const values = new Map<string, string | number | boolean>();
  const lists = new Map<string, string[]>();
  let lastFlag: Flag | undefined;
  let program: readonly string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "-h" || word === "--help") return { help: true };
    if (word === "--" && takesProgram) {
      program = words.slice(i + 1);
      break;
    }
    if (word === "--" && i + 1 === words.length) break;
    if (!word.startsWith("--") || word === "--") {
      if (word.startsWith("-") && word !== "-" && word !== "--") {
        if (lastFlag?.secret === true) throw strayWord(word, lastFlag, words.slice(i + 1));
        throw new UsageError("ERR_USAGE_UNKNOWN_FLAG", `unknown shorthand flag: '${word[1]}' in ${shownWord(word)}`);
      }
      if (takesProgram) throw strayProgram(word, lastFlag);
      throw strayWord(word === "--" ? words[i + 1]! : word, lastFlag, words.slice(i + 1));
    }
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const flag = flags.find((candidate) => candidate.name === name);
    if (flag === undefined) throw new UsageError("ERR_USAGE_UNKNOWN_FLAG", `unknown flag: --${name}`);
    lastFlag = flag;
    let text: string | undefined = equals < 0 ? undefined : word.slice(equals + 1);
    if (text === undefined && flag.type === "boolean") text = "true";
    if (text === undefined) {
      i++;
      text = words[i];
      if (text === undefined) {
        throw new UsageError("ERR_USAGE_MISSING_VALUE", `flag needs an argument: --${name}`);
      }
    }
    values.set(name, readValue(flag, text));
    if (flag.repeatable === true) lists.set(name, [...lists.get(name) ?? [], text]);
  }
  const named = new Set(values.keys());
  const rivals = new Set<string>();
  for (const [one, other] of exclusive) {
    if (values.has(one)) rivals.add(other);
    if (values.has(other)) rivals.add(one);
  }
  for (const flag of flags) {
    const { name } = flag;
    const text = values.has(name) || rivals.has(name) ? undefined : elsewhere(name);
    if (text === undefined || text === "") continue;
    const texts = flag.repeatable === true ? text.split(/\r?\n/).filter((line) => line !== "") : [text];
    for (const each of texts) values.set(name, readValue(flag, each));
    if (flag.repeatable === true) lists.set(name, texts);
  }
  for (const pair of exclusive) {
    if (values.has(pair[0]) && values.has(pair[1])) {
      throw new UsageError(
        "ERR_USAGE_EXCLUSIVE_FLAGS",
        `if any flags in the group [${pair.join(" ")}] are set none of the others can be; [${
          [...pair].sort().join(" ")
        }] were all set`,
      );
    }
  }
  return { help: false, values: new FlagValues(values, flags, lists, program, named) };
}

/** The environment variable of a flag: `ANYROLE_ROLE_ARN` of `role-arn`. */
export function flagVariable(name: string): string {
  return `ANYROLE_${name.toUpperCase().replaceAll("-", "_")}`;
}

function strayWord(word: string, lastFlag: Flag | undefined, rest: readonly string[]): UsageError {
  const lost = rest.find((next) => next.startsWith("--"));
  const where = lastFlag === undefined ? "" : ` after --${lastFlag.name}`;
  const shown = lastFlag?.secret === true
    ? "that may be part of a secret"
    : word.trim() === "" || word === "\\"
    ? JSON.stringify(word)
    : `"${shownWord(word)}"`;
  const hint = lost === undefined
    ? "flags are written --name value or --name=value"
    : `every flag from ${shownWord(lost)} on would be lost; AWS config files know no line continuation`;
  return new UsageError("ERR_USAGE_STRAY_WORD", `unexpected argument ${shown}${where}: ${hint}`);
}

function strayProgram(word: string, lastFlag: Flag | undefined): UsageError {
  const shown = lastFlag?.secret === true ? "that may be part of a secret" : `"${shownWord(word)}"`;
  return new UsageError(
    "ERR_USAGE_STRAY_WORD",
    `unexpected argument ${shown}: the program to run and its arguments stand behind --`,
  );
}

/** A word without what stands behind its equals sign, which may be a secret. */
function shownWord(word: string): string {
  return word.replace(/=.*/s, "=…");
}

function readValue(flag: Flag, text: string): string | number | boolean {
  switch (flag.type) {
    case "boolean":
      return readBoolean(flag, text);
    case "integer":
      return readInteger(flag.name, text);
    case "string":
      if (flag.oneOf !== undefined && !flag.oneOf.includes(text)) {
        throw invalid(flag.name, text, `must be one of ${flag.oneOf.join(", ")}`);
      }
      return text;
  }
}

/** The words that Go's strconv.ParseBool takes. */
function readBoolean({ name, secret }: Flag, text: string): boolean {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  if (secret === true) {
    throw new UsageError("ERR_USAGE_INVALID_VALUE", `invalid argument for "--${name}" flag: it is a switch`);
  }
  throw invalid(name, text, 'parsing "' + text + '": invalid syntax');
}

/** An integer with its base in its prefix and underscores between digits; 64 bits, and safe in a double. */
function readInteger(name: string, text: string): number {
  const match =
    /^([+-]?)(0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[oO]_?[0-7]+(?:_[0-7]+)*|0[bB]_?[01]+(?:_[01]+)*|0(?:_?[0-7])*|[1-9][0-9]*(?:_[0-9]+)*)$/
      .exec(text);
  if (match === null) throw invalid(name, text, `parsing "${text}": invalid syntax`);
  let digits = match[2]!.replace(/_/g, "");
  if (/^0[0-7]+$/.test(digits)) digits = "0o" + digits.slice(1);
  const value = Number(digits) * (match[1] === "-" ? -1 : 1);
  if (!Number.isSafeInteger(value)) throw invalid(name, text, `parsing "${text}": value out of range`);
  return value;
}

/** The error of a value that a flag does not take. @param state what is wrong with it */
export function invalid(name: string, text: string, state: string): UsageError {
  // Values of flags may be secrets; the ones that are refused here are numbers, switches and choices.
  return new UsageError("ERR_USAGE_INVALID_VALUE", `invalid argument "${text}" for "--${name}" flag: ${state}`);
}
