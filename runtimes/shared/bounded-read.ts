/**
 * Reading a file whose size nobody vouches for: a pipe has none, and a wrong path may name anything.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { fileTooLarge } from "../host-error.ts";

/** How much of a file is read at a time when its size is not known or does not matter, in octets. */
export const PIECE_LENGTH = 65_536;

/**
 * Reads to the end.
 *
 * Secret: the contents may be a key; no copy is kept but the one returned.
 *
 * @param size what the system says of the file's size in octets; 0 when it does not know
 * @param read fills the array from its start and answers how many octets it wrote; 0 at the end
 * @throws {HostError} `ERR_FILE_TOO_LARGE`
 */
export function readBounded(path: string, maxLength: number, size: number, read: (into: Bytes) => number): Bytes {
  if (size > maxLength) throw fileTooLarge(path, maxLength);
  let octets = new Uint8Array(size > 0 ? size + 1 : PIECE_LENGTH);
  let length = 0;
  for (;;) {
    const count = read(octets.subarray(length));
    if (count === 0) return octets.subarray(0, length);
    length += count;
    if (length > maxLength) throw fileTooLarge(path, maxLength);
    if (length === octets.length) {
      const larger = new Uint8Array(Math.min(octets.length * 2, maxLength + 1));
      larger.set(octets);
      octets.fill(0);
      octets = larger;
    }
  }
}

/** Reads a stream to its end; undefined when it is longer than so many octets. Absent: an empty one. */
export async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  maxLength: number,
): Promise<Bytes | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const reader = stream?.getReader(); reader !== undefined;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxLength) {
      // What still comes is not wanted; that it cannot be stopped is no concern of the answer.
      reader.cancel().catch(() => {});
      return undefined;
    }
    pieces.push(value);
  }
  return concatBytes(pieces);
}
