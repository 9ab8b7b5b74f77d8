/**
 * PEM (RFC 7468) that comes in pieces, decoded on the fly: blocks of any size at constant memory.
 *
 * A block begins at the start of a line; text between blocks, blocks with other labels, CRLF, a byte order mark and
 * white space inside base64 are accepted. Header fields (RFC 1421) are not: only private keys have them.
 *
 * Public: variable time; for private keys there is `decodePem`.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { PemError } from "./pem-error.ts";

/** What becomes of the blocks. */
export interface PemSink {
  /** A block begins. @param offset of its BEGIN line from the start of the input */
  begin(offset: number): void;
  /** The next octets of the block; they change when the call has returned. */
  octets(piece: Bytes): void;
  /** The block is complete. */
  end(): void;
}

/** Decodes the blocks that have one of the labels. */
export class PemStream {
  readonly #labels: readonly string[];
  readonly #sink: PemSink;
  readonly #output: Bytes = new Uint8Array(OUTPUT_OCTETS);
  /** Octets of the input before the current piece. */
  #before = 0;
  /** The label of the block that is open. */
  #label: string | undefined;
  #openedAt = 0;
  #blocks = 0;
  #atLineStart = true;
  /** A line that may be a boundary, as far as it is there; undefined: the current line is none. */
  #line: string | undefined;
  #lineAt = 0;
  #held = 0;
  #digits = 0;
  #padding = 0;

  /** A decoder at the start of its input. */
  constructor(labels: readonly string[], sink: PemSink) {
    this.#labels = labels;
    this.#sink = sink;
  }

  /** Takes the next piece of the input. @throws {PemError} `ERR_PEM_MALFORMED` */
  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      at = this.#line === undefined && this.#label !== undefined && !this.#atLineStart
        ? this.#decode(piece, at)
        : this.#step(piece, at);
    }
    this.#before += piece.length;
  }

  /** Ends the input. @throws {PemError} when a block is open, or there was none */
  finish(): void {
    if (this.#line !== undefined) this.#endLine();
    if (this.#label !== undefined) this.#fail("has no END line");
    if (this.#blocks === 0) {
      throw new PemError("ERR_PEM_MISSING", 0, `the input has no ${this.#labels[0]} block, and is not DER`);
    }
  }

  /** One octet where lines begin, in lines that may be boundaries, and between blocks. */
  #step(piece: Uint8Array, at: number): number {
    const octet = piece[at]!;
    const lineEnds = octet === 0x0a || octet === 0x0d;
    if (this.#line !== undefined) {
      if (lineEnds) this.#endLine();
      else if (this.#line.length < MAX_LINE) this.#line += String.fromCharCode(octet);
      this.#atLineStart = lineEnds;
    } else if (this.#atLineStart && octet === 0x2d) {
      this.#line = "-";
      this.#lineAt = this.#before + at;
    } else {
      // The octets of a byte order mark do not end the start of the first line.
      const mark = this.#before + at < 3 && octet >= 0xbb;
      this.#atLineStart = lineEnds || (this.#atLineStart && mark);
      if (this.#label !== undefined && !lineEnds) return at;
    }
    return at + 1;
  }

  #endLine(): void {
    const boundary = /^-----(BEGIN|END) ([!-,.-~ ]{1,64})-----[ \t]*$/.exec(this.#line!);
    this.#line = undefined;
    if (this.#label !== undefined) {
      if (boundary === null || boundary[1] !== "END" || boundary[2] !== this.#label) this.#fail("has no END line");
      this.#endBlock();
    } else if (boundary !== null && boundary[1] === "BEGIN" && this.#labels.includes(boundary[2]!)) {
      this.#label = boundary[2]!;
      this.#openedAt = this.#lineAt;
      this.#held = this.#digits = this.#padding = 0;
      this.#sink.begin(this.#openedAt);
    }
  }

  #endBlock(): void {
    const loose = this.#digits % 4;
    // Digits and padding make groups of four, and bits that belong to no octet are zero (RFC 4648 §3.5).
    const whole = (this.#digits + this.#padding) % 4 === 0 && this.#padding < 3;
    if (!whole || loose === 1 || (this.#held & (loose === 2 ? 15 : loose === 3 ? 3 : 0)) !== 0) {
      this.#fail("is not base64, or is cut off");
    }
    if (this.#digits === 0) this.#fail("is empty");
    if (loose === 2) this.#sink.octets(Uint8Array.of(this.#held >> 4));
    if (loose === 3) this.#sink.octets(Uint8Array.of(this.#held >> 10, this.#held >> 2));
    this.#label = undefined;
    this.#blocks++;
    this.#sink.end();
  }

  /** Base64 up to the end of the line, of the piece, or of what the output holds. */
  #decode(piece: Uint8Array, start: number): number {
    const output = this.#output;
    let at = start;
    let filled = 0;
    while (at < piece.length && filled < OUTPUT_OCTETS - 3) {
      if (this.#digits % 4 === 0 && this.#padding === 0) {
        const begin = at;
        const end = Math.min(piece.length - 3, at + (OUTPUT_OCTETS - 3 - filled) / 3 * 4);
        for (; at < end; at += 4) {
          const group = DIGITS[piece[at]!]! << 18 | DIGITS[piece[at + 1]!]! << 12 | DIGITS[piece[at + 2]!]! << 6 |
            DIGITS[piece[at + 3]!]!;
          if (group < 0) break;
          output[filled++] = group >> 16;
          output[filled++] = group >> 8;
          output[filled++] = group;
        }
        this.#digits += at - begin;
        if (at === piece.length) break;
      }
      const octet = piece[at++]!;
      const digit = DIGITS[octet]!;
      if (digit >= 0 && this.#padding === 0) {
        this.#held = this.#digits % 4 === 0 ? digit : this.#held << 6 | digit;
        if (++this.#digits % 4 === 0) {
          output[filled++] = this.#held >> 16;
          output[filled++] = this.#held >> 8;
          output[filled++] = this.#held;
        }
      } else if (octet === 0x0a || octet === 0x0d) {
        this.#atLineStart = true;
        // Most lines are followed by another one of base64.
        if (at < piece.length && DIGITS[piece[at]!]! >= 0) this.#atLineStart = false;
        else break;
      } else if (octet === 0x3d) this.#padding++;
      else if (octet !== 0x20 && octet !== 0x09) this.#fail("is not base64, or is cut off");
    }
    if (filled > 0) this.#sink.octets(output.subarray(0, filled));
    return at;
  }

  #fail(state: string): never {
    const label = this.#label;
    throw new PemError(
      "ERR_PEM_MALFORMED",
      this.#openedAt,
      `the ${label} block at offset ${this.#openedAt} ${state}`,
      label,
    );
  }
}

/** Octets that are decoded at a time. */
const OUTPUT_OCTETS = 24_576;

/** Longer lines are no boundaries. */
const MAX_LINE = 100;

/** Values of base64 digits, -1 for everything else; shifted, a negative value stays negative. */
const DIGITS: Int8Array = /* @__PURE__ */ digitValues();

function digitValues(): Int8Array {
  const values = new Int8Array(256).fill(-1);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}
