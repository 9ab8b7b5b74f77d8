/**
 * `npm run interop`: real clients that are not ours. Says of each item whether it passed, failed, or was skipped because
 * the client is not on this machine, and how to get it.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { ensureTestPackages, ROOT } from "../../build/bootstrap.mjs";
import { build } from "../../build/build.mjs";
import { EXTERNAL } from "../../build/bundle.mjs";
import { bundleText, removeOldOutput, removeOutput } from "../run/bundle.mjs";

ensureTestPackages();
removeOldOutput();
// The command line is started as it is published.
await build({ quick: true });
const banner = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);`;
const bundle = await bundleText("interop", `import "./test/interop/main.ts";`, {
  platform: "node",
  external: [...EXTERNAL, "esbuild"],
  banner: { js: banner },
});
const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { cwd: ROOT, stdio: "inherit" });
removeOutput();
process.exitCode = status ?? 1;
