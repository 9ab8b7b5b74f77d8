/**
 * A strict, zero-copy cursor over DER (X.690 §10 and §11).
 *
 * Nothing is copied: contents are views into the input. Refused are indefinite and non-minimal lengths, lengths of
 * more than four octets, tag numbers above 30, and nesting or input beyond the limits. Every error names the offset
 * from the start of the input and what was being read.
 *
 * Public: variable time; private keys pass through it once, when they are loaded, and their structure is public.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type BitString, readBitString } from "./bit-string.ts";
import { DerCursor } from "./cursor.ts";
import { DerError } from "./der-error.ts";
import { checkInteger, checkUnsignedInteger, smallInteger } from "./integer.ts";
import { decodeObjectIdentifier } from "./object-identifier.ts";
import { TAG } from "./tag.ts";
import { decodeTime } from "./time.ts";

/** Elements may be nested this deep; RFC 5280 structures need about twelve. */
export const DEFAULT_MAX_DEPTH = 32;

/** Cursor over the elements of one DER value, or of the whole input, that opens and decodes them. */
export class DerReader extends DerCursor {
  /** How many more levels may be opened below this one. */
  readonly depth: number;

  /**
   * Puts a cursor on the first element.
   *
   * @param octets the input
   * @param start offset of the first element, default 0
   * @param end offset after the last one, default the input's length
   * @param depth levels that may be opened, default {@link DEFAULT_MAX_DEPTH}
   */
  constructor(octets: Bytes, start: number = 0, end: number = octets.length, depth: number = DEFAULT_MAX_DEPTH) {
    super(octets, start, end);
    this.depth = depth;
  }

  /** Whether every element has been read. */
  get done(): boolean {
    return this.position >= this.end;
  }

  /** Opens the next element, which must be constructed, and answers a cursor over its contents. */
  open(tag: number, reading: string): DerReader {
    const start = this.position;
    const content = this.next(tag, reading);
    if (this.depth <= 0) this.fail("ERR_DER_DEPTH", reading, start, "elements are nested too deep");
    return new DerReader(this.octets, content, this.position, this.depth - 1);
  }

  /** Opens a SEQUENCE. */
  sequence(reading: string): DerReader {
    return this.open(TAG.sequence, reading);
  }

  /** Opens a SET. */
  set(reading: string): DerReader {
    return this.open(TAG.set, reading);
  }

  /** Opens the next element if it has this tag; undefined otherwise, and the cursor stays. */
  openOptional(tag: number, reading: string): DerReader | undefined {
    return this.peek() === tag ? this.open(tag, reading) : undefined;
  }

  /** The contents of the next element as a view. */
  content(tag: number, reading: string): Bytes {
    const start = this.next(tag, reading);
    return this.octets.subarray(start, this.position);
  }

  /** The contents of the next element if it has this tag; undefined otherwise, and the cursor stays. */
  contentOptional(tag: number, reading: string): Bytes | undefined {
    return this.peek() === tag ? this.content(tag, reading) : undefined;
  }

  /** The next element whole, identifier and length included, as a view. */
  raw(tag: number, reading: string): Bytes {
    const start = this.position;
    this.next(tag, reading);
    return this.octets.subarray(start, this.position);
  }

  /** What is left, as a view; the cursor moves to the end. */
  rest(): Bytes {
    const rest = this.octets.subarray(this.position, this.end);
    this.position = this.end;
    return rest;
  }

  /** Moves over the next element, whatever it is. */
  skip(reading: string): void {
    this.next(-1, reading);
  }

  /** An INTEGER's contents: two's complement, big-endian, minimal. */
  integer(reading: string, tag: number = TAG.integer): Bytes {
    const offset = this.position;
    const content = this.content(tag, reading);
    checkInteger(content, reading, offset);
    return content;
  }

  /** A non-negative INTEGER as big-endian octets without the sign octet; zero is one zero octet. */
  unsignedInteger(reading: string, tag: number = TAG.integer): Bytes {
    const offset = this.position;
    const start = this.next(tag, reading);
    const { octets, position } = this;
    // The sign octet of a modulus is left out of the only view that is made.
    if (position - start > 1 && octets[start] === 0 && octets[start + 1]! & 0x80) {
      return octets.subarray(start + 1, position);
    }
    // A sign octet before anything else is not minimal, and refused.
    const content = octets.subarray(start, position);
    checkUnsignedInteger(content, reading, offset);
    return content;
  }

  /** An INTEGER between `least` and `most`, which fit 48 bits. */
  smallInteger(reading: string, least: number, most: number, tag: number = TAG.integer): number {
    const offset = this.position;
    return smallInteger(this.content(tag, reading), least, most, reading, offset);
  }

  /** An OBJECT IDENTIFIER in dotted form. */
  objectIdentifier(reading: string, tag: number = TAG.objectIdentifier): string {
    const offset = this.position;
    const start = this.next(tag, reading);
    return decodeObjectIdentifier(this.octets, reading, offset, start, this.position);
  }

  /** An OCTET STRING's contents, a view. */
  octetString(reading: string): Bytes {
    return this.content(TAG.octetString, reading);
  }

  /** A BIT STRING. */
  bitString(reading: string, tag: number = TAG.bitString): BitString {
    const offset = this.position;
    return readBitString(this.content(tag, reading), reading, offset);
  }

  /** A BIT STRING that holds whole octets, as keys and signatures do; a view. */
  octetAlignedBitString(reading: string, tag: number = TAG.bitString): Bytes {
    const offset = this.position;
    const start = this.next(tag, reading);
    if (start < this.position && this.octets[start] === 0) return this.octets.subarray(start + 1, this.position);
    const { unusedBits } = readBitString(this.octets.subarray(start, this.position), reading, offset);
    return this.fail("ERR_DER_VALUE", reading, offset, `${unusedBits} bits are unused`);
  }

  /** Moves to the first octet inside a BIT STRING of whole octets, the last element: what it holds is read next. */
  enterLastBitString(reading: string): void {
    const offset = this.position;
    const start = this.next(TAG.bitString, reading);
    this.finish(reading);
    if (start === this.end || this.octets[start] !== 0) {
      this.position = offset;
      this.octetAlignedBitString(reading);
    }
    this.position = start + 1;
  }

  /** A BOOLEAN; DER knows 0x00 and 0xFF only (X.690 §11.1). */
  boolean(reading: string, tag: number = TAG.boolean): boolean {
    const offset = this.position;
    const content = this.next(tag, reading);
    const octet = this.octets[content];
    if (this.position - content !== 1 || (octet !== 0 && octet !== 0xff)) {
      this.fail("ERR_DER_VALUE", reading, offset, "a BOOLEAN is one octet, 00 or FF");
    }
    return octet === 0xff;
  }

  /** A NULL. */
  null(reading: string): void {
    const offset = this.position;
    if (this.content(TAG.null, reading).length !== 0) {
      this.fail("ERR_DER_VALUE", reading, offset, "a NULL has no contents");
    }
  }

  /** A UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 profiles it, in milliseconds since the epoch. */
  time(reading: string): number {
    const offset = this.position;
    const tag = this.peek();
    const start = this.next(-1, reading);
    return decodeTime(tag, this.octets, reading, offset, start, this.position);
  }

  /** Demands that every element has been read. */
  finish(reading: string): void {
    if (this.position < this.end) {
      this.fail("ERR_DER_TRAILING_DATA", reading, this.position, `${this.end - this.position} octets are left over`);
    }
  }
}

/**
 * Opens octets that hold exactly one SEQUENCE.
 *
 * @param maxLength the largest input accepted, in octets
 * @throws {DerError} when it is larger, or something follows the SEQUENCE
 */
export function openSequence(octets: Bytes, reading: string, maxLength: number = Infinity): DerReader {
  if (octets.length > maxLength) {
    throw new DerError("ERR_DER_SIZE", reading, 0, `${octets.length} octets, at most ${maxLength} are accepted`);
  }
  const outer = new DerReader(octets);
  const inner = outer.sequence(reading);
  outer.finish(reading);
  return inner;
}
