/**
 * Foreign functions by `bun:ffi`, on the thread of JavaScript alone: where koffi is installed, Bun takes that one for
 * its calls on other threads.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HsmError } from "../hsm-error.ts";
import type { CArgument, CType, ForeignFunctions, ForeignLibrary } from "./foreign-functions.ts";
import { loaderError } from "./loader-error.ts";
import { foreignPlatform, type NodeProcess } from "./platform.ts";

/** The part of `bun:ffi` that is used. */
export interface BunForeign {
  /** Loads a library and looks symbols up, at least one. */
  dlopen(path: string, symbols: Readonly<Record<string, BunSignature>>): BunLibrary;
  /** A function at an address. */
  readonly CFunction: new (definition: BunSignature & { readonly ptr: number }) => (...args: CArgument[]) => CArgument;
  /** The address of memory of ours. */
  ptr(memory: Bytes): number;
  /** Memory at an address, not copied. */
  toArrayBuffer(address: number, offset: number, length: number): ArrayBuffer;
}

/** A signature in Bun's words. */
export interface BunSignature {
  /** Types of the parameters. */
  readonly args: readonly string[];
  /** Type of the result. */
  readonly returns: string;
}

/** A library as Bun has it. */
export interface BunLibrary {
  /** What was asked for. */
  readonly symbols: Readonly<Record<string, { readonly ptr: number }>>;
  /** Unloads it. */
  close(): void;
}

/** Whether there is a file of this name. */
export type FileExists = (path: string) => boolean;

/** Foreign functions by Bun itself. */
export function bunFunctions(bun: BunForeign, process: NodeProcess, fileExists: FileExists): ForeignFunctions {
  return {
    name: "bun:ffi",
    platform: foreignPlatform(process.platform, process.arch),
    open: (path) => openLibrary(bun, path, fileExists),
    functionAt: (address, signature) => {
      const args = signature.parameters.map((type) => TYPES[type]);
      const native = new bun.CFunction({ ptr: Number(address), args, returns: RESULTS[signature.result] });
      return { call: (...args) => Number(native(...args)) };
    },
    addressOf: (memory) => BigInt(bun.ptr(memory)),
    read: (address, length) => new Uint8Array(bun.toArrayBuffer(Number(address), 0, length)).slice(),
  };
}

const TYPES: Readonly<Record<CType, string>> = { u8: "u8", u32: "u32", u64: "u64", pointer: "u64" };

/** `u64_fast` is a number where it fits. */
const RESULTS = { u32: "u32", u64: "u64_fast" } as const;

/** The one symbol that a library is opened with: there is none of that name, and Bun says so. */
const NO_SYMBOL = "anyrole_asks_whether_this_is_a_library";

function openLibrary(bun: BunForeign, path: string, fileExists: FileExists): ForeignLibrary {
  if (!/[/\\]/.test(path) && fileExists(path)) {
    throw new HsmError(
      "ERR_HSM_MODULE_NOT_LOADABLE",
      `Cannot load ${path}: a file of that name lies in the working folder, and Bun would take that one; ` +
        "give the full path of the module",
      { module: path },
    );
  }
  const opened: BunLibrary[] = [];
  const addressOf = (name: string): bigint | undefined => {
    try {
      const library = bun.dlopen(path, { [name]: { args: [], returns: "u64" } });
      opened.push(library);
      return BigInt(library.symbols[name]!.ptr);
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_DLOPEN_FAILED") throw loaderError(path, error);
      // Bun has loaded the library and has not found the symbol.
      return undefined;
    }
  };
  addressOf(NO_SYMBOL);
  return {
    symbol: addressOf,
    close: () => {
      for (const library of opened) library.close();
    },
  };
}
