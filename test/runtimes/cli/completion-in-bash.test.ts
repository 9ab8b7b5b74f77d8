// runtimes: node20
import { spawnSync } from "node:child_process";
import { completionScript } from "../../../runtimes/cli/completion-script.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TABLE } from "./completion-table.ts";

const test = suite("runtimes/cli/completion-in-bash");

const folder = temporaryFolder();
test.after(() => folder.remove());

/** What bash offers behind these words, the last of which is the one to complete. */
function offered(...words: readonly string[]): readonly string[] {
  const script = completionScript("bash", TABLE) +
    'COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _anyrole; printf "%s\\n" "${COMPREPLY[@]}"';
  const ended = spawnSync("bash", ["-c", script, "bash", "anyrole", ...words], { encoding: "utf8", cwd: folder.path });
  assert.is(ended.stderr, "");
  return ended.stdout.split("\n").filter((line) => line !== "");
}

test("bash completes commands, flags, values and files", () => {
  if (spawnSync("bash", ["--version"]).status !== 0) return skip("there is no bash");
  folder.write("client cert.pem", "x");
  folder.write("other.txt", "x");
  const rows: [readonly string[], readonly string[]][] = [
    [[""], ["make", "cache"]],
    [["m"], ["make"]],
    [["cache", ""], ["list", "clear"]],
    [["cache", "list", "--"], ["--json", "--help"]],
    [["make", "--"], ["--certificate", "--format", "--role", "--port", "--debug", "--help"]],
    [["make", "--format", ""], ["json", "text"]],
    [["make", "--format", "="], ["json", "text"]],
    [["make", "--format", "=", "t"], ["text"]],
    [["make", "--certificate", "cl"], ["client cert.pem"]],
    [["make", "--certificate", "=", "cl"], ["client cert.pem"]],
    [["make", "--role", ""], []],
    [["make", "--debug", "--po"], ["--port"]],
    [["make", "--", "other"], ["other.txt"]],
    [["nothing", "--"], []],
  ];
  for (const [words, expected] of rows) assert.equal(offered(...words), expected, words.join(" "));
});

test.run();
