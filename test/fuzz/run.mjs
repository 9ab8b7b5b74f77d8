/**
 * `npm run fuzz`: bundles main.ts and runs it in this Node.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { ROOT } from "../../build/bootstrap.mjs";
import { bundleText, removeOldOutput, removeOutput } from "../run/bundle.mjs";

removeOldOutput();
const bundle = await bundleText("fuzz", `import "./test/fuzz/main.ts";`, { platform: "node" });
const args = ["--enable-source-maps", bundle, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
removeOutput();
process.exitCode = status ?? 1;
