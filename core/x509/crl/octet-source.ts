/**
 * Octets that come in pieces, in either of the two shapes that the platforms have.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { FetchBody } from "../../ports.ts";

/** A `ReadableStream` of octets, anything that `for await` reads them from, or pieces that are there already. */
export type OctetSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | FetchBody;

/** Pieces of at most this many octets are passed on: what is kept beside a piece stays small. */
const PIECE_OCTETS = 65_536;

/**
 * The pieces in order, long ones cut. When the reader stops early, the source is told.
 *
 * @throws {TypeError} for a piece that is no `Uint8Array`; what the source throws goes through
 */
export async function* octetsOf(source: OctetSource): AsyncGenerator<Bytes, void, undefined> {
  const pieces = "getReader" in source ? fromStream(source) : source;
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError("a piece of the source is no Uint8Array");
    for (let at = 0; at < piece.length; at += PIECE_OCTETS) {
      // Shared memory is not read asynchronously here; the alias is for what goes on to WebCrypto elsewhere.
      yield piece.subarray(at, at + PIECE_OCTETS) as Bytes;
    }
  }
}

async function* fromStream(stream: FetchBody): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let ended = false;
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      if (value !== undefined) yield value;
    }
  } finally {
    if (!ended) await reader.cancel();
  }
}
