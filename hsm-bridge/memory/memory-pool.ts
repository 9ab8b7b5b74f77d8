/**
 * Memory that is used again and again, so that a thousand calls need the memory of one.
 *
 * @module
 */

import type { ForeignFunctions } from "../ffi/foreign-functions.ts";
import { NativeMemory } from "./native-memory.ts";

/** Octets of each piece that is kept: the largest ML-DSA signature (4627) and what goes with it. */
const KEPT_LENGTH = 16_384;

/** Pieces that are kept; calls that are under way at one time beyond that make theirs and drop it. */
const KEPT_PIECES = 64;

/** Lends native memory. */
export class MemoryPool {
  readonly #foreign: ForeignFunctions;
  readonly #free: NativeMemory[] = [];

  /** Makes a pool that holds nothing yet. */
  constructor(foreign: ForeignFunctions) {
    this.#foreign = foreign;
  }

  /** Lends memory of at least so many octets, all zero, until it is given back. */
  borrow(length: number): NativeMemory {
    if (length > KEPT_LENGTH) return new NativeMemory(this.#foreign, length);
    return this.#free.pop() ?? new NativeMemory(this.#foreign, KEPT_LENGTH);
  }

  /** Takes memory back; its contents are overwritten. No call that uses it may be under way. */
  giveBack(memory: NativeMemory): void {
    memory.clear();
    if (memory.length === KEPT_LENGTH && this.#free.length < KEPT_PIECES) this.#free.push(memory);
  }
}
