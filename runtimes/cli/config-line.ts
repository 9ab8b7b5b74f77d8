/**
 * The command of a `credential_process` line: taken apart as SDKs do before they start it, and put together so that they
 * read the same words.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";

/**
 * - `ERR_CONFIG_LINE_QUOTE`: a quotation mark that nothing closes
 * - `ERR_CONFIG_LINE_BACKSLASH`: a backslash at the end, where nothing is left for it to protect
 * - `ERR_CONFIG_LINE_WORD`: a word that no line can hold
 */
export type ConfigLineErrorCode = "ERR_CONFIG_LINE_QUOTE" | "ERR_CONFIG_LINE_BACKSLASH" | "ERR_CONFIG_LINE_WORD";

/** A line that SDKs cannot take apart. It holds nothing of the line: a password may stand in it. */
export class ConfigLineError extends BaseError<ConfigLineErrorCode> {
  override readonly name: string = "ConfigLineError";

  /** Makes the error. @param state completes "Cannot … the command line: state" */
  constructor(code: ConfigLineErrorCode, action: "read" | "write", state: string) {
    super(code, `Cannot ${action} the command line: ${state}`);
  }
}

/** A command line in words. Secret: a password may be among them. */
export interface ConfigLine {
  readonly words: readonly string[];
  /** Characters outside quotes that mean something to a shell and nothing to SDKs that use none, each once. */
  readonly shellCharacters: readonly string[];
}

/**
 * Takes a line apart.
 *
 * Everywhere but on Windows the rules are those of POSIX shells for quotes, which Python's `shlex.split` (AWS CLI, boto3)
 * and `sh -c` (the other SDKs) share: nothing is special between single quotes; between double quotes a backslash
 * protects `"` and `\`; elsewhere it protects any character. On Windows a backslash is one like any other but before a
 * double quote, and single quotes are nothing special.
 *
 * Secret: the line may hold a password; no error shows any of it.
 *
 * @throws {ConfigLineError} `ERR_CONFIG_LINE_QUOTE`, `ERR_CONFIG_LINE_BACKSLASH`
 */
export function splitConfigLine(text: string, platform: string): ConfigLine {
  return platform === "windows" ? splitWindows(text) : splitPosix(text);
}

function splitPosix(text: string): ConfigLine {
  const words: string[] = [];
  const shell = new Set<string>();
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote === "'") {
      if (character === "'") quote = "";
      else word += character;
    } else if (character === "\\") {
      const next = text[++i];
      if (next === undefined) throw lastBackslash();
      word = (word ?? "") + (quote === "" || next === '"' || next === "\\" ? next : character + next);
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
      if (character === "$" || character === "`") shell.add(character);
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      if (SHELL.includes(character) || (character === "~" && word === undefined)) shell.add(character);
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") throw openQuote();
  if (word !== undefined) words.push(word);
  return { words, shellCharacters: [...shell] };
}

/** As `CommandLineToArgvW` reads arguments: 2n backslashes before a quote are n, one more protects it. */
function splitWindows(text: string): ConfigLine {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    let backslashes = 0;
    while (text[i + backslashes] === "\\") backslashes++;
    if (backslashes > 0) {
      i += backslashes - 1;
      const beforeQuote = text[i + 1] === '"';
      word = (word ?? "") + "\\".repeat(beforeQuote ? backslashes >> 1 : backslashes);
      if (beforeQuote && backslashes % 2 === 1) {
        word += '"';
        i++;
      }
    } else if (text[i] === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (!quoted && (text[i] === " " || text[i] === "\t")) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + text[i];
  }
  if (quoted) throw openQuote();
  if (word !== undefined) words.push(word);
  return { words, shellCharacters: [] };
}

/**
 * Puts words together, each in quotes where it needs them, so that {@link splitConfigLine} finds them again, and so do
 * SDKs with and without a shell.
 *
 * @throws {ConfigLineError} `ERR_CONFIG_LINE_WORD` for a line break or another control character
 */
export function joinConfigLine(words: readonly string[], platform: string): string {
  return words.map((word) => quoteWord(word, platform)).join(" ");
}

function quoteWord(word: string, platform: string): string {
  // deno-lint-ignore no-control-regex
  if (/[\0-\x1f\x7f]/.test(word)) {
    throw new ConfigLineError("ERR_CONFIG_LINE_WORD", "write", "a path or a name holds a control character");
  }
  if (COMMENT.test(word)) {
    throw new ConfigLineError(
      "ERR_CONFIG_LINE_WORD",
      "write",
      "a path or a name holds white space before # or ;, where some SDKs begin a comment even in quotes",
    );
  }
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  if (platform !== "windows") return `'${word.replace(/'/g, `'"'"'`)}'`;
  if (/^[^\s"&|<>^%]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

function openQuote(): ConfigLineError {
  return new ConfigLineError("ERR_CONFIG_LINE_QUOTE", "read", "a quotation mark is opened and never closed");
}

function lastBackslash(): ConfigLineError {
  return new ConfigLineError("ERR_CONFIG_LINE_BACKSLASH", "read", "it ends with a backslash");
}

/** Where the SDK for JavaScript cuts a line of a config file. */
export const COMMENT: RegExp = /\s[#;]/;

const SHELL = "$`;&|<>()*?[]{}#!";
