/**
 * Reading the body of an answer up to a bound, so that an endless one does no harm.
 *
 * @module
 */

import { concatBytes } from "./bytes/bytes.ts";
import { decodeUtf8 } from "./bytes/text.ts";
import type { FetchResponse } from "./ports.ts";

/**
 * The text of the answer; undefined when it is longer than so many octets. Octets that are no UTF-8 make an empty text.
 *
 * Secret: the text may hold credentials.
 */
export async function readBoundedBody(response: FetchResponse, maxOctets: number): Promise<string | undefined> {
  const length = Number(response.headers.get("content-length") ?? 0);
  if (length > maxOctets) return undefined;
  if (response.body === undefined || response.body === null) {
    const text = await response.text();
    return text.length > maxOctets ? undefined : text;
  }
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return decodeUtf8(concatBytes(chunks)) ?? "";
    if (value === undefined) continue;
    total += value.length;
    if (total > maxOctets) {
      // The signal ends the transfer as well; what cancelling meets is no concern of the answer.
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
}
