/**
 * Help and usage texts.
 *
 * @module
 */

import type { Command } from "./commands.ts";
import type { Flag } from "./flags.ts";
import { commandFlags } from "./shared-flags.ts";
import { UsageError, type UsageErrorCode } from "./usage-error.ts";

const HELP = ["help", "Help about any command"] as const;

/** What `help`, `--help` and the program alone print; of one command when it is named. */
export async function helpText(commands: readonly Command[], name: string | undefined): Promise<string> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) {
    const code = await command.load();
    const { description, takesProgram } = code;
    const { EXAMPLES } = await import("./usage-examples.ts");
    const examples = (EXAMPLES[command.name] ?? []).map((line) => `  ${line}\n`).join("");
    return `${description}\n\n${examples === "" ? "" : `Examples:\n${examples}\n`}${
      commandUsage(command.name, commandFlags(code), takesProgram)
    }`;
  }
  if (name === HELP[0]) return `${HELP[1]}\n\n${commandUsage(name, [])}`;
  if (name !== undefined) throw unknownCommand(commands, name);
  const rows = [...commands.map(({ name, summary }) => [name, summary] as const), HELP];
  const width = Math.max(...rows.map(([word]) => word.length));
  return "Short-lived AWS credentials from an X.509 certificate\n\nUsage:\n  anyrole [command]\n\n" +
    `Available Commands:\n${rows.map(([word, summary]) => `  ${word.padEnd(width)}  ${summary}\n`).join("")}\n` +
    'Use "anyrole [command] --help" for more information about a command.\n';
}

/** The same for programs: `{ commands: [{ name, summary }] }`, or of one command its description, examples and flags. */
export async function helpJson(commands: readonly Command[], name: string | undefined): Promise<string> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    if (name !== undefined && name !== HELP[0]) throw unknownCommand(commands, name);
    const all = commands.map(({ name, summary }) => ({ name, summary }));
    return JSON.stringify({ commands: [...all, { name: HELP[0], summary: HELP[1] }] }) + "\n";
  }
  const code = await command.load();
  const { EXAMPLES } = await import("./usage-examples.ts");
  return JSON.stringify({
    name: command.name,
    summary: command.summary,
    description: code.description,
    examples: EXAMPLES[command.name] ?? [],
    takesProgram: code.takesProgram ?? false,
    flags: commandFlags(code),
    exclusive: code.exclusive,
  }) + "\n";
}

/** What stands below a usage error. */
export async function usageText(
  commands: readonly Command[],
  code: UsageErrorCode,
  name: string | undefined,
): Promise<string> {
  const command = commands.find((candidate) => candidate.name === name);
  if (code === "ERR_USAGE_UNKNOWN_COMMAND" || command === undefined) return "Run 'anyrole --help' for usage.\n";
  const loaded = await command.load();
  return commandUsage(command.name, commandFlags(loaded), loaded.takesProgram);
}

/** The error of a command that does not exist, with the ones that are spelled alike; flags come after a command. */
export function unknownCommand(commands: readonly Command[], name: string): UsageError {
  if (name.startsWith("-")) return new UsageError("ERR_USAGE_UNKNOWN_FLAG", `unknown flag: ${name}`);
  const names = [...commands.map((command) => command.name), HELP[0]];
  const close = names.filter((known) =>
    editDistance(name.toLowerCase(), known) <= 2 || known.startsWith(name.toLowerCase())
  );
  const hint = close.length === 0 ? "" : `; did you mean ${close.join(" or ")}?`;
  return new UsageError("ERR_USAGE_UNKNOWN_COMMAND", `unknown command "${name}" for "anyrole"${hint}`);
}

function commandUsage(name: string, flags: readonly Flag[], takesProgram: boolean = false): string {
  const rows = flags.map((flag): readonly [string, string] => {
    const type = flag.type === "boolean"
      ? ""
      : flag.type === "integer"
      ? " int"
      : flag.repeatable
      ? " string..."
      : " string";
    const preset = flag.default === undefined ? "" : ` (default ${JSON.stringify(flag.default)})`;
    return [`--${flag.name}${type}`, flag.help + preset];
  });
  rows.push(["-h, --help", `Help for ${name}`]);
  const width = Math.max(...rows.map(([word]) => word.length));
  return `Usage:\n  anyrole ${name} [flags]${takesProgram ? " -- program [arguments]" : ""}\n\nFlags:\n` +
    rows.map(([word, help]) => `  ${word.padEnd(width)}  ${help}\n`).join("");
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
