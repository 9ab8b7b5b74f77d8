/**
 * Foreign functions by koffi, in Node and in Bun: prebuilt, no compiler, and calls on other threads.
 *
 * koffi is an optional peer dependency: whoever wants it installs it.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HsmError } from "../hsm-error.ts";
import type { CArgument, CType, ForeignFunction, ForeignFunctions, ForeignLibrary } from "./foreign-functions.ts";
import { loaderError } from "./loader-error.ts";
import { foreignPlatform, type NodeProcess } from "./platform.ts";

/** The part of koffi that is used. */
export interface Koffi {
  /** Loads a library. */
  load(path: string): KoffiLibrary;
  /** A function type. */
  proto(result: string, parameters: string[]): unknown;
  /** A function at an address, by its type. */
  decode(address: bigint, type: unknown): KoffiFunction;
  /** The address of memory of ours. */
  address(memory: Bytes): bigint;
  /** Memory at an address, not copied. */
  view(address: bigint, length: number): ArrayBuffer;
}

/** A library as koffi has it. */
export interface KoffiLibrary {
  /** The address of a symbol; throws when there is none. */
  symbol(name: string): bigint;
  /** Unloads it. */
  unload(): void;
}

/** A function as koffi has it. */
export interface KoffiFunction {
  (...args: CArgument[]): CArgument;
  async(...args: [...CArgument[], (error: unknown, result: CArgument) => void]): void;
}

/**
 * koffi as it is installed; undefined when it is not.
 *
 * @throws {HsmError} `ERR_HSM_FFI_UNAVAILABLE`: it is installed and does not load
 */
export async function loadKoffi(): Promise<Koffi | undefined> {
  try {
    // The type assertion keeps compilers and bundlers from looking for a package that need not be there.
    const module = await import("koffi" as string) as { readonly default: Koffi };
    return module.default;
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    if (/MODULE_NOT_FOUND$/.test(code ?? "") && /["']koffi["']/.test(message ?? "")) return undefined;
    throw new HsmError(
      "ERR_HSM_FFI_UNAVAILABLE",
      `Cannot load koffi: it is installed and does not start (${message}); install it again`,
      { cause: error },
    );
  }
}

/** Foreign functions by koffi. */
export function koffiFunctions(koffi: Koffi, process: NodeProcess): ForeignFunctions {
  return {
    name: "koffi",
    platform: foreignPlatform(process.platform, process.arch),
    open: (path) => openLibrary(koffi, path),
    functionAt: (address, signature) => {
      const proto = koffi.proto(TYPES[signature.result], signature.parameters.map((type) => TYPES[type]));
      return foreignFunction(koffi.decode(address, proto));
    },
    addressOf: (memory) => koffi.address(memory),
    read: (address, length) => new Uint8Array(koffi.view(address, length)).slice(),
  };
}

/** Addresses as numbers: koffi would look at a pointer's target. */
const TYPES: Readonly<Record<CType, string>> = {
  u8: "uint8_t",
  u32: "uint32_t",
  u64: "uint64_t",
  pointer: "uint64_t",
};

function openLibrary(koffi: Koffi, path: string): ForeignLibrary {
  let library: KoffiLibrary;
  try {
    library = koffi.load(path);
  } catch (error) {
    throw loaderError(path, error);
  }
  return {
    symbol: (name) => {
      try {
        return library.symbol(name);
      } catch {
        // koffi has one reason to throw here: there is no such symbol.
        return undefined;
      }
    },
    close: () => library.unload(),
  };
}

function foreignFunction(native: KoffiFunction): ForeignFunction {
  return {
    call: (...args) => Number(native(...args)),
    callAsync: (...args) =>
      new Promise((resolve, reject) => {
        native.async(...args, (error, result) => error ? reject(error) : resolve(Number(result)));
      }),
  };
}
