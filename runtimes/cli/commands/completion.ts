/**
 * `completion`: scripts that complete commands, flags and values in a shell.
 *
 * @module
 */

import type { Command, CommandCode } from "../commands.ts";
import { completionScript, type CompletionShell } from "../completion-script.ts";
import { commandFlags } from "../shared-flags.ts";

/** The command of a shell. @param commands those that there are, for when it is called */
export function completion(shell: CompletionShell, commands: () => readonly Command[]): CommandCode {
  return {
    description: `Prints a script that completes commands, flags and their values in ${NAMES[shell]}: ${USE[shell]}`,
    flags: [],
    exclusive: [],
    execute: async (host, values) => {
      const known = await Promise.all(
        commands().map(async ({ name, summary, load }) => {
          const code = await load();
          return { name, summary, flags: commandFlags(code), takesProgram: code.takesProgram };
        }),
      );
      const help = { name: "help", summary: "Help about any command", flags: [] };
      const script = completionScript(shell, [...known, help]);
      await host.writeOutput(values.boolean("json") ? JSON.stringify({ shell, script }) + "\n" : script);
      return 0;
    },
  };
}

const NAMES: Readonly<Record<CompletionShell, string>> = {
  bash: "bash",
  zsh: "zsh",
  fish: "fish",
  powershell: "PowerShell",
};

const USE: Readonly<Record<CompletionShell, string>> = {
  bash: "source <(anyrole completion bash) in ~/.bashrc.",
  zsh: 'anyrole completion zsh > "${fpath[1]}/_anyrole", once.',
  fish: "anyrole completion fish > ~/.config/fish/completions/anyrole.fish, once.",
  powershell: "anyrole completion powershell | Out-String | Invoke-Expression in the profile.",
};
