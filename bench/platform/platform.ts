/**
 * What a benchmark needs of the runtime that it runs in.
 *
 * @module
 */

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import type { Fetch } from "../../core/ports.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";

/** A runtime. */
export interface Platform {
  /** The SHA-256 that its entry point uses or, for workers, offers. */
  readonly sha256: Sha256;
  /** Whether that is native where much is hashed. */
  readonly nativeSha256: boolean;
  /** The cryptography that its entry point uses. */
  readonly crypto: CryptoProvider;
  /**
   * The platform's own verification with a key imported once and the signature in the platform's own form: the limit of
   * whoever verifies. It throws or rejects for what the platform lacks.
   */
  bareVerification(
    key: PublicKey,
    algorithm: SignatureAlgorithm,
    message: Uint8Array<ArrayBuffer>,
    signature: Uint8Array<ArrayBuffer>,
  ): Promise<() => boolean | Promise<boolean>>;
  /** Milliseconds, by a clock that goes on within an operation; absent where none does. */
  readonly now?: () => number;
  /** Processor time of all threads of this process so far, in milliseconds; absent where nobody tells it. */
  readonly processorMs?: () => number;
  /** Runs a program to its end and answers what it printed; undefined: it failed. Absent where there are no processes. */
  readonly runProgram?: (program: string, args: readonly string[]) => string | undefined;
  /** The HTTP client that its entry point uses; absent: the global `fetch`. */
  readonly fetch?: Fetch;
  /** The platform's own SHA-256, at its fastest for large data. */
  bareSha256(data: Uint8Array<ArrayBuffer>): unknown;
  /** Its `node:crypto` and the provider on it; absent where the entry point does not use it. */
  readonly nodeCrypto?: {
    readonly provider: CryptoProvider;
    /** A bare signature with SHA-256 by an unencrypted PKCS#8 key. */
    rawSigner(pkcs8: Uint8Array): (message: Uint8Array) => Uint8Array;
  };
  /** Its `X509Certificate`, absent where there is none. */
  readonly X509Certificate?: typeof import("node:crypto").X509Certificate;
}
