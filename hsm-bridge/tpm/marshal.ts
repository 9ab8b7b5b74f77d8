/**
 * The canonical form of TPM 2.0 structures (TPM 2.0 Library, Part 1 §5.5 and Part 2): big-endian integers and octets
 * with their length before them.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { TpmError, type TpmErrorCode } from "./tpm-error.ts";

/** Whose octets are read: names the code of errors. */
export type TpmOrigin = "response" | "key file";

/** A strict cursor over marshalled structures; contents are views. Every error names the offset and what was read. */
export class TpmReader {
  /** Offset of the next octet. */
  position: number = 0;
  readonly #octets: Bytes;
  readonly #origin: TpmOrigin;
  readonly #base: number;

  /**
   * Puts the cursor on the first octet.
   *
   * @param base offset of the octets in what was received, for errors
   */
  constructor(octets: Bytes, origin: TpmOrigin = "response", base: number = 0) {
    this.#octets = octets;
    this.#origin = origin;
    this.#base = base;
  }

  /** Octets that are left. */
  get left(): number {
    return this.#octets.length - this.position;
  }

  /** The next octet. */
  uint8(reading: string): number {
    return this.octets(1, reading)[0]!;
  }

  /** A UINT16. */
  uint16(reading: string): number {
    const [high, low] = this.octets(2, reading);
    return high! << 8 | low!;
  }

  /** A UINT32. */
  uint32(reading: string): number {
    const [a, b, c, d] = this.octets(4, reading);
    return (a! << 24 | b! << 16 | c! << 8 | d!) >>> 0;
  }

  /** So many octets, a view. */
  octets(length: number, reading: string): Bytes {
    if (length > this.left) {
      this.fail(reading, `${length} octets are expected, and ${this.left} are left`);
    }
    this.position += length;
    return this.#octets.subarray(this.position - length, this.position);
  }

  /** A TPM2B: a UINT16 length and so many octets, a view. */
  sized(reading: string, most: number = 0xffff): Bytes {
    const length = this.uint16(reading);
    if (length > most) this.fail(reading, `it has ${length} octets, at most ${most} are accepted`);
    return this.octets(length, reading);
  }

  /** A cursor over the contents of a TPM2B. */
  open(reading: string): TpmReader {
    const contents = this.sized(reading);
    return new TpmReader(contents, this.#origin, this.#base + this.position - contents.length);
  }

  /** What is left, a view. */
  rest(): Bytes {
    return this.octets(this.left, "the rest");
  }

  /** Demands that everything has been read. */
  finish(reading: string): void {
    if (this.left > 0) this.fail(reading, `${this.left} octets are left over`);
  }

  /** Throws the error of octets that are not what was expected here. */
  fail(reading: string, state: string, code: TpmErrorCode = CODES[this.#origin]): never {
    const offset = this.#base + this.position;
    throw new TpmError(code, reading, `Cannot read ${reading} of TPM ${this.#origin} at offset ${offset}: ${state}`, {
      offset,
    });
  }
}

const CODES: { readonly [origin in TpmOrigin]: TpmErrorCode } = {
  response: "ERR_TPM_RESPONSE",
  "key file": "ERR_TPM_KEY_FILE",
};

/** One octet. */
export function uint8(value: number): Bytes {
  return Uint8Array.of(value);
}

/** A UINT16. */
export function uint16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value);
}

/** A UINT32. */
export function uint32(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** A TPM2B of the joined contents. */
export function sized(...contents: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const content of contents) length += content.length;
  if (length > 0xffff) throw new RangeError(`"contents" have ${length} octets, a TPM2B holds at most 65535`);
  return concatBytes([uint16(length), ...contents]);
}
