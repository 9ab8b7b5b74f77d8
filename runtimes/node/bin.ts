/**
 * The `anyrole` command on Node: starts the program, compiled already if it can be.
 *
 * The SDKs start `credential-process` again and again, and a third of such a start is V8 compiling the functions that
 * are called. The first one that succeeds keeps them in files beside the program's own, those that it has loaded, for this
 * version of Node; where that folder cannot be written, nothing is kept. Who can write into the folder can change the
 * program itself. V8 refuses what another version, other flags or another length of the text made; that the text is the
 * same is said by the name of the folder, a digest, and that nothing is damaged by another digest, before what is kept.
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
/** Name of the folder of the program's files, by the build. */
declare const PROGRAM: string;

type Load = (exports: object, require: (name: string) => unknown, module: { readonly exports: object }) => void;

/** A file of the program. */
interface Part {
  readonly path: string;
  readonly script: Script;
  readonly exports: object;
}

/** Of SHA-256. */
const DIGEST_LENGTH = 32;

/** As long as sessions of the default duration are handed out again, in milliseconds. */
const SHARED_MS = 2_700_000;

const frequent = argv[2] === "credential-process";
// Node reads the certificates of its authorities on a thread that this starts, and a connection waits for all of them.
if (frequent && !argv.some((word) => word.includes("http://")) && !isShared()) require("node:tls");

const keeps = !env["NODE_DISABLE_COMPILE_CACHE"];
const parts = new Map<string, Part>();
const { program } = load("./program.cjs") as { program: (argv: readonly string[]) => Promise<number> };

program(argv.slice(2)).then((code) => {
  if (frequent && code === 0 && keeps) { for (const part of parts.values()) keepCompiled(part); }
  // Everything is written by then; open connections are not waited for.
  exit(code);
});

/** What the program's files call `require`: for one another, and for everything else. */
function load(name: string): unknown {
  if (!name.startsWith("./")) return name === "koffi" ? koffi() : require(name);
  const known = parts.get(name);
  if (known !== undefined) return known.exports;
  const path = `${__dirname}/${PROGRAM}/${name.slice(2)}`;
  const script = new Script(readFileSync(path, "latin1"), { filename: path, cachedData: compiled(path) });
  const module = { exports: {} };
  (script.runInThisContext() as Load)(module.exports, load, module);
  parts.set(name, { path, script, exports: module.exports });
  return module.exports;
}

/**
 * koffi's addon, which has all that the program uses, without the modules around it, which take more time to load than the
 * addon: they find it, and add what koffi has given up. koffi itself where the addon's package is not found from here.
 */
function koffi(): unknown {
  try {
    const addon = require(`@koromix/koffi-${platform}-${arch}`) as { readonly version: string };
    if (addon.version.startsWith("3.")) return addon;
  } catch {
    // koffi looks in other places, and says what is wrong.
  }
  return require("koffi");
}

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

function compiledPath(path: string): string {
  return `${path}.${version}-${arch}.cache`;
}

function compiled(path: string): Uint8Array | undefined {
  if (!keeps) return undefined;
  try {
    const kept = readFileSync(compiledPath(path));
    const code = kept.subarray(DIGEST_LENGTH);
    return kept.subarray(0, DIGEST_LENGTH).equals(digest(code)) ? code : undefined;
  } catch {
    return undefined; // Not kept yet, or not to be read.
  }
}

/** Whole or not at all: others may start meanwhile. What was used as it was kept stays. */
function keepCompiled({ path, script }: Part): void {
  if (script.cachedDataRejected === false) return;
  const unfinished = `${compiledPath(path)}.${pid}`;
  try {
    const code = script.createCachedData();
    writeFileSync(unfinished, Buffer.concat([digest(code), code]), { flag: "wx", mode: 0o644 });
    renameSync(unfinished, compiledPath(path));
  } catch {
    // The folder cannot be written: the next start compiles as this one did.
    rmSync(unfinished, { force: true });
  }
}

/** `hash` came with Node 20.12; the program calls it anyway, so that it is loaded once. */
function digest(code: Uint8Array): Buffer {
  return typeof hash === "function" ? hash("sha256", code, "buffer") : createHash("sha256").update(code).digest();
}
