/**
 * The peers that are not JavaScript, compiled once a run where there is a compiler: OpenSSL's libcrypto in C, and Go's
 * standard library.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../build/bootstrap.mjs";
import { leaveOut } from "./left-out.mjs";

const SOURCE = join(ROOT, "bench", "compare", "native-driver");

/** Where Go installs itself; it is not always on the path. */
const GO = ["/usr/local/go/bin/go", "/usr/lib/go/bin/go"].find((path) => existsSync(path)) ?? "go";

let built;

/** The drivers that could be compiled: `{ name, program, version }`. */
export function nativeDrivers() {
  built ??= build();
  for (const sentence of built.leftOut) leaveOut(sentence);
  return built.drivers;
}

/** Removes them. */
export function removeNativeDrivers() {
  if (built !== undefined) rmSync(built.folder, { recursive: true, force: true });
}

/** Versions, as far as they were compiled. */
export function nativeVersions() {
  return Object.fromEntries(built?.drivers.map(({ name, version }) => [name, version]) ?? []);
}

function build() {
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  const leftOut = [];
  const compile = (name, what, command, args, environment = {}) => {
    const program = join(folder, name);
    const options = { encoding: "utf8", env: { ...process.env, ...environment } };
    const { status } = spawnSync(command, args(program), options);
    if (status === 0) return [{ name: what, program, version: spawnSync(program, ["version"], options).stdout.trim() }];
    leftOut.push(`${what} is left out: its driver cannot be compiled by ${command} here`);
    return [];
  };
  const drivers = [
    ...compile("libcrypto", "libcrypto", "cc", (program) => ["-O2", "-o", program, `${SOURCE}.c`, "-lcrypto"]),
    ...compile("go", "Go crypto/x509", GO, (program) => ["build", "-o", program, `${SOURCE}.go`], {
      GO111MODULE: "off",
      GOTOOLCHAIN: "local",
      GOCACHE: join(folder, "cache"),
    }),
  ];
  return { folder, drivers, leftOut };
}
