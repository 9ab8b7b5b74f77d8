/**
 * The rotating secret of the container credentials endpoint: what stands in the file that
 * `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` names, which SDKs send as it is in `Authorization`.
 *
 * @see "Container credential provider" of the AWS SDKs and Tools Reference Guide
 * @module
 */

import { encodeBase64Url } from "../../core/bytes/base64.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { constantTimeEqual } from "../../core/bytes/constant-time.ts";
import { encodeLatin1 } from "../../core/bytes/text.ts";
import type { Random } from "../../core/ports.ts";

/** Octets of a token; 43 characters of base64url. */
const TOKEN_OCTETS = 32;

/** The token in the file, the one before it and the one to come. Secret: it holds them. */
export class AuthorizationTokens {
  readonly #random: Random;
  #previous: Bytes;
  #current: Bytes;
  #next: Bytes;

  constructor(random: Random) {
    this.#random = random;
    // Nobody knows these; the first token takes the place of one.
    this.#previous = random(TOKEN_OCTETS);
    this.#current = random(TOKEN_OCTETS);
    this.#next = random(TOKEN_OCTETS);
  }

  /** Makes a token, which is good at once: whoever reads the file before {@link settle} is called may use it. Secret. */
  propose(): string {
    const token = encodeBase64Url(this.#random(TOKEN_OCTETS));
    this.#next = encodeLatin1(token)!;
    return token;
  }

  /** The proposed token is in the file: the one that was there is good until the next time, the one before no longer. */
  settle(): void {
    this.#previous = this.#current;
    this.#current = this.#next;
  }

  /** Whether this is a good token. Best effort: compared in constant time. */
  accepts(given: string): boolean {
    const octets = encodeLatin1(given);
    if (octets === undefined) return false;
    // All of them, whatever the outcome.
    const results = [this.#current, this.#previous, this.#next].map((token) => constantTimeEqual(token, octets));
    return results.includes(true);
  }
}
