/**
 * Installs what a command needs, when it is not there yet: a fresh checkout has Node and npm, and nothing else.
 *
 * `npm install` rather than `npm ci`, because the latter refuses a lock that names platform packages which a
 * registry does not carry. Runs on Node 20 without any package.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync, utimesSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The top of the checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The manifest of the runtimes under test, of the toolchain and of the test libraries. */
export const RUNTIMES = join(ROOT, "test", "runtimes");

/** Makes the packages of the root available: esbuild, hono and noble. */
export function ensureBuildPackages() {
  ensureInstalled(ROOT);
}

/** Makes the packages of the root and of `test/runtimes` available. */
export function ensureTestPackages() {
  ensureInstalled(ROOT);
  ensureInstalled(RUNTIMES);
}

/** Makes the packages of the manifest in this folder available. */
export function ensureInstalled(folder) {
  if (isCurrent(folder)) return;
  const where = relative(ROOT, folder) || ".";
  console.error(`Installing packages in ${where}`);
  const npm = npmCommand();
  const result = spawnSync(npm.command, [...npm.args, "install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: environmentOfPlainNpm(),
    shell: npm.shell,
  });
  if (result.status !== 0) {
    console.error(`Cannot install packages in ${where}: npm ended with ${result.status ?? result.signal}`);
    process.exit(1);
  }
  // npm leaves its marker as it was when everything was there already.
  const now = new Date();
  utimesSync(markerOf(folder), now, now);
}

/** npm writes `node_modules/.package-lock.json` last, so its age is the age of a finished installation. */
function markerOf(folder) {
  return join(folder, "node_modules", ".package-lock.json");
}

function isCurrent(folder) {
  const marker = markerOf(folder);
  if (!existsSync(marker)) return false;
  const installed = statSync(marker).mtimeMs;
  return ["package.json", "package-lock.json"].every((name) => {
    const file = join(folder, name);
    return !existsSync(file) || statSync(file).mtimeMs <= installed;
  });
}

/** `npm run` says where its own script is; started otherwise, npm is looked up on the path. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return { command: process.execPath, args: [script], shell: false };
  }
  return { command: "npm", args: [], shell: process.platform === "win32" };
}

/** What `npm run` puts into the environment describes the outer package and would confuse an inner npm. */
function environmentOfPlainNpm() {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/^npm_(package|lifecycle|command)/.test(name) && !/^npm_config_(local_prefix|prefix)$/.test(name)
  );
  return Object.fromEntries(kept);
}
