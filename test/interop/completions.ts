/**
 * The completion scripts in the shells themselves: what each offers behind some words.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { join } from "node:path";
import { repositoryRoot } from "../support/capabilities.ts";
import { type InteropContext, type InteropItem, requireProgram } from "./interop.ts";

/** Words, and some of what must be offered behind them. */
const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ["anyrole cache ", ["list", "clear"]],
  ["anyrole credential-p", ["credential-process"]],
  ["anyrole env --form", ["--format"]],
  ["anyrole env --format ", ["sh", "fish", "powershell", "dotenv", "github-actions"]],
];

/** In the shell that is asked: what is offered is printed between two marks, and nothing else is done with it. */
const ZSH_START = String.raw`
PROMPT=
autoload -Uz compinit && compinit -u -D
source "$ANYROLE_SCRIPT"
(( $+functions[_anyrole] )) && compdef _anyrole anyrole
bindkey '^I' complete-word
zstyle ':completion:*' list-grouped false
null-line() { print -r -- "OFFERED-BEGIN"; }
end-line() { print -r -- "OFFERED-END"; exit 0; }
compprefuncs=(null-line)
comppostfuncs=(end-line)
compadd() {
  if [[ "$*" == *(-O|-A|-D)* ]]; then builtin compadd "$@"; return $?; fi
  typeset -a hits
  builtin compadd -A hits "$@"
  print -rl -- $hits
  builtin compadd "$@"
}
`;

/** Asks a shell on a terminal of its own: gives it the line and a tabulator. */
const ZSH_ASK = String.raw`
zmodload zsh/zpty
export ANYROLE_SCRIPT="$2"
zpty shell zsh -f -i
zpty -w shell "source $1; print -r READY-NOW"
until [[ "$text" == *READY-NOW*READY-NOW* ]]; do zpty -r shell text || break; all+="$text"; text="$all"; done
zpty -w -n shell "$3"$'\t'
text=; all=
while zpty -r shell text; do
  all+="$text"
  [[ "$text" == *OFFERED-END* ]] && break
done
print -r -- "$all"
zpty -d shell
`;

/** The items of this file. */
export function completionItems(context: InteropContext): readonly InteropItem[] {
  return [
    {
      name: "fish completes commands, flags and values",
      quick: false,
      run: async () => {
        requireProgram("fish", ["--version"], "install fish with your system's packages");
        const script = context.folder.write("anyrole.fish", scriptOf("fish"));
        for (const [line, offered] of CASES) {
          const words = ["--no-config", "-c", `source ${script}; complete -C ${JSON.stringify(line)}`];
          const ended = spawnSync("fish", words, {
            encoding: "utf8",
            env: { ...process.env, HOME: context.folder.path },
          });
          const found = ended.stdout.split("\n").map((each) => each.split("\t")[0]);
          expectOffered(line, offered, found, ended.stderr);
        }
      },
    },
    {
      name: "zsh completes commands, flags and values",
      quick: false,
      run: async () => {
        requireProgram("zsh", ["--version"], "install zsh with your system's packages");
        const script = context.folder.write("_anyrole.zsh", scriptOf("zsh"));
        const start = context.folder.write("start.zsh", ZSH_START);
        for (const [line, offered] of CASES) {
          const ended = spawnSync("zsh", ["-f", context.folder.write("ask.zsh", ZSH_ASK), start, script, line], {
            encoding: "utf8",
            timeout: 30_000,
            env: { ...process.env, HOME: context.folder.path, TERM: "dumb" },
          });
          expectOffered(line, offered, ended.stdout.split(/\r?\n/), ended.stderr);
        }
      },
    },
  ];
}

/** The script, as the published command prints it. */
function scriptOf(shell: string): string {
  const bin = join(repositoryRoot(), "dist", "bin", "anyrole.cjs");
  return spawnSync(process.execPath, [bin, "completion", shell], { encoding: "utf8" }).stdout;
}

function expectOffered(
  line: string,
  offered: readonly string[],
  found: readonly (string | undefined)[],
  errors: string,
): void {
  const lacking = offered.filter((each) => !found.some((one) => one?.trim() === each));
  if (lacking.length > 0) throw new Error(`"${line}" lacks ${lacking}; it offers ${found.join(" ")} ${errors}`);
}
