/**
 * Memory of a process that exists only in JavaScript: arrays that have addresses.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { ForeignPlatform } from "../../hsm-bridge/ffi/foreign-functions.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";

/** Pieces of memory by address. Whoever reads or writes outside of one has failed. */
export class FakeMemory {
  readonly #platform: ForeignPlatform;
  readonly #pieces: { readonly start: bigint; readonly bytes: Bytes }[] = [];
  #next = 0x5500_0000_1000n;

  constructor(platform: ForeignPlatform) {
    this.#platform = platform;
  }

  /** How many pieces there are. */
  get allocations(): number {
    return this.#pieces.length;
  }

  /** Gives memory an address. */
  register(bytes: Bytes): bigint {
    if (bytes.byteOffset !== 0 || bytes.length !== bytes.buffer.byteLength) {
      throw new Error("memory must be the whole of an ArrayBuffer");
    }
    const start = this.#next;
    this.#pieces.push({ start, bytes });
    this.#next += BigInt(bytes.length + 0x1000);
    return start;
  }

  /** Whether any piece holds these octets. */
  holds(octets: Uint8Array): boolean {
    return this.#pieces.some(({ bytes }) => bytes.some((_, at) => octets.every((octet, i) => bytes[at + i] === octet)));
  }

  /** Copies octets out. */
  read(address: bigint, length: number): Bytes {
    const { bytes, at } = this.#find(address, length);
    return bytes.slice(at, at + length);
  }

  /** Writes octets. */
  write(address: bigint, octets: Uint8Array): void {
    const { bytes, at } = this.#find(address, octets.length);
    bytes.set(octets, at);
  }

  /** Reads `unsigned long`. */
  readUlong(address: bigint): bigint {
    return this.#platform === "unix" ? this.readPointer(address) : BigInt(this.#view(address, 4).getUint32(0, true));
  }

  /** Writes `unsigned long`; of -1 all bits. */
  writeUlong(address: bigint, value: bigint): void {
    if (this.#platform === "unix") this.writePointer(address, value);
    else this.#view(address, 4).setUint32(0, Number(BigInt.asUintN(32, value)), true);
  }

  /** Reads an address. */
  readPointer(address: bigint): bigint {
    return this.#view(address, 8).getBigUint64(0, true);
  }

  /** Writes an address. */
  writePointer(address: bigint, value: bigint): void {
    this.#view(address, 8).setBigUint64(0, BigInt.asUintN(64, value), true);
  }

  /** Reads text up to its NUL. */
  readCString(address: bigint): string | undefined {
    const { bytes, at } = this.#find(address, 1);
    return decodeUtf8(bytes.subarray(at, bytes.indexOf(0, at)));
  }

  #view(address: bigint, length: number): DataView {
    const { bytes, at } = this.#find(address, length);
    return new DataView(bytes.buffer, at, length);
  }

  #find(address: bigint, length: number): { bytes: Bytes; at: number } {
    for (const { start, bytes } of this.#pieces) {
      const at = address - start;
      if (at >= 0n && at + BigInt(length) <= BigInt(bytes.length)) return { bytes, at: Number(at) };
    }
    throw new Error(`no memory at 0x${address.toString(16)} for ${length} octets`);
  }
}
