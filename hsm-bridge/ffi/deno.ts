/**
 * Foreign functions by `Deno.dlopen`. Deno wants `--allow-ffi` without a path: pointers need it.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HsmError } from "../hsm-error.ts";
import type { CArgument, CSignature, ForeignFunction, ForeignFunctions, ForeignLibrary } from "./foreign-functions.ts";
import { loaderError } from "./loader-error.ts";
import { foreignPlatform } from "./platform.ts";

/** The part of `Deno` that is used. */
export interface DenoForeign {
  /** Which build of Deno this is. */
  readonly build: { readonly os: string; readonly arch: string };
  /** Loads a library and looks symbols up. */
  dlopen(path: string, symbols: Readonly<Record<string, unknown>>): DenoLibrary;
  /** Pointers. */
  readonly UnsafePointer: {
    of(memory: Bytes): unknown;
    create(address: bigint): unknown;
    value(pointer: unknown): CArgument;
  };
  /** Functions at pointers. */
  readonly UnsafeFnPointer: new (pointer: unknown, definition: unknown) => { call(...args: CArgument[]): unknown };
  /** Foreign memory. */
  readonly UnsafePointerView: { getArrayBuffer(pointer: unknown, length: number): ArrayBuffer };
}

/** A library as Deno has it. */
export interface DenoLibrary {
  /** What was asked for; null for what is not there. */
  readonly symbols: Readonly<Record<string, unknown>>;
  /** Unloads it. */
  close(): void;
}

/** Foreign functions by Deno itself. */
export function denoFunctions(deno: DenoForeign): ForeignFunctions {
  return {
    name: "Deno.dlopen",
    platform: foreignPlatform(deno.build.os, deno.build.arch),
    open: (path) => openLibrary(deno, path),
    functionAt: (address, signature) => foreignFunction(deno, address, signature),
    addressOf: (memory) => BigInt(deno.UnsafePointer.value(deno.UnsafePointer.of(memory))),
    read: (address, length) => {
      const pointer = deno.UnsafePointer.create(address);
      return new Uint8Array(deno.UnsafePointerView.getArrayBuffer(pointer, length)).slice();
    },
  };
}

/** `OPENSSL_INIT_NO_ATEXIT` of `<openssl/crypto.h>`. */
const OPENSSL_INIT_NO_ATEXIT = 0x80000;

function openLibrary(deno: DenoForeign, path: string): ForeignLibrary {
  const opened: DenoLibrary[] = [];
  const symbol = (name: string): bigint | undefined => {
    const library = load(deno, path, { [name]: { type: "pointer", optional: true } });
    opened.push(library);
    const pointer = library.symbols[name];
    return pointer === null ? undefined : BigInt(deno.UnsafePointer.value(pointer));
  };
  leaveOpensslAtExit(deno, symbol("OPENSSL_init_crypto"));
  return {
    symbol,
    close: () => {
      for (const library of opened) library.close();
    },
  };
}

/**
 * Tells the OpenSSL that a library is linked with, if it is, not to clean up when the process ends: a program that comes
 * to its end in Deno ends the threads of calls at that same moment, and then both free the same memory.
 */
function leaveOpensslAtExit(deno: DenoForeign, initCrypto: bigint | undefined): void {
  if (initCrypto === undefined) return;
  foreignFunction(deno, initCrypto, { parameters: ["u64", "pointer"], result: "u32" }).call(OPENSSL_INIT_NO_ATEXIT, 0n);
}

function load(deno: DenoForeign, path: string, symbols: Readonly<Record<string, unknown>>): DenoLibrary {
  try {
    // With a path as its permission Deno loads the library and refuses pointers: better to know before.
    deno.UnsafePointer.create(1n);
    return deno.dlopen(path, symbols);
  } catch (error) {
    if ((error as Error).name !== "NotCapable") throw loaderError(path, error);
    throw new HsmError(
      "ERR_HSM_FFI_UNAVAILABLE",
      `Cannot load ${path}: Deno does not allow it; run it with --allow-ffi (without a path: pointers need that)`,
      { module: path, cause: error },
    );
  }
}

function foreignFunction(deno: DenoForeign, address: bigint, signature: CSignature): ForeignFunction {
  const pointer = deno.UnsafePointer.create(address);
  // Addresses as numbers: that spares an object for each.
  const parameters = signature.parameters.map((type) => type === "pointer" ? "u64" : type);
  const definition = { parameters, result: signature.result };
  const here = new deno.UnsafeFnPointer(pointer, definition);
  const elsewhere = new deno.UnsafeFnPointer(pointer, { ...definition, nonblocking: true });
  return {
    call: (...args) => Number(here.call(...args)),
    callAsync: async (...args) => Number(await elsewhere.call(...args)),
  };
}
