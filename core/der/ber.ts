/**
 * BER made DER as far as lengths and the segments of strings go (X.690 §8.1.3.6, §8.7.3), for the one format of ours
 * whose real files need it: PKCS#12.
 *
 * Everything else that BER leaves open (the order of a SET, the forms of BOOLEAN and INTEGER) stays as it is: the strict
 * reader behind this refuses it.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { DerError, type DerErrorCode } from "./der-error.ts";
import { DEFAULT_MAX_DEPTH } from "./reader.ts";
import { TAG } from "./tag.ts";
import { derElement } from "./writer.ts";

/**
 * The octets with every length definite and minimal, and every OCTET STRING in one piece. Octets that are so already are
 * answered as they are, not copied. What is inside of an OCTET STRING is not looked at.
 *
 * Public: variable time.
 *
 * @param octets elements, one behind the other
 * @throws {DerError} when elements do not end where they say, or are nested more than {@link DEFAULT_MAX_DEPTH} deep;
 * offsets are those of `octets`
 */
export function derOfBer(octets: Bytes, reading: string): Bytes {
  const reader = new BerReader(octets, reading);
  if (!reader.needsRewriting(0, octets.length, 0)) return octets;
  return concatBytes(reader.rewrite(0, octets.length, 0).parts);
}

interface BerElement {
  readonly tag: number;
  /** Where its contents begin. */
  readonly content: number;
  /** Where its contents end; undefined: at an end-of-contents element that is yet to be found. */
  readonly end: number | undefined;
  /** Whether the length is written as DER demands. */
  readonly minimal: boolean;
}

class BerReader {
  readonly octets: Bytes;
  readonly reading: string;

  constructor(octets: Bytes, reading: string) {
    this.octets = octets;
    this.reading = reading;
  }

  needsRewriting(start: number, end: number, depth: number): boolean {
    for (let at = start; at < end;) {
      const element = this.element(at, end, depth);
      if (element.end === undefined || !element.minimal || element.tag === SEGMENTED_OCTET_STRING) return true;
      if (isConstructed(element.tag) && this.needsRewriting(element.content, element.end, depth + 1)) return true;
      at = element.end;
    }
    return false;
  }

  /** Elements up to `end`, or up to the end-of-contents element when that is undefined. */
  rewrite(start: number, end: number | undefined, depth: number): { readonly parts: Bytes[]; readonly next: number } {
    const parts: Bytes[] = [];
    const limit = end ?? this.octets.length;
    let at = start;
    while (at < limit) {
      if (end === undefined && this.octets[at] === 0 && this.octets[at + 1] === 0) return { parts, next: at + 2 };
      const element = this.element(at, limit, depth);
      if (!isConstructed(element.tag)) {
        parts.push(derElement(element.tag, this.octets.subarray(element.content, element.end)));
        at = element.end!;
        continue;
      }
      const inner = this.rewrite(element.content, element.end, depth + 1);
      parts.push(
        element.tag === SEGMENTED_OCTET_STRING
          ? derElement(TAG.octetString, ...inner.parts.map((part) => this.segment(part, at)))
          : derElement(element.tag, ...inner.parts),
      );
      at = inner.next;
      if (at > limit) this.fail("ERR_DER_TRUNCATED", start, "an element runs past the end of what holds it");
    }
    if (end === undefined) this.fail("ERR_DER_TRUNCATED", start, "the end of the contents is missing");
    return { parts, next: at };
  }

  /** The contents of a segment, which has become a whole OCTET STRING in DER. */
  segment(part: Bytes, at: number): Bytes {
    if (part[0] !== TAG.octetString) {
      this.fail("ERR_DER_UNEXPECTED_TAG", at, "a segment of an OCTET STRING is none itself");
    }
    return part.subarray(part[1]! < 0x80 ? 2 : 2 + (part[1]! & 0x7f));
  }

  element(at: number, limit: number, depth: number): BerElement {
    const tag = this.octets[at]!;
    if ((tag & 0x1f) === 0x1f) this.fail("ERR_DER_UNEXPECTED_TAG", at, "tag numbers above 30 are not used here");
    if (at + 1 >= limit) this.fail("ERR_DER_TRUNCATED", at, "the length is missing");
    if (depth >= DEFAULT_MAX_DEPTH) this.fail("ERR_DER_DEPTH", at, "elements are nested too deep");
    const first = this.octets[at + 1]!;
    if (first === 0x80) {
      if (!isConstructed(tag)) this.fail("ERR_DER_LENGTH", at, "the length of a primitive element is indefinite");
      return { tag, content: at + 2, end: undefined, minimal: false };
    }
    const count = first < 0x80 ? 0 : first & 0x7f;
    const content = at + 2 + count;
    if (count > 4) this.fail("ERR_DER_LENGTH", at, `the length takes ${count} octets`);
    if (content > limit) this.fail("ERR_DER_TRUNCATED", at, "the length is cut off");
    let length = count === 0 ? first : 0;
    for (let i = content - count; i < content; i++) length = length * 256 + this.octets[i]!;
    if (length > limit - content) {
      this.fail("ERR_DER_TRUNCATED", at, `${length} octets announced, ${limit - content} are there`);
    }
    const minimal = count === 0 || (length >= 0x80 && this.octets[at + 2] !== 0);
    return { tag, content, end: content + length, minimal };
  }

  fail(code: DerErrorCode, offset: number, state: string): never {
    throw new DerError(code, this.reading, offset, state);
  }
}

function isConstructed(tag: number): boolean {
  return (tag & 0x20) !== 0;
}

/** Identifier octet of an OCTET STRING in segments. */
const SEGMENTED_OCTET_STRING = 0x24;
