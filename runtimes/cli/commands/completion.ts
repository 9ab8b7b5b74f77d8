/**
 * `completion`: scripts that complete commands, flags and values in a shell.
 *
 * @module
 */

import type { Command, CommandCode } from "../commands.ts";
import { completionScript, type CompletionShell } from "../completion-script.ts";

/** The command of a shell. @param commands those that there are, for when it is called */
export function completion(shell: CompletionShell, commands: () => readonly Command[]): CommandCode {
  return {
    description: `Prints a script that completes commands, flags and their values in ${NAMES[shell]}: ${USE[shell]}`,
    flags: [],
    exclusive: [],
    execute: async (host) => {
      const known = await Promise.all(
        commands().map(async ({ name, summary, load }) => {
          const { flags, takesProgram } = await load();
          return { name, summary, flags, takesProgram };
        }),
      );
      const help = { name: "help", summary: "Help about any command", flags: [] };
      await host.writeOutput(completionScript(shell, [...known, help]));
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
