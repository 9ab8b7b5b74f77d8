/**
 * When to try again, and how long to wait: the "standard" mode of the AWS SDKs, with full jitter.
 *
 * @module
 */

import type { Random } from "../ports.ts";
import type { Refusal } from "./service-error.ts";
import { isThrottling } from "./throttling.ts";

/** Requests of one call when the caller does not say. */
export const DEFAULT_MAX_ATTEMPTS = 3;

/** Longest wait between two attempts, in milliseconds. */
export const MAX_BACKOFF_MS = 20_000;

/** Whether the same request may succeed a little later. */
export function isRetryable(refusal: Refusal): boolean {
  return RETRYABLE_STATUS.has(refusal.status) ||
    isThrottling(refusal.serviceCode) ||
    refusal.serviceCode === "RequestTimeout" ||
    refusal.serviceCode === "RequestTimeoutException";
}

/**
 * Whether a failure of `fetch` may pass: not for a host that does not exist or a certificate that is not trusted, which
 * Node and Bun tell by the code of the error or of its cause, nor for a bundle of trusted certificates or a proxy's URL that is none.
 */
export function isTransient(error: unknown): boolean {
  for (
    let each = error, depth = 0;
    each instanceof Error && depth < 4;
    each = each.cause, depth++
  ) {
    const code = (each as { readonly code?: unknown }).code;
    if (typeof code === "string" && PERMANENT.test(code)) return false;
  }
  return true;
}

/** Milliseconds to wait after the given attempt (from 1): uniform in [0, 2^attempt) seconds, at most 20 s. */
export function backoffMs(attempt: number, random: Random): number {
  return Math.min(uniform(random) * 2 ** attempt * 1000, MAX_BACKOFF_MS);
}

/** A number of [0, 1) with 32 random bits. */
export function uniform(random: Random): number {
  const octets = random(4);
  return (((octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8) |
    octets[3]!) >>> 0) / 2 ** 32;
}

const RETRYABLE_STATUS: ReadonlySet<number> = /* @__PURE__ */ new Set([
  429,
  500,
  502,
  503,
  504,
]);

const PERMANENT =
  /^(?:ENOTFOUND$|ERR_CA_BUNDLE$|ERR_PROXY_SETTING$|ERR_FILE_|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
