/**
 * Runs a bundle in QuickJS compiled to WebAssembly: `node quickjs.mjs BUNDLE JSON`. The engine gets files, two
 * streams and nothing else.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const [bundle, text] = process.argv.slice(2);
const { runtime: name, plan } = JSON.parse(text);
// The package lies beside the runtimes, not where this file would look for it.
const require = createRequire(fileURLToPath(new URL("../runtimes/package.json", import.meta.url)));
const { getQuickJS } = require("quickjs-emscripten");

const engine = await getQuickJS();
const runtime = engine.newRuntime();
runtime.setMaxStackSize(1 << 20);
const context = runtime.newContext();

const host = context.newObject();
let failure = `it ended before its end`;
const define = (key, call) => {
  const handle = context.newFunction(key, (argument) => call(context.getString(argument)));
  context.setProp(host, key, handle);
  handle.dispose();
};
define("readText", (path) => context.newString(readFileSync(path, "utf8")));
define("readOctets", (path) => context.newArrayBuffer(new Uint8Array(readFileSync(path)).buffer));
define("print", (line) => console.log(line));
define("printAside", (line) => console.error(line));
define("done", (error) => failure = error);
for (const [key, value] of [["runtime", name], ["plan", JSON.stringify(plan)]]) {
  const handle = context.newString(value);
  context.setProp(host, key, handle);
  handle.dispose();
}
context.setProp(context.global, "host", host);
host.dispose();

const result = context.evalCode(readFileSync(bundle, "utf8"), join("/", "conformance.mjs"), { type: "module" });
if (result.error) failure = JSON.stringify(context.dump(result.error));
else {
  const jobs = runtime.executePendingJobs(-1);
  if (jobs.error) failure = JSON.stringify(context.dump(jobs.error));
}
if (failure !== "") console.error(failure);
// The engine is not taken down: nothing outlives this process.
process.exit(failure === "" ? 0 : 1);
