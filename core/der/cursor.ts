/**
 * A cursor that steps from element to element of DER (X.690 §10) and decodes nothing: the part of the strict reader
 * that finds things.
 *
 * Refused are indefinite and non-minimal lengths, lengths of more than four octets, and tag numbers above 30.
 *
 * Public: variable time.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { DerError, type DerErrorCode } from "./der-error.ts";

/** Cursor over the elements of one DER value, or of the whole input. */
export class DerCursor {
  /** The input that offsets count in. */
  readonly octets: Bytes;
  /** Offset of the next element. */
  position: number;
  /** Offset after the last element. */
  readonly end: number;

  /**
   * Puts a cursor on the first element.
   *
   * @param octets the input
   * @param start offset of the first element, default 0
   * @param end offset after the last one, default the input's length
   */
  constructor(octets: Bytes, start: number = 0, end: number = octets.length) {
    this.octets = octets;
    this.position = start;
    this.end = end;
  }

  /** Identifier octet of the next element; -1 when there is none. */
  peek(): number {
    return this.position < this.end ? this.octets[this.position]! : -1;
  }

  /**
   * Moves over the next element and answers the offset of its contents; they end at the new `position`.
   *
   * @param tag the identifier octet it must have, or -1 for any
   * @throws {DerError} when the element is not there, not this one, or not DER
   */
  next(tag: number, reading: string): number {
    const octets = this.octets;
    const start = this.position;
    if (start >= this.end) this.fail("ERR_DER_TRUNCATED", reading, start, "the element is missing");
    const found = octets[start]!;
    if (tag >= 0 && found !== tag) this.unexpected(reading, tag, found);
    if ((found & 0x1f) === 0x1f) {
      this.fail("ERR_DER_UNEXPECTED_TAG", reading, start, "tag numbers above 30 are not used here");
    }
    if (start + 1 >= this.end) this.fail("ERR_DER_TRUNCATED", reading, start, "the length is missing");
    let length = octets[start + 1]!;
    let content = start + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0) this.fail("ERR_DER_LENGTH", reading, start, "the length is indefinite");
      if (count > 4) this.fail("ERR_DER_LENGTH", reading, start, `the length takes ${count} octets`);
      if (content + count > this.end) this.fail("ERR_DER_TRUNCATED", reading, start, "the length is cut off");
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + octets[content + i]!;
      if (length < 0x80 || octets[content] === 0) {
        this.fail("ERR_DER_LENGTH", reading, start, "the length is not minimal");
      }
      content += count;
    }
    if (length > this.end - content) {
      this.fail(
        "ERR_DER_TRUNCATED",
        reading,
        start,
        `${length} octets announced, ${this.end - content} are there`,
      );
    }
    this.position = content + length;
    return content;
  }

  /** Raises a {@link DerError}. */
  fail(code: DerErrorCode, reading: string, offset: number, state: string): never {
    throw new DerError(code, reading, offset, state);
  }

  /** Raises the error of a tag that is not the one expected. */
  private unexpected(reading: string, tag: number, found: number): never {
    const name = (octet: number) => `0x${octet.toString(16).padStart(2, "0")}`;
    this.fail("ERR_DER_UNEXPECTED_TAG", reading, this.position, `tag ${name(tag)} expected, ${name(found)} found`);
  }
}
