/**
 * Keys of the Linux kernel: the operations of keyctl(2) that find a key and sign with it.
 *
 * They are called as `syscall()` of the C library, which is there in every program; libkeyutils need not be. `syscall()` is
 * variadic and is called here with a fixed number of arguments: for integers, both do the same in the calling conventions
 * of Linux on x86-64 and on arm64, the two processors that are served. Its failures are told by `errno` of the thread, so
 * that every call is made on this one, and `errno` is read at once.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/keyctl.2.html | keyctl(2)}
 * @see {@link https://docs.kernel.org/security/keys/core.html | Kernel key retention service}
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import type { CArgument, ForeignFunctions, ForeignLibrary } from "../ffi/foreign-functions.ts";
import { NativeMemory } from "../memory/native-memory.ts";
import { KeystoreError } from "./keystore-error.ts";

/** What the kernel says of a key: `struct keyctl_pkey_query`. */
export interface KernelKeyFacts {
  /** Whether it signs: `KEYCTL_SUPPORTS_SIGN`. */
  readonly signs: boolean;
  /** Its length in bits. */
  readonly keyBits: number;
  /** Longest input of a signature, in octets: the digest. */
  readonly maxDataLength: number;
  /** Longest signature, in octets. */
  readonly maxSignatureLength: number;
}

/** A call of the kernel that failed. */
export class KernelRefusal extends Error {
  /** The operation: `KEYCTL_PKEY_SIGN`. */
  readonly operation: string;
  /** `errno`. */
  readonly errorNumber: number;

  /** Makes the refusal. */
  constructor(operation: string, errorNumber: number) {
    super(`${operation}: ${errorNumber}`);
    this.operation = operation;
    this.errorNumber = errorNumber;
  }
}

/** The keys of this process, its session and its user. Every operation throws {@linkcode KernelRefusal}. */
export interface KernelKeys {
  /** The serial number of the asymmetric key of this description, in the session's keyring, then in the user's. */
  search(description: string): number;
  /** What the key can do. @param information `enc=pkcs1 hash=sha256` */
  query(key: number, information: string): KernelKeyFacts;
  /** Signs a digest. @param maxLength octets that the signature may have: no more than the query answered */
  sign(key: number, information: string, digest: Bytes, maxLength: number): Bytes;
  /** Gives the C library back. */
  close(): void;
}

/**
 * Reaches the keys of the kernel.
 *
 * @param architecture the processor, as Node (`x64`, `arm64`) or Deno (`x86_64`, `aarch64`) spells it
 * @throws {KeystoreError} `ERR_KEYSTORE_PLATFORM` on other processors and systems
 * @throws {HsmError} when the C library cannot be loaded
 */
export function openKernelKeys(ffi: ForeignFunctions, architecture: string): KernelKeys {
  const processor = PROCESSORS[architecture];
  if (ffi.platform !== "unix" || processor === undefined) {
    const state = `keys of the Linux kernel are reached on x86-64 and arm64, and this is ${architecture}`;
    throw new KeystoreError("ERR_KEYSTORE_PLATFORM", "linux-keyring", `Cannot use the kernel's keys: ${state}`);
  }
  const library = openLibrary(ffi, processor.musl);
  const syscall = functionOf(ffi, library, "syscall", { parameters: Array(6).fill("u64"), result: "u32" });
  const errorLocation = functionOf(ffi, library, "__errno_location", { parameters: [], result: "u64" });
  const memory = new NativeMemory(ffi, MEMORY_LENGTH);

  const keyctl = (operation: keyof typeof OPERATIONS, ...args: readonly [CArgument, ...CArgument[]]): number => {
    const rest = [...args, 0, 0, 0].slice(0, 4);
    const at = BigInt(errorLocation.call());
    const result = syscall.call(processor.keyctl, OPERATIONS[operation], ...rest);
    if (result !== FAILED) return result;
    const octets = ffi.read(at, 4);
    throw new KernelRefusal(operation, new DataView(octets.buffer, octets.byteOffset).getInt32(0, true));
  };
  /** Lends the memory for one call. Digests and signatures are no secrets, and are overwritten all the same. */
  const borrowing = <T>(use: () => T): T => {
    try {
      return use();
    } finally {
      memory.clear();
    }
  };
  const put = (octets: Uint8Array): number => memory.addressOf(memory.put(octets));
  const text = (value: string): number => put(concatBytes([encodeUtf8(value), Uint8Array.of(0)]));

  const search = (keyring: bigint, description: string): number =>
    borrowing(() => keyctl("KEYCTL_SEARCH", BigInt.asUintN(64, keyring), text("asymmetric"), text(description), 0));

  return {
    search: (description) => {
      try {
        return search(SESSION_KEYRING, description);
      } catch (error) {
        if (!(error instanceof KernelRefusal) || error.errorNumber !== ENOKEY) throw error;
        return search(USER_KEYRING, description);
      }
    },
    query: (key, information) =>
      borrowing(() => {
        const answer = memory.reserve(QUERY_LENGTH);
        // The third argument has no use, and must be 0.
        keyctl("KEYCTL_PKEY_QUERY", key, 0, text(information), memory.addressOf(answer));
        const view = new DataView(memory.read(answer, QUERY_LENGTH).buffer);
        return {
          signs: (view.getUint32(0, true) & SUPPORTS_SIGN) !== 0,
          keyBits: view.getUint32(4, true),
          maxDataLength: view.getUint16(8, true),
          maxSignatureLength: view.getUint16(10, true),
        };
      }),
    sign: (key, information, digest, maxLength) =>
      borrowing(() => {
        const parameters = new DataView(new ArrayBuffer(PARAMETERS_LENGTH));
        parameters.setInt32(0, key, true);
        parameters.setUint32(4, digest.length, true);
        parameters.setUint32(8, maxLength, true);
        const at = memory.reserve(maxLength);
        const length = keyctl(
          "KEYCTL_PKEY_SIGN",
          put(new Uint8Array(parameters.buffer)),
          text(information),
          put(digest),
          memory.addressOf(at),
        );
        return memory.read(at, Math.min(length, maxLength));
      }),
    close: () => library.close(),
  };
}

/** The C library, of glibc or of musl. */
function openLibrary(ffi: ForeignFunctions, musl: string): ForeignLibrary {
  try {
    return ffi.open("libc.so.6");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "ERR_HSM_MODULE_NOT_FOUND") throw error;
    return ffi.open(musl);
  }
}

function functionOf(
  ffi: ForeignFunctions,
  library: ForeignLibrary,
  name: string,
  signature: Parameters<ForeignFunctions["functionAt"]>[1],
): ReturnType<ForeignFunctions["functionAt"]> {
  const address = library.symbol(name);
  if (address !== undefined) return ffi.functionAt(address, signature, name);
  const state = `this system's C library has no ${name}; is it Linux?`;
  throw new KeystoreError("ERR_KEYSTORE_PLATFORM", "linux-keyring", `Cannot use the kernel's keys: ${state}`);
}

/** Room for a description (4095 octets at most) or a signature (65,535) and what goes with it, each rounded up. */
const MEMORY_LENGTH = 81_920;

/** -1 of `long`, of which the lower half is looked at: everything that these operations answer fits into it. */
const FAILED = 0xffff_ffff;

const ENOKEY = 126;

/** Octets of `struct keyctl_pkey_query` and `struct keyctl_pkey_params` (linux/keyctl.h); the rest of both is spare. */
const QUERY_LENGTH = 56;
const PARAMETERS_LENGTH = 40;

const SUPPORTS_SIGN = 4;
const SESSION_KEYRING = -3n;
const USER_KEYRING = -4n;

const OPERATIONS = { KEYCTL_SEARCH: 10, KEYCTL_PKEY_QUERY: 24, KEYCTL_PKEY_SIGN: 27 } as const;

/** The number of the system call, and the name of musl's C library. */
const PROCESSORS: Readonly<Record<string, { readonly keyctl: number; readonly musl: string }>> =
  /* @__PURE__ */ processors();

function processors(): Readonly<Record<string, { readonly keyctl: number; readonly musl: string }>> {
  const intel = { keyctl: 250, musl: "libc.musl-x86_64.so.1" };
  const arm = { keyctl: 219, musl: "libc.musl-aarch64.so.1" };
  return { x64: intel, x86_64: intel, arm64: arm, aarch64: arm };
}
