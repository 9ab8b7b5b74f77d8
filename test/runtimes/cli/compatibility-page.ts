/**
 * The page that sets the flags of the original beside ours, made of both tables.
 *
 * @module
 */

import { commandFlags } from "../../../runtimes/cli/shared-flags.ts";
import { COMMANDS } from "../../../runtimes/cli/commands.ts";
import type { Flag } from "../../../runtimes/cli/flags.ts";
import { ORIGINAL_COMMANDS, ORIGINAL_FLAGS, type OriginalFlag } from "./original-flags.ts";

/** Ours, by the commands that have them. */
export async function ourFlags(): Promise<ReadonlyMap<string, readonly Flag[]>> {
  return new Map(
    await Promise.all(COMMANDS.map(async ({ name, load }) => [name, commandFlags(await load())] as const)),
  );
}

/** The commands that a flag of the original is a flag of. */
export function commandsOf({ commands }: OriginalFlag): readonly string[] {
  return commands.flatMap((name) => name === "credentials" ? ["credential-process", "update", "serve"] : [name]);
}

/** The page, Markdown. */
export async function compatibilityPage(): Promise<string> {
  const ours = await ourFlags();
  const rows = ORIGINAL_FLAGS.map((flag) => {
    const { name, type, here = "the same" } = flag;
    const preset = flag.default === undefined ? "" : `, default \`${flag.default}\``;
    return `| \`--${name}\` | ${type}${preset} | ${flag.commands.join(", ")} | ${here} |`;
  });
  const original = new Map<string, Set<string>>();
  for (const flag of ORIGINAL_FLAGS) {
    for (const command of commandsOf(flag)) {
      original.set(command, (original.get(command) ?? new Set()).add(flag.name));
    }
  }
  const added = ORIGINAL_COMMANDS.flatMap((command) => {
    const names = (ours.get(command) ?? []).filter(({ name }) => !original.get(command)?.has(name));
    return names.length === 0 ? [] : [`| \`${command}\` | ${names.map(({ name }) => `\`--${name}\``).join(" ")} |`];
  });
  const commands = COMMANDS.map(({ name }) => name).filter((name) => !ORIGINAL_COMMANDS.includes(name));
  return `# Flags of aws_signing_helper 1.8.0 and of anyrole

This page is made of the flag tables; a test holds it to them.

\`credentials\` stands for \`credential-process\`, \`update\` and \`serve\`. All commands of the original are there:
${
    ORIGINAL_COMMANDS.map((name) => `\`${name}\``).join(", ")
  } and \`help\`. Its pairs of flags that exclude each other are refused in the same words.

| flag | type | commands | here |
|---|---|---|---|
${rows.join("\n")}

## Added to those commands

| command | flags |
|---|---|
${added.join("\n")}

## Added commands

${commands.map((name) => `\`${name}\``).join(", ")}
`;
}
