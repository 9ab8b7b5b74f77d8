/**
 * Walks the entries of a revocation list (RFC 5280 §5.1.2.6) in place: no object an entry, no octet copied.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { checkInteger } from "../../der/integer.ts";
import { DerReader } from "../../der/reader.ts";
import { TAG } from "../../der/tag.ts";
import { readRevokedCertificate, type RevokedCertificate } from "./revoked-certificate.ts";

/**
 * A cursor over entries that stand one behind the other. Of each it checks that it is a SEQUENCE that begins with a
 * minimal INTEGER.
 */
export class EntryScanner {
  /** What holds the entries. */
  readonly octets: Bytes;
  /** Offset of the current entry. */
  start: number;
  /** Offset of the contents of its serial number. */
  serialAt: number;
  /** Offset after them. */
  serialEnd: number;
  /** Offset of the next entry. */
  position: number;
  private end: number;
  private complete: boolean;
  private readonly view: DataView;
  private readonly moving: boolean;
  private readonly version: 1 | 2;

  /**
   * Puts the cursor before the first entry.
   *
   * @param end offset after the last entry, or after the last octet that is there so far
   * @param version of the list
   * @param complete whether `end` is that of the list; default true. False: the octets are a window that moves on
   */
  constructor(octets: Bytes, position: number, end: number, version: 1 | 2, complete: boolean = true) {
    this.octets = octets;
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    this.start = position;
    this.serialAt = position;
    this.serialEnd = position;
    this.position = position;
    this.end = end;
    this.complete = complete;
    this.moving = !complete;
    this.version = version;
  }

  /** Goes on in the same octets, which hold something else now. */
  resume(position: number, end: number, complete: boolean): void {
    this.position = position;
    this.end = end;
    this.complete = complete;
  }

  /**
   * Moves to the next entry; false: there is none, or the octets end before it does.
   *
   * @throws {DerError} when it does not begin as an entry
   */
  next(): boolean {
    const octets = this.octets;
    const start = this.position;
    const length = octets[start + 1]!;
    const serialLength = octets[start + 3]!;
    const next = start + 2 + length;
    const serialAt = start + 4;
    const serialEnd = serialAt + serialLength;
    // Both lengths short, both tags right, the serial number minimal and inside its entry, the entry inside the list.
    if (
      next <= this.end && serialEnd <= next && octets[start] === TAG.sequence && octets[start + 2] === TAG.integer &&
      length < 0x80 && serialLength > 1 && octets[serialAt] !== 0xff &&
      (octets[serialAt] !== 0 || octets[serialAt + 1]! >= 0x80)
    ) {
      this.start = start;
      this.serialAt = serialAt;
      this.serialEnd = serialEnd;
      this.position = next;
      return true;
    }
    return this.nextUnusual();
  }

  /**
   * Moves past the entries that are known without being read: those of other serial numbers that hold a UTCTime and at
   * most a reason code, not critical, behind it. Answers how many there were.
   */
  skipOrdinary(serialNumber: Uint8Array): number {
    // One small loop over local variables: a list is over before a larger one is compiled.
    const { octets, view, end, version } = this;
    const wantedLength = serialNumber.length;
    // The last octet differs most often.
    const last = wantedLength === 0 ? -1 : serialNumber[wantedLength - 1]!;
    let count = 0;
    let start = this.position;
    for (; start + 4 <= end; count++) {
      // Tag and length of the SEQUENCE, below 128, and of the INTEGER.
      const head = view.getInt32(start);
      const serialLength = head & 0xff;
      const serialEnd = start + 4 + serialLength;
      const next = start + 2 + (head >> 16 & 0xff);
      const rest = next - serialEnd;
      if (
        (head & 0xff80ff00) !== 0x30000200 || (rest !== 15 && rest !== 29) || next > end || serialLength < 2 ||
        view.getInt16(serialEnd) !== 0x170d || octets[serialEnd + 14] !== 0x5a
      ) break;
      const first = octets[start + 4]!;
      if (first === 0xff || (first === 0 && octets[start + 5]! < 0x80)) break;
      if (rest === 29 && (version === 1 || !isReasonCode(view, serialEnd + 15))) break;
      if (
        octets[serialEnd - 1] === last && serialLength === wantedLength &&
        sameAt(octets, start + 4, serialEnd, serialNumber)
      ) break;
      start = next;
    }
    this.position = start;
    return count;
  }

  /** Reads the current entry, of a copy when the octets will hold something else. @throws {DerError} or {CertificateError} when it is malformed */
  entry(): RevokedCertificate {
    const reader = this.moving
      ? new DerReader(this.octets.slice(this.start, this.position))
      : new DerReader(this.octets, this.start, this.position);
    return readRevokedCertificate(reader, this.version);
  }

  /** The ordinary way, for long lengths, short serial numbers and those with a sign octet, and for what is wrong. */
  private nextUnusual(): boolean {
    const { octets, position: start, end } = this;
    if (start >= end) return false;
    if (!this.complete && !isWhole(octets, start, end)) return false;
    const reader = new DerReader(octets, start, end);
    const integerAt = reader.next(TAG.sequence, "revokedCertificates");
    const next = reader.position;
    reader.position = integerAt;
    this.serialAt = reader.next(TAG.integer, "userCertificate");
    this.serialEnd = reader.position;
    if (this.serialEnd > next) {
      reader.fail("ERR_DER_TRUNCATED", "userCertificate", integerAt, "it runs past the end of its entry");
    }
    checkInteger(octets.subarray(this.serialAt, this.serialEnd), "userCertificate", integerAt);
    this.start = start;
    this.position = next;
    return true;
  }
}

/** Whether octets are the ones wanted. */
export function sameAt(octets: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  if (end - start !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (octets[start + i] !== wanted[i]) return false;
  return true;
}

/** Whether the element that starts here ends within what is there; a length that is wrong counts as whole. */
export function isWhole(octets: Uint8Array, start: number, end: number): boolean {
  const content = lengthEnd(octets, start, end);
  return content > 0 && contentEnd(octets, start, content) <= end;
}

/** Offset behind the length octets of the element that starts here; 0: they are not all there. */
export function lengthEnd(octets: Uint8Array, start: number, end: number): number {
  if (start + 2 > end) return 0;
  const first = octets[start + 1]!;
  // More than four octets of length are refused by whoever reads the element.
  const count = first > 0x80 ? Math.min(first & 0x7f, 4) : 0;
  return start + 2 + count <= end ? start + 2 + count : 0;
}

/** Offset behind the element that starts here and whose contents start at `content`. */
export function contentEnd(octets: Uint8Array, start: number, content: number): number {
  let length = octets[start + 1]!;
  if (length === 0x80 || length > 0x84) return content;
  if (length > 0x80) {
    length = 0;
    for (let i = start + 2; i < content; i++) length = length * 256 + octets[i]!;
  }
  return content + length;
}

/** Whether the last 14 octets of an entry are crlEntryExtensions with a reason code alone, not critical. */
function isReasonCode(view: DataView, at: number): boolean {
  return view.getInt32(at) === 0x300c300a && view.getInt32(at + 4) === 0x0603551d &&
    view.getInt32(at + 8) === 0x1504030a && view.getInt8(at + 12) === 1;
}
