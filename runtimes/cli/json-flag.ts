/**
 * `--json`, which every command has.
 *
 * @module
 */

import type { CommandCode } from "./commands.ts";
import { type Flag, flagVariable } from "./flags.ts";

/** The flag. */
export const JSON_FLAG: Flag = {
  name: "json",
  type: "boolean",
  help: "Print one JSON object, and errors and notes as JSON lines on standard error",
};

/** The flags of a command, this one among them. */
export function commandFlags({ flags }: Pick<CommandCode, "flags">): readonly Flag[] {
  return flags.some(({ name }) => name === JSON_FLAG.name) ? flags : [...flags, JSON_FLAG];
}

/** Whether the words or the environment ask for JSON: known before the words are understood, for the errors in them. */
export function wantsJson(words: readonly string[], environment: (name: string) => string | undefined): boolean {
  const end = words.indexOf("--");
  const word = words.slice(0, end < 0 ? undefined : end).filter((each) => /^--json(?:=|$)/.test(each)).at(-1);
  const text = word === undefined
    ? environment(flagVariable(JSON_FLAG.name)) ?? ""
    : word.slice("--json=".length) || "1";
  return ["1", "t", "T", "TRUE", "true", "True"].includes(text);
}

/** The words without it, for commands that take no other flag. */
export function withoutJson(words: readonly string[]): readonly string[] {
  return words.filter((word) => !/^--json(?:=|$)/.test(word));
}
