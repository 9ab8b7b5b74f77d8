/**
 * Flags that commands have besides their own: `--json` in every one, `--config-profile` where there are others to be read
 * from a profile.
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

/** The flag. */
export const CONFIG_PROFILE_FLAG: Flag = {
  name: "config-profile",
  type: "string",
  help: "Profile of the AWS config file to take other flags and settings from; default: that of AWS_PROFILE",
};

/** The flags of a command, these among them. */
export function commandFlags({ flags }: Pick<CommandCode, "flags">): readonly Flag[] {
  const json = flags.some(({ name }) => name === JSON_FLAG.name) ? [] : [JSON_FLAG];
  return flags.concat(flags.length === 0 ? [] : [CONFIG_PROFILE_FLAG], json);
}

/** The profile that the words name, before they are understood: what it says is needed for that. */
export function namedProfile(words: readonly string[]): string | undefined {
  const flag = `--${CONFIG_PROFILE_FLAG.name}`;
  let name: string | undefined;
  for (let i = 0; i < words.length && words[i] !== "--"; i++) {
    const word = words[i]!;
    if (word === flag) name = words[i + 1];
    else if (word.startsWith(`${flag}=`)) name = word.slice(flag.length + 1);
  }
  return name || undefined;
}

/** Whether the words or the environment ask for JSON: known before the words are understood, for the errors in them. */
export function wantsJson(words: readonly string[], environment: (name: string) => string | undefined): boolean {
  let text: string | undefined;
  for (const word of words) {
    if (word === "--") break;
    if (/^--json(?:=|$)/.test(word)) text = word.slice("--json=".length) || "1";
  }
  text ??= environment(flagVariable(JSON_FLAG.name)) ?? "";
  return ["1", "t", "T", "TRUE", "true", "True"].includes(text);
}

/** The words without it, for commands that take no other flag. */
export function withoutJson(words: readonly string[]): readonly string[] {
  return words.filter((word) => !/^--json(?:=|$)/.test(word));
}
