/**
 * What an AWS `fetch` asks of the world, and where it comes from unless it is handed in: the Web platform.
 *
 * @module
 */

import type { Sha256 } from "../crypto/sha256.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { Now, Random, Sleep } from "../ports.ts";
import { sleep } from "../session/sleep.ts";

/** What an AWS `fetch` asks of the world; each has a default. */
export interface FetchPorts {
  /** Sends a request; default: the global `fetch`, as it is when it is called. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Our clock; default `Date.now`. */
  readonly now: Now;
  /** Waits; default {@linkcode sleep}. */
  readonly sleep: Sleep;
  /** For jitter; default: the global `crypto`. */
  readonly random: Random;
  /** A faster hash than the portable one. */
  readonly sha256?: Sha256 | undefined;
  /**
   * For SigV4a, and for the hashes of large bodies, which `sha256` makes where this has no `digest`; default WebCrypto,
   * loaded when it is needed.
   */
  readonly crypto?: Pick<CryptoProvider, "importPrivateKey"> & Partial<Pick<CryptoProvider, "digest">> | undefined;
}

/** Fills in the platform's own. */
export function platformPorts(given: Partial<FetchPorts>): FetchPorts {
  return {
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
    sleep,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    ...given,
  };
}
