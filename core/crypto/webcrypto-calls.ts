/**
 * Calls of WebCrypto, whose failures become coded errors.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { CryptoError, unsupported } from "./crypto-error.ts";
import type { HashName, SignatureAlgorithm } from "./signature-algorithm.ts";
import type { SubtleWebCrypto, WebCrypto } from "./web-crypto.ts";

/** For messages, and the name of providers. */
export const WEB_CRYPTO = "WebCrypto";

/** One platform; its functions need no `this`. */
export interface WebCryptoCalls {
  /** The platform. @throws {CryptoError} `ERR_CRYPTO_UNSUPPORTED` when there is none */
  subtleFor(operation: string): SubtleWebCrypto;
  /** The error of something that it cannot do. */
  lacks(operation: string, cause?: unknown): CryptoError;
  /**
   * Runs a call. A `DataError` about a key is the key's fault when the caller says what that means; every other failure
   * says that the platform cannot.
   */
  attempt<T>(operation: string, call: () => Promise<T>, badKey?: () => string): Promise<T>;
  /** Hashes the data. */
  digest(hash: HashName, data: Bytes): Promise<Bytes>;
}

/** Makes the calls of a platform; undefined: there is none, and all of them are unsupported. */
export function webCryptoCalls(crypto: WebCrypto | undefined): WebCryptoCalls {
  function subtleFor(operation: string): SubtleWebCrypto {
    const subtle = crypto?.subtle;
    if (!subtle) throw lacks(operation);
    return subtle;
  }

  function lacks(operation: string, cause?: unknown): CryptoError {
    return unsupported(WEB_CRYPTO, operation, "put the provider of anyrole/portable behind it", cause);
  }

  async function attempt<T>(operation: string, call: () => Promise<T>, badKey?: () => string): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof CryptoError) throw cause;
      const name = (cause as Partial<Error> | null)?.name;
      if (badKey !== undefined && name !== undefined && name !== "NotSupportedError") {
        throw new CryptoError(
          "ERR_CRYPTO_INVALID_KEY",
          operation,
          `Cannot import key for ${operation}: ${badKey()}`,
          { cause },
        );
      }
      throw lacks(operation, cause);
    }
  }

  async function digest(hash: HashName, data: Bytes): Promise<Bytes> {
    if (hash === "SHA-224") throw lacks(hash);
    return new Uint8Array(await attempt(hash, () => subtleFor(hash).digest(hash, data)));
  }

  return { subtleFor, lacks, attempt, digest };
}

/** Whether an algorithm needs the one hash that WebCrypto has not. */
export function needsSha224(algorithm: SignatureAlgorithm): boolean {
  return ("hash" in algorithm && algorithm.hash === "SHA-224") ||
    ("mgfHash" in algorithm && algorithm.mgfHash === "SHA-224");
}

/** What is signed to prove a key or a platform. */
export const PROOF: Bytes = /* @__PURE__ */ Uint8Array.of(0x61, 0x6e, 0x79, 0x72, 0x6f, 0x6c, 0x65);
