/**
 * A piece of memory that C code may read and write, filled from the front.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { ForeignFunctions } from "../ffi/foreign-functions.ts";
import { ulongSize } from "./c-layout.ts";

/** Every reservation begins at a multiple of this, which suits every C type. */
const ALIGNMENT = 8;

/**
 * Memory at a fixed address. Places in it are offsets; `addressOf` makes addresses of them.
 *
 * Secret: PINs lie here on their way to a token. `clear` overwrites what was used.
 */
export class NativeMemory {
  readonly #bytes: Bytes;
  readonly #view: DataView;
  readonly #address: number;
  readonly #ulongSize: 4 | 8;
  #used = 0;

  /** Makes memory of so many octets, all zero. */
  constructor(foreign: ForeignFunctions, length: number) {
    // An ArrayBuffer of its own: a short typed array without one lies where the garbage collector may move it.
    this.#bytes = new Uint8Array(new ArrayBuffer(length));
    this.#view = new DataView(this.#bytes.buffer);
    this.#address = Number(foreign.addressOf(this.#bytes));
    // Processes have 47 bits of addresses, 56 where they ask for them. Numbers cost less to count and to hand over.
    if (!Number.isSafeInteger(this.#address + length)) throw new RangeError("memory lies above 2^53");
    this.#ulongSize = ulongSize(foreign.platform);
  }

  /** Octets in all. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Takes the next octets, which are zero, and answers their offset. */
  reserve(length: number): number {
    const offset = this.#used;
    const end = offset + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    if (end > this.#bytes.length) throw new RangeError(`"length" is ${length}: the memory ends before`);
    this.#used = end;
    return offset;
  }

  /** Takes room for the octets, writes them there, and answers the offset. */
  put(octets: Uint8Array): number {
    const offset = this.reserve(octets.length);
    this.#bytes.set(octets, offset);
    return offset;
  }

  /** The address of an offset. */
  addressOf(offset: number): number {
    return this.#address + offset;
  }

  /** Writes an `unsigned long`. */
  writeUlong(offset: number, value: number | bigint): void {
    if (this.#ulongSize === 8) this.#write64(offset, value);
    else this.#view.setUint32(offset, Number(value), true);
  }

  /** Reads an `unsigned long`. */
  readUlong(offset: number): bigint {
    return this.#ulongSize === 8 ? this.#view.getBigUint64(offset, true) : BigInt(this.#view.getUint32(offset, true));
  }

  /** Reads an `unsigned long` that is a count or a length: exact up to 2^53. */
  readCount(offset: number): number {
    const low = this.#view.getUint32(offset, true);
    return this.#ulongSize === 8 ? this.#view.getUint32(offset + 4, true) * 2 ** 32 + low : low;
  }

  /** Writes an address; 0 for NULL. */
  writePointer(offset: number, address: number | bigint): void {
    this.#write64(offset, address);
  }

  /** Reads an address. */
  readPointer(offset: number): bigint {
    return this.#view.getBigUint64(offset, true);
  }

  /** Copies octets out. */
  read(offset: number, length: number): Bytes {
    if (length > this.#bytes.length - offset) throw new RangeError(`"length" is ${length}: the memory ends before`);
    return this.#bytes.slice(offset, offset + length);
  }

  /** Overwrites what was taken with zeros and starts from the front again. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#used);
    this.#used = 0;
  }

  #write64(offset: number, value: number | bigint): void {
    if (typeof value === "bigint") return this.#view.setBigUint64(offset, value, true);
    this.#view.setUint32(offset, value % 2 ** 32, true);
    this.#view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
  }
}
