/**
 * The contract of a foreign function interface: what the bridge asks of a runtime to call a C library.
 *
 * It is small on purpose. A library is opened, an address is called with C types, memory of ours has an address, and
 * foreign memory is copied out. Addresses and handles are `bigint`: a session handle of some tokens lies above 2^53,
 * and a rounded one crashes the process.
 *
 * Only processes with 64-bit addresses are served.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";

/** A C type of a parameter or result; `pointer` is an address, 0n for NULL. */
export type CType = "u8" | "u32" | "u64" | "pointer";

/** The parameters and the result of a C function. */
export interface CSignature {
  /** Types of the parameters, in order. */
  readonly parameters: readonly CType[];
  /** Type of the result. */
  readonly result: "u32" | "u64";
}

/** An argument: `pointer` and `u64` take either form, a number only up to 2^53. */
export type CArgument = number | bigint;

/** A C function at an address. */
export interface ForeignFunction {
  /**
   * Calls it on this thread and answers its result, which must be below 2^53 (a `CK_RV`, a `TBS_RESULT`).
   *
   * Memory that arguments point to must be reachable from JavaScript until it returns.
   */
  call(...args: CArgument[]): number;
  /**
   * The same on another thread, so that the event loop goes on; absent where the backend has no such call.
   *
   * Memory that arguments point to must be reachable from JavaScript until the promise settles.
   */
  callAsync?(...args: CArgument[]): Promise<number>;
}

/** A library that is loaded. */
export interface ForeignLibrary {
  /** The address of an exported symbol; undefined when there is none of that name. */
  symbol(name: string): bigint | undefined;
  /** Gives the library back. No function of it may be called afterwards, nor be in a call. */
  close(): void;
}

/** A foreign function interface. */
export interface ForeignFunctions {
  /** Which backend this is, for messages: `koffi`, `node:ffi`, `Deno.dlopen`, `bun:ffi`. */
  readonly name: string;
  /** The operating system and the width of C's types there. */
  readonly platform: ForeignPlatform;
  /**
   * Loads a library, by path or by a bare name that the system's loader looks for.
   *
   * @throws {HsmError} `ERR_HSM_MODULE_NOT_FOUND` or `ERR_HSM_MODULE_NOT_LOADABLE`
   */
  open(path: string): ForeignLibrary;
  /**
   * A function at an address, such as one out of a function list.
   *
   * @param name what its header calls it, for a backend that calls exported symbols better than addresses
   * @throws {HsmError} `ERR_HSM_FFI_UNAVAILABLE` where the backend cannot call this one
   */
  functionAt(address: bigint, signature: CSignature, name: string): ForeignFunction;
  /**
   * The address of the first octet. Valid as long as the memory is reachable from JavaScript.
   *
   * @param memory the whole of an `ArrayBuffer` of its own: engines move short typed arrays that have none
   */
  addressOf(memory: Bytes): bigint;
  /** Copies octets from an address that foreign code gave us; the range must be readable. */
  read(address: bigint, length: number): Bytes;
}

/** `windows`: `unsigned long` has 4 octets (LLP64) and PKCS#11 structures are packed; `unix`: 8, and aligned (LP64). */
export type ForeignPlatform = "unix" | "windows";
