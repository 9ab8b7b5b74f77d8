/**
 * Runs the tests in Deno, from the sources as they are. `deno task test` starts it twice, with the permissions that
 * each half needs:
 *
 *     deno task test:core [--only=core/der]     the neutral tests
 *     deno task test:host [--only=runtimes]     those that use files, processes and loopback
 *
 * @module
 */

import { runTestFiles } from "./inside.ts";
import { printForPeople, printRecord } from "./records.ts";

const half = Deno.args[0] === "core" ? "core" : "host";
const only = Deno.args.find((argument) => argument.startsWith("--only="))?.slice("--only=".length) ?? "";

const tests = new URL("../", import.meta.url);
const files = (await findFiles("")).filter((file) => file.startsWith(only)).sort();
const failed = await runTestFiles(
  files.map((file) => [file, () => import(new URL(file, tests).href)] as const),
  Deno.args.includes("--records") ? printRecord : printForPeople,
);
Deno.exitCode = failed > 0 ? 1 : 0;

/** Test files of this half: all that are neutral, or those of the rest whose first line names Deno. */
async function findFiles(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(new URL(prefix, tests))) {
    const path = prefix + entry.name;
    if (entry.isDirectory) {
      if (entry.name !== "node_modules" && entry.name !== "vectors") found.push(...await findFiles(`${path}/`));
    } else if (entry.name.endsWith(".test.ts") && path.startsWith("core/") === (half === "core")) {
      if (await isForDeno(path)) found.push(path);
    }
  }
  return found;
}

async function isForDeno(path: string): Promise<boolean> {
  const [firstLine] = (await Deno.readTextFile(new URL(path, tests))).split("\n", 1);
  const declared = /^\/\/ runtimes: (.+)$/.exec(firstLine ?? "");
  return declared === null ? half === "core" : declared[1]!.split(/\s+/).includes("deno");
}
