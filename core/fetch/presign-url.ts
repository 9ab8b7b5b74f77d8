/**
 * URLs that are good by themselves, as long as the credentials that signed them.
 *
 * @module
 */

import type { SigV4Request } from "../sigv4/canonical-request.ts";
import { type PresignLifetimeOptions, presignWithin } from "../sigv4/presign-lifetime.ts";
import { DEFAULT_PRESIGN_SECONDS } from "./request-options.ts";
import type { RequestSigner } from "./request-signer.ts";

/** A URL that is good by itself. Secret: the URL, as long as it is valid. */
export interface PresignedUrl {
  /** The URL. */
  readonly url: string;
  /** Header fields that must be sent with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds that it says to be valid for. */
  readonly expiresSeconds: number;
  /** When it ends by our clock, milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Whether that is sooner than was asked for, because the credentials end then. */
  readonly shortened: boolean;
}

/** How long it is to be valid. */
export type PresignLifetimeChoice = Partial<Pick<PresignLifetimeOptions, "expiresSeconds" | "outliving">>;

/**
 * Presigns a request.
 *
 * @param expireAtMs when the credentials end, by our clock
 * @param skewMs the service's clock minus ours
 * @throws as `presignWithin`
 */
export async function presignUrl(
  signer: RequestSigner,
  request: SigV4Request,
  url: URL,
  { expiresSeconds = DEFAULT_PRESIGN_SECONDS, outliving = "shorten" }: PresignLifetimeChoice,
  times: { readonly nowMs: number; readonly expireAtMs: number; readonly skewMs: number },
): Promise<PresignedUrl> {
  const timeMs = times.nowMs + times.skewMs;
  const credentialsExpireAtMs = times.expireAtMs + times.skewMs;
  const options = { timeMs, expiresSeconds, outliving, credentialsExpireAtMs };
  const { presigned, lifetime } = presignWithin(signer, request, options);
  const { query, headers } = await presigned;
  const { host: _, ...own } = request.headers as Readonly<Record<string, string>>;
  return {
    ...lifetime,
    expiresAtMs: lifetime.expiresAtMs - times.skewMs,
    url: `${url.origin}${url.pathname}?${query}`,
    headers: { ...own, ...headers },
  };
}
