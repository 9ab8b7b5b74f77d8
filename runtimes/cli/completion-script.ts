/**
 * Completion scripts of shells, made of the flag tables.
 *
 * @module
 */

import type { Flag } from "./flags.ts";

/** Shells that scripts can be made for. */
export type CompletionShell = "bash" | "zsh" | "fish" | "powershell";

/** What a script knows of a command. */
export interface CompletionCommand {
  /** The word or the two words that call it. */
  readonly name: string;
  /** One line of help. */
  readonly summary: string;
  /** Its flags; `--help` is added. */
  readonly flags: readonly Flag[];
  /** Whether words behind `--` are a program and its arguments. */
  readonly takesProgram?: boolean | undefined;
}

/** Flags whose values are files or directories. */
export const PATH_FLAGS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "certificate",
  "private-key",
  "intermediates",
  "cert-directory",
  "pkcs11-lib",
  "password-file",
  "pkcs11-pin-file",
  "tpm-key-password-file",
  "tpm-parent-password-file",
  "cache-secret-file",
  "output",
  "session-policy",
  "trust-anchor",
  "crl",
  "state",
  "events",
  "tls-ca-file",
  "profile-file",
  "token-file",
  "unix-socket",
]);

/** Makes the script of a shell. Nothing of the machine it is made on is in it. */
export function completionScript(shell: CompletionShell, commands: readonly CompletionCommand[]): string {
  const all = commands.map((command) => ({ ...command, flags: [...command.flags, HELP_FLAG] }));
  switch (shell) {
    case "bash":
      return bashScript(all);
    case "zsh":
      return zshScript(all);
    case "fish":
      return fishScript(all);
    case "powershell":
      return powershellScript(all);
  }
}

const HELP_FLAG: Flag = { name: "help", type: "boolean", help: "Help for the command" };

/** What completes the value of a flag: files, some words, nothing that is known, or there is no value. */
function valueOf(flag: Flag): "none" | "files" | "unknown" | readonly string[] {
  if (flag.type === "boolean") return "none";
  if (flag.oneOf !== undefined) return flag.oneOf;
  return PATH_FLAGS.has(flag.name) ? "files" : "unknown";
}

/** The words that can come first, and for each what can come second, if anything. */
function wordTree(commands: readonly CompletionCommand[]): ReadonlyMap<string, readonly CompletionCommand[]> {
  const tree = new Map<string, CompletionCommand[]>();
  for (const command of commands) {
    const first = command.name.split(" ")[0]!;
    tree.set(first, [...tree.get(first) ?? [], command]);
  }
  return tree;
}

const secondWord = ({ name }: CompletionCommand): string | undefined => name.split(" ")[1];

function bashScript(commands: readonly CompletionCommand[]): string {
  const tree = wordTree(commands);
  const seconds = [...tree].flatMap(([first, below]) => {
    const words = below.flatMap((command) => secondWord(command) ?? []);
    return words.length === 0 ? [] : [`    ${first}) second="${words.join(" ")}" ;;`];
  });
  const cases = commands.map((command) => {
    const { name, flags, takesProgram } = command;
    const groups = new Map<string, string[]>();
    for (const flag of flags) {
      const value = valueOf(flag);
      const key = value === "none" ? "" : typeof value === "string" ? value : `words ${value.join(" ")}`;
      groups.set(key, [...groups.get(key) ?? [], `--${flag.name}`]);
    }
    const values = [...groups].filter(([key]) => key !== "").map(([key, names]) =>
      `        ${names.join("|")}) value="${key}" ;;`
    );
    return [
      `    "${name}")`,
      ...takesProgram === true ? ["      program=1"] : [],
      `      flags="${flags.map((flag) => `--${flag.name}`).join(" ")}"`,
      ...values.length === 0 ? [] : ['      case "$before" in', ...values, "      esac"],
      "      ;;",
    ].join("\n");
  });
  return `# bash completion for anyrole: source <(anyrole completion bash)
_anyrole() {
  local IFS=$' \\t\\n' current="\${COMP_WORDS[COMP_CWORD]}" before="" command="" second="" flags="" value="" program="" i
  COMPREPLY=()
  # bash takes --flag=value for three words.
  if [ "$current" = "=" ]; then
    current="" before="\${COMP_WORDS[COMP_CWORD-1]}"
  elif [ "$COMP_CWORD" -gt 1 ]; then
    before="\${COMP_WORDS[COMP_CWORD-1]}"
    if [ "$before" = "=" ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...tree.keys()].join(" ")}" -- "$current"))
    return
  fi
  command="\${COMP_WORDS[1]}"
  case "$command" in
${seconds.join("\n")}
  esac
  if [ -n "$second" ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then
      COMPREPLY=($(compgen -W "$second" -- "$current"))
      return
    fi
    command="$command \${COMP_WORDS[2]}"
  fi
  case "$command" in
${cases.join("\n")}
  esac
  if [ -n "$program" ]; then
    for ((i = 2; i < COMP_CWORD; i++)); do
      if [ "\${COMP_WORDS[i]}" = "--" ]; then
        IFS=$'\\n'
        COMPREPLY=($(compgen -c -f -- "$current"))
        return
      fi
    done
  fi
  case "$value" in
    files)
      IFS=$'\\n'
      COMPREPLY=($(compgen -f -- "$current"))
      compopt -o filenames 2> /dev/null
      ;;
    "words "*) COMPREPLY=($(compgen -W "\${value#words }" -- "$current")) ;;
    unknown) ;;
    *) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
  esac
}
complete -F _anyrole anyrole
`;
}

function zshScript(commands: readonly CompletionCommand[]): string {
  const tree = wordTree(commands);
  const firsts = [...tree].map(([first, below]) => {
    const summary = secondWord(below[0]!) === undefined ? below[0]!.summary : below.map(secondWord).join(", ");
    return `    ${quoted(`${first.replaceAll(":", "\\:")}:${summary}`)}`;
  });
  const seconds = [...tree].flatMap(([first, below]) => {
    const words = below.filter((command) => secondWord(command) !== undefined);
    if (words.length === 0) return [];
    const rows = words.map((command) => `        ${quoted(`${secondWord(command)}:${command.summary}`)}`);
    return [`    ${first})\n      below=(\n${rows.join("\n")}\n      )\n      ;;`];
  });
  const cases = commands.map(({ name, flags, takesProgram }) => {
    const rows = flags.map((flag) => `        ${quoted(zshFlag(flag))}`);
    if (takesProgram === true) rows.push("        '*:: :_normal'");
    return `    ${quoted(name)})\n      flags=(\n${rows.join("\n")}\n      )\n      ;;`;
  });
  return `#compdef anyrole
# zsh completion for anyrole: anyrole completion zsh > "\${fpath[1]}/_anyrole"
_anyrole() {
  local -a commands below flags
  local command="\${words[2]}"
  commands=(
${firsts.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$command" in
${seconds.join("\n")}
  esac
  if (( \${#below} )); then
    if (( CURRENT == 3 )); then
      _describe command below
      return
    fi
    command="$command \${words[3]}"
    shift words
    (( CURRENT-- ))
  fi
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
  _arguments "\${flags[@]}"
}
if [ "$funcstack[1]" = "_anyrole" ]; then
  _anyrole "$@"
else
  compdef _anyrole anyrole
fi
`;
}

function zshFlag(flag: Flag): string {
  const value = valueOf(flag);
  const help = flag.help.replace(/[\\[\]:]/g, "\\$&");
  const head = `${flag.repeatable === true ? "*" : ""}--${flag.name}${value === "none" ? "" : "="}[${help}]`;
  if (value === "none") return head;
  return `${head}:value:${value === "files" ? "_files" : value === "unknown" ? "" : `(${value.join(" ")})`}`;
}

function fishScript(commands: readonly CompletionCommand[]): string {
  const lines = ["# fish completion for anyrole: anyrole completion fish | source", "complete -c anyrole -f"];
  const tree = wordTree(commands);
  for (const [first, below] of tree) {
    const words = below.flatMap((command) => secondWord(command) ?? []);
    const summary = words.length === 0 ? below[0]!.summary : words.join(", ");
    lines.push(`complete -c anyrole -n __fish_use_subcommand -a ${first} -d ${quoted(summary, true)}`);
    const seen = `__fish_seen_subcommand_from ${first}`;
    for (const command of below) {
      const second = secondWord(command);
      if (second !== undefined) {
        const none = `${seen}; and not __fish_seen_subcommand_from ${words.join(" ")}`;
        lines.push(`complete -c anyrole -n ${quoted(none, true)} -a ${second} -d ${quoted(command.summary, true)}`);
      }
      const condition = quoted(
        second === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${second}`,
        true,
      );
      for (const flag of command.flags) {
        const value = valueOf(flag);
        const kind = value === "none"
          ? ""
          : value === "files"
          ? " -r -F"
          : value === "unknown"
          ? " -x"
          : ` -x -a '${value.join(" ")}'`;
        lines.push(`complete -c anyrole -n ${condition} -l ${flag.name}${kind} -d ${quoted(flag.help, true)}`);
      }
      if (command.takesProgram === true) {
        lines.push(`complete -c anyrole -n ${condition} -a '(__fish_complete_subcommand --fcs-skip=2)'`);
      }
    }
  }
  return lines.join("\n") + "\n";
}

function powershellScript(commands: readonly CompletionCommand[]): string {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const tables = commands.map(({ name, summary, flags }) => {
    const rows = flags.map((flag) => {
      const value = valueOf(flag);
      const words = typeof value === "string" ? text(value) : `@(${value.map(text).join(", ")})`;
      return `      ${text(`--${flag.name}`)} = @(${text(flag.help)}, ${words})`;
    });
    return `    ${text(name)} = @(${text(summary)}, [ordered]@{\n${rows.join("\n")}\n    })`;
  });
  return `# PowerShell completion for anyrole: anyrole completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName anyrole -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = [ordered]@{
${tables.join("\n")}
  }
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $words = @($words | Select-Object -Skip 1)
  $command = $commands.Keys | Where-Object {
    $parts = $_ -split ' '
    $words.Count -ge $parts.Count -and ($words[0..($parts.Count - 1)] -join ' ') -eq $_
  } | Select-Object -Last 1
  if ($null -eq $command) {
    $commands.Keys | ForEach-Object {
      $parts = $_ -split ' '
      $given = $words -join ' '
      if ($words.Count -lt $parts.Count -and ($words.Count -eq 0 -or $_.StartsWith("$given "))) {
        $next = $parts[$words.Count]
        if ($next -like "$wordToComplete*") {
          [System.Management.Automation.CompletionResult]::new($next, $next, 'ParameterValue', $commands[$_][0])
        }
      }
    } | Sort-Object CompletionText -Unique
    return
  }
  $flags = $commands[$command][1]
  $last = $words[-1]
  $value = if ($flags.Contains($last)) { $flags[$last][1] } else { 'none' }
  if ($value -is [array]) {
    $value | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
      [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
  } elseif ($value -eq 'none') {
    $flags.Keys | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
      [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterName', $flags[$_][0])
    }
  }
}
`;
}

/** In single quotes, of sh and zsh, or of fish, in which a backslash escapes. */
function quoted(text: string, fish: boolean = false): string {
  return fish ? `'${text.replace(/[\\']/g, "\\$&")}'` : `'${text.replaceAll("'", "'\\''")}'`;
}
