/**
 * Lines out of pieces of a stream.
 *
 * @module
 */

import { concatBytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";

const LINE_FEED = 0x0a;

/** Collects pieces until a line is complete. */
export class LineSplitter {
  readonly #maxLength: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** @param maxLength longest line, in octets without its end */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Octets of a line that is not complete. */
  get pending(): number {
    return this.#length;
  }

  /** Takes a piece, which is copied, and answers the lines that it completes; undefined: one is too long, or not UTF-8. */
  push(piece: Uint8Array): readonly string[] | undefined {
    const lines: string[] = [];
    for (let start = 0; start < piece.length;) {
      const end = piece.indexOf(LINE_FEED, start);
      const part = piece.slice(start, end < 0 ? undefined : end);
      this.#pieces.push(part);
      this.#length += part.length;
      if (this.#length > this.#maxLength) return undefined;
      if (end < 0) break;
      const line = decodeUtf8(concatBytes(this.#pieces));
      if (line === undefined) return undefined;
      lines.push(line);
      this.#pieces = [];
      this.#length = 0;
      start = end + 1;
    }
    return lines;
  }
}
