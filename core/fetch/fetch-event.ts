/**
 * What an AWS `fetch` tells of itself, for logs and metrics.
 *
 * @module
 */

import type { CredentialEvent } from "../credentials/session-cache.ts";

/** Why a request is sent again. */
export type RetryReason = "network" | "timeout" | "server-error" | "throttled" | "clock-skew" | "expired-token";

/** What a request is, without path, query, body and credentials. */
export interface RequestFacts {
  /** HTTP method. */
  readonly method: string;
  /** Host, with the port unless it is the scheme's own. */
  readonly host: string;
  /** Service that was signed for. */
  readonly service: string;
  /** Region that was signed for. */
  readonly region: string;
}

/**
 * An event. Public: no member holds a secret, a token, a signature, a path or a query; an error among them is one of this
 * package's, or what a credential provider of the caller threw.
 */
export type FetchEvent =
  | CredentialEvent
  | (RequestFacts & {
    readonly type: "signed";
    /** Whether it was signed by its headers or by its query. */
    readonly by: "headers" | "query";
    /** Id of the access key, which travels with every request. */
    readonly accessKeyId: string;
  })
  | (RequestFacts & {
    readonly type: "attempt";
    /** From 1. */
    readonly attempt: number;
    /** HTTP status; 0 when no answer came. */
    readonly status: number;
    /** Milliseconds from sending to the header of the answer. */
    readonly durationMs: number;
  })
  | (RequestFacts & {
    readonly type: "retry";
    /** The attempt that failed. */
    readonly attempt: number;
    /** Why another one follows. */
    readonly reason: RetryReason;
    /** Milliseconds until then. */
    readonly delayMs: number;
  })
  | {
    readonly type: "skew-corrected";
    /** The service's clock minus ours, in milliseconds, as requests are signed from now on. */
    readonly clockSkewMs: number;
  };

/** Takes events; what it throws, or rejects with, is dropped. */
export type FetchListener = (event: FetchEvent) => void;

/** Tells a listener, whose failure must not cost the request. */
export function tell(listener: FetchListener | undefined, event: () => FetchEvent): void {
  if (listener !== undefined) new Promise((resolve) => resolve(listener(event()))).catch(() => {});
}
