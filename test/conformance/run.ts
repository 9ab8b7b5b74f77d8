/**
 * The conformance suites in Deno, from the sources as they are: `deno task conformance`, with the flags of
 * `npm run conformance`. The data folders are read where the task's permission allows it.
 *
 * @module
 */

import { denoCrypto } from "../../runtimes/deno/crypto.ts";
import type { ConformanceOptions, ConformancePlan, SuiteFolder } from "./plan.ts";
import { chooseFolders, isSuiteFolder, parseOptions, USAGE } from "./plan.ts";
import { runConformance, SENTINEL } from "./inside.ts";

Deno.exitCode = await main(Deno.args);

async function main(args: readonly string[]): Promise<number> {
  // The runner has read the flags and found the folders already.
  if (args[0] === "--plan") return await run(JSON.parse(args[1]!).plan, console.log);
  let options: ConformanceOptions;
  let folders: readonly SuiteFolder[];
  try {
    options = parseOptions(args, ["deno"]);
    folders = await findFolders(options.data);
    if (folders.length === 0 && options.data.length === 0) {
      console.log(
        "skipped: there is no ../shared/conformance; test/conformance/README.md says where the data comes from",
      );
      return 0;
    }
    if (folders.length === 0) throw new RangeError(`there is no suite folder in ${options.data.join(", ")}`);
    folders = chooseFolders(folders, options.suites);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`Cannot run conformance suites: ${error.message}\n\n${USAGE}`);
    return 2;
  }
  let failed = 0;
  let tellsOfOthers = true;
  for (const provider of options.providers.length > 0 ? options.providers : ["native"] as const) {
    const { json, stride, maxIterations } = options;
    const limits = { stride: stride || 1, maxIterations: maxIterations || Infinity };
    failed += await run({ provider, folders, json, tellsOfOthers, ...limits }, (line) => {
      if (!line.startsWith(SENTINEL)) console.log(line);
    });
    tellsOfOthers = false;
  }
  return failed > 0 ? 1 : 0;
}

async function run(plan: ConformancePlan, print: (line: string) => void): Promise<number> {
  const failed = await runConformance({ ...plan, maxIterations: plan.maxIterations ?? Infinity }, {
    runtime: "deno",
    native: denoCrypto,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    clock: () => performance.now(),
    readText: (folder, file) => Deno.readTextFile(`${folder.path}/${file}`),
    readOctets: (folder, file) => Deno.readFile(`${folder.path}/${file}`),
    print,
    printAside: console.error,
  });
  return failed > 0 ? 1 : 0;
}

async function findFolders(data: readonly string[]): Promise<SuiteFolder[]> {
  const found: SuiteFolder[] = [];
  for (const root of data.length > 0 ? data : ["test/vectors", "../shared/conformance"]) {
    for (const suite of await namesIn(root, data.length > 0, "isDirectory")) {
      const path = `${root}/${suite}`;
      const names = await namesIn(path, true, "isFile");
      if (isSuiteFolder(names)) found.push({ suite, path, files: names.filter((name) => name.endsWith(".json")) });
    }
  }
  return found;
}

/** Sorted. */
async function namesIn(path: string, demanded: boolean, kind: "isFile" | "isDirectory"): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(path)) if (entry[kind]) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (demanded) throw new RangeError(`there is no folder ${path}`);
  }
  return names.sort();
}
