/**
 * What a benchmark needs of the runtime that it runs in.
 *
 * @module
 */

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";

/** A runtime. */
export interface Platform {
  /** The SHA-256 that its entry point uses. */
  readonly sha256: Sha256;
  /** Its `node:crypto` and the provider on it; absent where the entry point does not use it. */
  readonly nodeCrypto?: {
    readonly provider: CryptoProvider;
    /** A bare signature with SHA-256 by an unencrypted PKCS#8 key. */
    rawSigner(pkcs8: Uint8Array): (message: Uint8Array) => Uint8Array;
  };
  /** Its `X509Certificate`, absent where there is none. */
  readonly X509Certificate?: typeof import("node:crypto").X509Certificate;
}
