/**
 * Standard output through `node:fs`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { writeError } from "../../host-error.ts";

/** Waiting a little for a slow reader of a non-blocking pipe, in milliseconds. */
const PIPE_FULL_WAIT_MS = 5;

/**
 * Writes everything synchronously: the process may end as soon as this returns.
 *
 * Secret: credentials pass through.
 *
 * @param writeSync `writeSync` of `node:fs`
 * @throws {HostError} `ERR_FILE_WRITE` when nobody reads it any more, or the disk is full
 */
export function writeOutput(writeSync: (file: number, octets: Uint8Array) => number, data: string | Bytes): void {
  let rest: Uint8Array = typeof data === "string" ? encodeUtf8(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code !== "EAGAIN") throw writeError("standard output", code, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_FULL_WAIT_MS);
    }
  }
}
