/**
 * The `anyrole` command on Node: starts the program, compiled already if it can be.
 *
 * The SDKs start `credential-process` again and again, and a third of such a start is V8 compiling the functions that
 * are called. The first one that succeeds keeps them in a file beside the program, for this version of Node; where that
 * folder cannot be written, nothing is kept. Who can write into the folder can change the program itself. V8 refuses
 * what another version, other flags or another length of the text made; that the text is the same is said by the name of
 * its file, a digest, and that nothing is damaged by another digest, before what is kept.
 *
 * `NODE_DISABLE_COMPILE_CACHE=1` keeps and uses nothing, as for Node's own cache.
 *
 * @module
 */

import { createHash, hash } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { arch, argv, env, exit, pid, platform, version } from "node:process";
import { Script } from "node:vm";

import { cacheDirectory } from "../shared/credential-store/cache-directory.ts";

/** Of CommonJS, which this file becomes. */
declare const require: (name: string) => unknown;
declare const __dirname: string;
/** Name of the program's file, by the build. */
declare const PROGRAM: string;

type Load = (
  exports: { program: (argv: readonly string[]) => Promise<number> },
  require: unknown,
  module: object,
) => void;

/** Of SHA-256. */
const DIGEST_LENGTH = 32;

/** As long as sessions of the default duration are handed out again, in milliseconds. */
const SHARED_MS = 2_700_000;

const frequent = argv[2] === "credential-process";
// Node reads the certificates of its authorities on a thread that this starts, and a connection waits for all of them.
if (frequent && !argv.some((word) => word.includes("http://")) && !isShared()) require("node:tls");

const path = `${__dirname}/${PROGRAM}`;
const compiledPath = env["NODE_DISABLE_COMPILE_CACHE"] ? undefined : `${path}.${version}-${arch}.cache`;
const script = new Script(readFileSync(path, "latin1"), { filename: path, cachedData: compiled() });
const module = { exports: {} as Parameters<Load>[0] };
(script.runInThisContext() as Load)(module.exports, require, module);

module.exports.program(argv.slice(2)).then((code) => {
  if (frequent && code === 0 && script.cachedDataRejected !== false) keepCompiled();
  // Everything is written by then; open connections are not waited for.
  exit(code);
});

/** Whether somebody has lately kept credentials: then this one will hardly call. A wrong guess costs a few milliseconds. */
function isShared(): boolean {
  if (argv.includes("--no-cache") || env["ANYROLE_NO_CACHE"]) return false;
  const system = platform === "win32" ? "windows" : platform;
  const directory = cacheDirectory({ environment: (name) => env[name], platform: system });
  try {
    return directory !== undefined && Date.now() - statSync(directory).mtimeMs < SHARED_MS;
  } catch {
    return false; // Nobody has yet.
  }
}

function compiled(): Uint8Array | undefined {
  if (compiledPath === undefined) return undefined;
  try {
    const kept = readFileSync(compiledPath);
    const code = kept.subarray(DIGEST_LENGTH);
    return kept.subarray(0, DIGEST_LENGTH).equals(digest(code)) ? code : undefined;
  } catch {
    return undefined; // Not kept yet, or not to be read.
  }
}

/** Whole or not at all: others may start meanwhile. */
function keepCompiled(): void {
  if (compiledPath === undefined) return;
  const unfinished = `${compiledPath}.${pid}`;
  try {
    const code = script.createCachedData();
    writeFileSync(unfinished, Buffer.concat([digest(code), code]), { flag: "wx" });
    renameSync(unfinished, compiledPath);
  } catch {
    // The folder cannot be written: the next start compiles as this one did.
    rmSync(unfinished, { force: true });
  }
}

/** `hash` came with Node 20.12; the program calls it anyway, so that it is loaded once. */
function digest(code: Uint8Array): Buffer {
  return typeof hash === "function" ? hash("sha256", code, "buffer") : createHash("sha256").update(code).digest();
}
