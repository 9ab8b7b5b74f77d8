/**
 * How long a presigned URL is valid: never beyond the credentials that signed it, since services refuse it from then
 * on, whatever it says of itself.
 *
 * @module
 */

import type { Awaitable } from "../crypto/signer.ts";
import type { PresignedRequest, SigV4Request } from "./canonical-request.ts";
import { MAX_EXPIRES_SECONDS, MIN_EXPIRES_SECONDS } from "./presign-bounds.ts";
import { SigningError } from "./signing-error.ts";

/** What presigns: an `HmacSigner` or a `SigV4aSigner`. */
export interface Presigner<T extends Awaitable<PresignedRequest> = Awaitable<PresignedRequest>> {
  /** Signs by the query. */
  presign(request: SigV4Request, timeMs: number, expiresSeconds: number): T;
}

/** How long a URL is to be valid. */
export interface PresignLifetimeOptions {
  /** Time of signing, milliseconds since the epoch. */
  readonly timeMs: number;
  /** Seconds until the URL expires, 1 to 604800. */
  readonly expiresSeconds: number;
  /** When the credentials end, milliseconds since the epoch; absent: they do not. */
  readonly credentialsExpireAtMs?: number | undefined;
  /** What becomes of a URL that would outlive the credentials: it ends with them, or is refused. */
  readonly outliving: "shorten" | "refuse";
}

/** How long a URL is valid. */
export interface PresignLifetime {
  /** Seconds that the URL says, 1 to 604800. */
  readonly expiresSeconds: number;
  /** When it expires, milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Whether that is sooner than was asked for. */
  readonly shortened: boolean;
}

/**
 * Presigns for as long as was asked, or as long as the credentials last. Synchronous when the signer is.
 *
 * Secret: the result holds the session token.
 *
 * @throws {SigningError} as {@linkcode presignLifetime}
 * @throws {RangeError} when `expiresSeconds` is out of range
 * @throws {TypeError} when the request has no `host`
 */
export function presignWithin<T extends Awaitable<PresignedRequest>>(
  signer: Presigner<T>,
  request: SigV4Request,
  options: PresignLifetimeOptions,
): { readonly presigned: T; readonly lifetime: PresignLifetime } {
  const lifetime = presignLifetime(options);
  return { presigned: signer.presign(request, options.timeMs, lifetime.expiresSeconds), lifetime };
}

/**
 * Says how long a URL that is signed now may be valid.
 *
 * @throws {SigningError} `ERR_SIGNING_CREDENTIALS_EXPIRED` when less than a second is left, and
 * `ERR_SIGNING_OUTLIVES_CREDENTIALS` when it would be shortened and must not
 * @throws {RangeError} when `expiresSeconds` is out of range, or `credentialsExpireAtMs` no time
 * @throws {TypeError} when `outliving` is neither
 */
export function presignLifetime(options: PresignLifetimeOptions): PresignLifetime {
  const { timeMs, expiresSeconds, credentialsExpireAtMs = Infinity, outliving } = options;
  const inRange = expiresSeconds >= MIN_EXPIRES_SECONDS && expiresSeconds <= MAX_EXPIRES_SECONDS;
  if (!inRange || !Number.isInteger(expiresSeconds)) {
    throw new RangeError(`"expiresSeconds" must be a whole number of ${MIN_EXPIRES_SECONDS}-${MAX_EXPIRES_SECONDS}`);
  }
  if (outliving !== "shorten" && outliving !== "refuse") {
    throw new TypeError('"outliving" must be "shorten" or "refuse"');
  }
  // The URL counts from X-Amz-Date, which has no fractions of a second.
  const signedAtMs = Math.floor(timeMs / 1000) * 1000;
  const leftSeconds = Math.floor((credentialsExpireAtMs - signedAtMs) / 1000);
  if (Number.isNaN(leftSeconds)) throw new RangeError('"credentialsExpireAtMs" must be a time');
  if (leftSeconds < 1) {
    throw new SigningError(
      "ERR_SIGNING_CREDENTIALS_EXPIRED",
      `the credentials expired at ${new Date(credentialsExpireAtMs).toISOString()}; get new ones`,
    );
  }
  const shortened = leftSeconds < expiresSeconds;
  if (shortened && outliving === "refuse") {
    throw new SigningError(
      "ERR_SIGNING_OUTLIVES_CREDENTIALS",
      `the URL is to be valid for ${expiresSeconds} s, the credentials are for ${leftSeconds} s`,
    );
  }
  const seconds = shortened ? leftSeconds : expiresSeconds;
  return { expiresSeconds: seconds, expiresAtMs: signedAtMs + seconds * 1000, shortened };
}
