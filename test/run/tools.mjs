/**
 * The stages that look at the sources and do not run them: format, lint, types, declarations, the JSR dry run. Each
 * counts as one test.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../../build/bootstrap.mjs";
import { TSC } from "../../build/declarations.mjs";
import { entryPoints } from "../../build/entry-points.mjs";
import { locateRuntime } from "./runtimes.mjs";

/** The TypeScript projects, by what they prove. */
const PROJECTS = {
  "types core": "core/tsconfig.json",
  "types floors": "core/floors.tsconfig.json",
  "types runtimes": "runtimes/tsconfig.json",
  "types cli": "runtimes/cli/tsconfig.json",
  "types node": "runtimes/node/tsconfig.json",
  "types bun": "runtimes/bun/tsconfig.json",
  "types hsm": "hsm-bridge/tsconfig.json",
  "types tests": "test/tsconfig.json",
  "types bench": "bench/tsconfig.json",
};

/** What a project is checked with besides the packages of the tests: `npm run bench` installs its peers. */
const NEEDED_PACKAGES = { "types bench": "bench/compare/node_modules" };

/** Writes `dist/`. */
export const buildStage = { name: "build", run: () => runTool(process.execPath, ["build/build.mjs"]) };

/** Every stage but the build. */
export function toolStages() {
  return [
    denoStage("format", ["fmt", "--check"]),
    denoStage("lint", ["lint"]),
    ...Object.entries(PROJECTS).filter(([, project]) => existsSync(join(ROOT, project))).map(typesStage),
    denoStage(
      "types deno",
      () => ["check", "--quiet", "test/run/deno.ts", "test/conformance/run.ts", ...presentEntryPoints()],
    ),
    denoStage("docs", () => ["doc", "--lint", ...presentEntryPoints()]),
    denoStage("jsr dry run", ["publish", "--dry-run", "--allow-dirty", "--quiet"]),
  ];
}

function presentEntryPoints() {
  return entryPoints().filter((entry) => entry.exists).map((entry) => entry.source);
}

function typesStage([name, project]) {
  return {
    name,
    run: async () => {
      const packages = NEEDED_PACKAGES[name];
      if (packages !== undefined && !existsSync(join(ROOT, packages))) {
        return skipped(name, `${packages} is not there`);
      }
      return await runTool(process.execPath, [TSC, "--noEmit", "--pretty", "false", "-p", project]);
    },
  };
}

function denoStage(name, args) {
  return {
    name,
    run: async () => {
      const deno = locateRuntime("deno");
      if (deno.missing !== undefined) return skipped(name, deno.missing);
      return await runTool(deno.program, typeof args === "function" ? args() : args);
    },
  };
}

function skipped(name, reason) {
  return { passed: 0, failed: 0, skipped: 1, failures: [], skips: [{ name, reason }] };
}

/** Runs a program to its end: one test passed, or one failed with what it printed. */
export function runTool(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 300_000,
    });
    let text = "";
    child.stdout.on("data", (chunk) => text += chunk);
    child.stderr.on("data", (chunk) => text += chunk);
    child.on("error", (error) => text += error.message);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve({ passed: 1, failed: 0, skipped: 0, failures: [], skips: [] });
      const why = signal === null ? "" : `ended by ${signal}: no end after 300 s\n`;
      const failures = [{ name: args.join(" "), text: why + text.trim() }];
      resolve({ passed: 0, failed: 1, skipped: 0, failures, skips: [] });
    });
  });
}
