/**
 * Whether a request that failed may succeed a little later, or with another time or token, and how long to wait.
 *
 * This module is loaded with the first request that fails.
 *
 * @module
 */

import { readBoundedBody } from "../response-body.ts";
import { believedSkewMs, MAX_SKEW_MS, shownSkewMs } from "../session/http-date.ts";
import { isTransient, MAX_BACKOFF_MS, uniform } from "../session/retry.ts";
import { isThrottling } from "../session/throttling.ts";
import type { RetryReason } from "./fetch-event.ts";
import type { FetchPorts } from "./platform-ports.ts";

/** What came of an attempt. */
export interface FailedAttempt {
  /** The refusal; undefined: no answer came. */
  readonly response: Response | undefined;
  /** Why none came. */
  readonly failure: unknown;
  /** The service's clock minus ours, as the request was signed. */
  readonly skewMs: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Most attempts. */
  readonly maxAttempts: number;
  /** Reasons that it has been sent again for and that count once. */
  readonly once: readonly RetryReason[];
  /** Whether there may be other credentials. */
  readonly renewable: boolean;
}

/** That a request is to be sent again. */
export interface Retry {
  /** Why. */
  readonly reason: RetryReason;
  /** Milliseconds until then. */
  readonly delayMs: number;
  /** Whether it counts as an attempt; else it happens once. */
  readonly counts: boolean;
  /** The service's clock minus ours, as it is to be signed. */
  readonly skewMs: number;
}

/** Decides; undefined: what came of the attempt is the caller's. The body of a refusal can still be read. */
export async function decideRetry(failed: FailedAttempt, { now, random }: FetchPorts): Promise<Retry | undefined> {
  const { response, failure, attempt, maxAttempts, once, renewable } = failed;
  const corrected = response && correctedSkew(response, now(), failed.skewMs);
  const reason = corrected !== undefined ? "clock-skew" : await retryReason(response, failure);
  if (reason === undefined) return undefined;
  const skewMs = corrected ?? failed.skewMs;
  if (reason === "clock-skew" || reason === "expired-token") {
    const useless = once.includes(reason) || (reason === "expired-token" && !renewable);
    return useless ? undefined : { reason, delayMs: 0, counts: false, skewMs };
  }
  if (!(attempt < Math.min(maxAttempts, MAX_ATTEMPTS))) return undefined;
  const jitterMs = uniform(random) * (reason === "throttled" ? 1000 : 200) * 2 ** (attempt - 1);
  // RFC 9110 §10.2.3: digits alone, or a date, which services do not send.
  const askedMs = Number(/^\d+$/.exec(response?.headers.get("retry-after") ?? "") ?? 0) * 1000;
  return { reason, delayMs: Math.min(Math.max(jitterMs, askedMs), MAX_BACKOFF_MS), counts: true, skewMs };
}

async function retryReason(response: Response | undefined, failure: unknown): Promise<RetryReason | undefined> {
  if (response === undefined) {
    if ((failure as { readonly code?: unknown }).code === "ERR_FETCH_TIMEOUT") return "timeout";
    return isTransient(failure) ? "network" : undefined;
  }
  const { status } = response;
  if (status === 429) return "throttled";
  if (SERVER_ERRORS.includes(status)) return "server-error";
  if (status !== 400 && status !== 403) return undefined;
  const code = await errorCode(response);
  if (isThrottling(code) || code.startsWith("RequestTimeout")) return "throttled";
  return /^(ExpiredToken|TokenRefreshRequired)/.test(code) ? "expired-token" : undefined;
}

/** The service's clock minus ours in milliseconds, when a refusal shows that it cannot have accepted the time that was signed. */
function correctedSkew({ status, headers }: Response, nowMs: number, skewMs: number): number | undefined {
  if (status !== 400 && status !== 403) return undefined;
  const shownMs = believedSkewMs(shownSkewMs(headers.get("date"), nowMs));
  return shownMs !== undefined && Math.abs(shownMs - skewMs) > MAX_SKEW_MS ? shownMs : undefined;
}

/** The service's code of a refusal: of the header, or of JSON or XML, whose copy is read; empty when there is none. */
async function errorCode(response: Response): Promise<string> {
  let code = response.headers.get("x-amzn-errortype");
  if (!code && response.body) {
    // A refusal is short; what is not is somebody else's. What breaks off is the caller's to find out.
    const text = await readBoundedBody(response.clone(), MAX_REFUSAL_OCTETS).catch(() => undefined) ?? "";
    code = /<Code>([^<]*)|"(?:__type|code)"\s*:\s*"([^"]*)/i.exec(text)?.slice(1).find(Boolean) ?? "";
  }
  return (code ?? "").replace(/:.*$/, "").replace(/^.*#/, "");
}

/** Whatever is asked for. */
const MAX_ATTEMPTS = 10;

const SERVER_ERRORS: readonly number[] = [500, 502, 503, 504];

const MAX_REFUSAL_OCTETS = 65_536;
