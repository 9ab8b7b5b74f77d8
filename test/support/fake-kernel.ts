/**
 * A Linux kernel that exists only in JavaScript, as far as keyctl(2) shows it: foreign functions over memory that is a table
 * of arrays, and behind `syscall()` keys that sign. It reads and writes C structures by offsets of its own, so that it
 * checks ours.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type {
  CArgument,
  CSignature,
  ForeignFunction,
  ForeignFunctions,
  ForeignPlatform,
} from "../../hsm-bridge/ffi/foreign-functions.ts";
import { loaderError } from "../../hsm-bridge/ffi/loader-error.ts";
import { FakeMemory } from "./fake-memory.ts";

/** A key of the kernel. */
export interface KernelKey {
  readonly description: string;
  /** The keyring that it is in: -3 of the session, -4 of the user. */
  readonly keyring: number;
  /** Signs a digest. @param information as it came: `enc=pkcs1 hash=sha256` */
  readonly sign: (digest: Bytes, information: string) => Bytes;
  /** Longest signature, in octets. */
  readonly signatureLength: number;
  /** Default: sign and verify. */
  readonly operations?: number;
}

/** How a kernel is. */
export interface FakeKernelOptions {
  /** Number of the system call; default that of x86-64. */
  readonly keyctl?: number;
  /** Name of the C library; default glibc's. */
  readonly library?: string;
  readonly platform?: ForeignPlatform;
}

const SYSCALL = 0x7f00_0000_1000n;
const ERROR_LOCATION = 0x7f00_0000_2000n;

/** The kernel, and the foreign functions that reach it. */
export class FakeKernel implements ForeignFunctions {
  readonly name = "fake kernel";
  readonly platform: ForeignPlatform;
  /** Keys by serial number. */
  readonly keys = new Map<number, KernelKey>();
  /** Every operation: `10 session asymmetric edge`. */
  readonly calls: string[] = [];
  /** Libraries that are open. */
  libraries = 0;
  /** Errors that operations end with, by the operation's number. */
  readonly failures = new Map<number, number>();
  readonly memory: FakeMemory;
  readonly #options: FakeKernelOptions;
  readonly #error: { readonly at: bigint; readonly octets: Bytes };

  constructor(options: FakeKernelOptions = {}) {
    this.#options = options;
    this.platform = options.platform ?? "unix";
    this.memory = new FakeMemory("unix");
    const octets = new Uint8Array(4);
    this.#error = { at: this.memory.register(octets), octets };
  }

  open(path: string): ReturnType<ForeignFunctions["open"]> {
    if (path !== (this.#options.library ?? "libc.so.6")) {
      throw loaderError(path, new Error(`${path}: cannot open shared object file: No such file or directory`));
    }
    this.libraries++;
    return {
      symbol: (name) => ({ syscall: SYSCALL, __errno_location: ERROR_LOCATION })[name],
      close: () => void this.libraries--,
    };
  }

  functionAt(address: bigint, { parameters, result }: CSignature): ForeignFunction {
    return {
      call: (...args: CArgument[]) => {
        if (args.length !== parameters.length) throw new Error(`${args.length} arguments for ${parameters.length}`);
        if (address === ERROR_LOCATION) return Number(this.#error.at);
        if (result !== "u32") throw new Error("a serial number has 32 bits");
        return this.#syscall(args.map(BigInt));
      },
    };
  }

  addressOf(memory: Bytes): bigint {
    return this.memory.register(memory);
  }

  read(address: bigint, length: number): Bytes {
    return this.memory.read(address, length);
  }

  #syscall([number, operation, ...args]: readonly bigint[]): number {
    if (number !== BigInt(this.#options.keyctl ?? 250)) return this.#fail(38);
    const failure = this.failures.get(Number(operation));
    if (failure !== undefined) return this.#fail(failure);
    switch (operation) {
      case 10n:
        return this.#search(args);
      case 24n:
        return this.#query(args);
      case 27n:
        return this.#sign(args);
      default:
        return this.#fail(95);
    }
  }

  #search([keyring, type, description, destination]: readonly bigint[]): number {
    const [kind, wanted] = [this.memory.readCString(type!), this.memory.readCString(description!)];
    const ring = Number(BigInt.asIntN(32, keyring!));
    this.calls.push(`search ${ring} ${kind} ${wanted}`);
    if (destination !== 0n || BigInt.asUintN(64, BigInt(ring)) !== keyring) return this.#fail(22);
    const found = [...this.keys].find(([, key]) => key.keyring === ring && key.description === wanted);
    return found?.[0] ?? this.#fail(126);
  }

  #query([serial, unused, information, answer]: readonly bigint[]): number {
    this.calls.push(`query ${serial} ${this.memory.readCString(information!)}`);
    const key = this.keys.get(Number(serial));
    if (key === undefined) return this.#fail(126);
    if (unused !== 0n) return this.#fail(22);
    const octets = new Uint8Array(56);
    const view = new DataView(octets.buffer);
    view.setUint32(0, key.operations ?? 12, true);
    view.setUint32(4, key.signatureLength * 8, true);
    view.setUint16(8, key.signatureLength, true);
    view.setUint16(10, key.signatureLength, true);
    this.memory.write(answer!, octets);
    return 0;
  }

  #sign([parameters, information, data, into]: readonly bigint[]): number {
    const octets = this.memory.read(parameters!, 40);
    const view = new DataView(octets.buffer);
    const [serial, length, room] = [view.getInt32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
    const text = this.memory.readCString(information!)!;
    this.calls.push(`sign ${serial} ${text} ${length}`);
    const key = this.keys.get(serial);
    if (key === undefined) return this.#fail(126);
    // The spare octets must be zero, and no more room offered than the query said.
    if (octets.subarray(12).some((octet) => octet !== 0) || room > key.signatureLength) return this.#fail(22);
    const signature = key.sign(this.memory.read(data!, length), text);
    this.memory.write(into!, signature);
    return signature.length;
  }

  #fail(errorNumber: number): number {
    new DataView(this.#error.octets.buffer).setInt32(0, errorNumber, true);
    return 0xffff_ffff;
  }
}
