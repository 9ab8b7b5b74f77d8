/**
 * The runtimes that programs in one file are made of: packages of npm's, in the locked version, each checked against the
 * lock's checksum before it is unpacked.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { locateRuntime } from "../test/run/runtimes.mjs";
import { RUNTIMES } from "./bootstrap.mjs";

/** Targets as they are called here, and the packages of their runtimes. */
export const BUN_TARGETS = {
  "linux-x64": "@oven/bun-linux-x64",
  "linux-arm64": "@oven/bun-linux-aarch64",
  "linux-x64-musl": "@oven/bun-linux-x64-musl",
  "linux-arm64-musl": "@oven/bun-linux-aarch64-musl",
  "darwin-x64": "@oven/bun-darwin-x64",
  "darwin-arm64": "@oven/bun-darwin-aarch64",
  "windows-x64": "@oven/bun-windows-x64",
};

/** The target of this machine. */
export const HOST_TARGET = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}${
  process.platform === "linux" && isMusl() ? "-musl" : ""
}`;

/** Where fetched runtimes are kept: with the other packages, which no build removes. */
const KEPT = join(RUNTIMES, "node_modules", ".binaries");

/** The runtime of a target, as `{ name, version, licence, program }`. */
export function bunRuntime(target) {
  const name = BUN_TARGETS[target];
  const { version, license } = lockedPackage(name);
  // npm has put this machine's own where it is started from.
  if (target === HOST_TARGET) {
    const { program, missing } = locateRuntime("bun");
    if (missing !== undefined) throw new Error(missing);
    return { name, version, licence: license, program };
  }
  const folder = packageFolder(name);
  const program = readdirSync(join(folder, "bin")).find((file) => /^bun(\.exe)?$/.test(file));
  if (program === undefined) throw new Error(`package ${name} has no program`);
  return { name, version, licence: license, program: join(folder, "bin", program) };
}

/** The folder of a package for another platform, by its name in the lock, which checks what is fetched. */
export function packageFolder(lockedName) {
  const { name = lockedName, version, integrity } = lockedPackage(lockedName);
  return fetched(name, version, integrity);
}

/** What test/runtimes/package-lock.json says of a package. */
export function lockedPackage(name) {
  const lock = JSON.parse(readFileSync(join(RUNTIMES, "package-lock.json"), "utf8"));
  const entry = lock.packages[`node_modules/${name}`];
  if (entry === undefined) throw new Error(`test/runtimes/package-lock.json has no package ${name}`);
  return entry;
}

/** Fetches a package of another platform, which `npm install` leaves out. */
function fetched(name, version, integrity) {
  const folder = join(KEPT, `${name.replace("/", "-")}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(KEPT, { recursive: true });
  const staging = mkdtempSync(join(KEPT, ".new-"));
  try {
    const shell = process.platform === "win32";
    const packed = spawnSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", staging], {
      encoding: "utf8",
      cwd: RUNTIMES,
      shell,
    });
    const archive = packed.status === 0 ? packed.stdout.trim().split("\n").at(-1) : undefined;
    if (archive === undefined) throw new Error(`npm cannot fetch ${name} ${version}`);
    const [algorithm, expected] = integrity.split("-");
    const found = createHash(algorithm).update(readFileSync(join(staging, archive))).digest("base64");
    if (found !== expected) throw new Error(`${name} ${version} is not what the lock says: its checksum differs`);
    const unpacked = spawnSync("tar", ["-xzf", archive], { cwd: staging, stdio: "inherit" });
    if (unpacked.status !== 0) throw new Error(`tar cannot unpack ${name}`);
    renameSync(join(staging, "package"), folder);
    return folder;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Whether this Node runs on musl: its report names glibc's version otherwise. */
function isMusl() {
  return process.report?.getReport().header.glibcVersionRuntime === undefined;
}
