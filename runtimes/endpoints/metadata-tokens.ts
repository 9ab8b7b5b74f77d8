/**
 * Session tokens of the instance metadata service, version 2.
 *
 * @see "Use the Instance Metadata Service to access instance metadata" of the Amazon EC2 user guide
 * @module
 */

import { encodeBase64 } from "../../core/bytes/base64.ts";
import type { Now, Random } from "../../core/ports.ts";

/** The longest life of a token, and the one that it has when nobody says, in seconds: six hours. */
export const MAX_TOKEN_SECONDS = 21_600;

/** So many tokens are good at one time. */
export const MAX_TOKENS = 256;

/** Octets of a token; 100 characters of base64. */
const TOKEN_OCTETS = 75;

/** The tokens that are good. Secret: it holds them; callers of this machine can do with one what the server allows. */
export class MetadataTokens {
  readonly #random: Random;
  readonly #now: Now;
  /** When each ends, in milliseconds since the epoch. */
  readonly #ends = new Map<string, number>();
  #evicted = 0;

  constructor(random: Random, now: Now) {
    this.#random = random;
    this.#now = now;
  }

  /** How many are held; some may have ended. */
  get size(): number {
    return this.#ends.size;
  }

  /** How many had to go before their time. */
  get evicted(): number {
    return this.#evicted;
  }

  /**
   * Makes a token. When there are {@link MAX_TOKENS} already, the ones that have ended go, or else the one that ends
   * first.
   *
   * Secret: the result.
   */
  issue(seconds: number): string {
    const at = this.#now();
    if (this.#ends.size >= MAX_TOKENS) this.#makeRoom(at);
    const token = encodeBase64(this.#random(TOKEN_OCTETS));
    this.#ends.set(token, at + seconds * 1000);
    return token;
  }

  /** Whole seconds for which a token is still good; undefined when it is not. */
  remainingSeconds(token: string): number | undefined {
    const end = this.#ends.get(token);
    if (end === undefined) return undefined;
    const remaining = end - this.#now();
    if (remaining > 0) return Math.floor(remaining / 1000);
    this.#ends.delete(token);
    return undefined;
  }

  #makeRoom(at: number): void {
    let first: string | undefined;
    let firstEnd = Infinity;
    for (const [token, end] of this.#ends) {
      if (end <= at) this.#ends.delete(token);
      else if (end < firstEnd) [first, firstEnd] = [token, end];
    }
    if (this.#ends.size < MAX_TOKENS || first === undefined) return;
    this.#ends.delete(first);
    this.#evicted++;
  }
}
