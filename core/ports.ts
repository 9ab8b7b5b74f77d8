/**
 * What core may ask of the world around it: nothing in core reads a clock, opens a connection, sleeps or draws
 * random octets except through one of these types. They are structural subsets of the Web platform's own, so
 * that `fetch`, `AbortSignal` and friends fit as they are.
 *
 * @module
 */

import type { Bytes } from "./bytes/bytes.ts";

/** The part of `AbortSignal` that core uses. */
export interface Abort {
  /** Whether the work should stop now. */
  readonly aborted: boolean;
  /** Why it should stop; becomes the rejection. */
  readonly reason?: unknown;
  /** Registers a listener of the `abort` event. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Takes it away again. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** An HTTP request as core makes it. Redirects are never followed: a signature names its host. */
export interface FetchInit {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Header fields; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, sent as it is; absent: none. */
  readonly body?: string | Bytes;
  /** Always `"manual"`. */
  readonly redirect: "manual";
  /**
   * Ends the request early: an {@linkcode Abort}. Untyped, because the global `fetch` asks for the platform's own
   * `AbortSignal` (core makes it with `AbortController` where there is one), and types that differ would not fit.
   */
  // deno-lint-ignore no-explicit-any
  readonly signal?: any;
}

/** The part of `Response` that core reads. */
export interface FetchResponse {
  /** HTTP status, 100 to 599. */
  readonly status: number;
  /** Header fields of the answer; `get` ignores case and answers null for an absent one. */
  readonly headers: { get(name: string): string | null };
  /** The body as it arrives; when present it is read through this, so that an endless one can be cut off. */
  readonly body?: FetchBody | null;
  /** The whole body as text (UTF-8). */
  text(): Promise<string>;
}

/** The part of `ReadableStream<Uint8Array>` that core reads. */
export interface FetchBody {
  /** Locks the stream and reads it chunk by chunk. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** Sends one HTTP request; the global `fetch` fits. Rejects when no answer came. */
export interface Fetch {
  /** Sends it. */
  (url: string, init: FetchInit): Promise<FetchResponse>;
  /** Whether its signal may be any {@linkcode Abort}; absent: the platform's `AbortSignal` alone. */
  readonly takesAnySignal?: boolean;
}

/** The current time in milliseconds since the epoch; `Date.now` fits. */
export type Now = () => number;

/** Waits the given milliseconds (0 or more); rejects with the signal's reason when it aborts. */
export type Sleep = (milliseconds: number, signal?: Abort) => Promise<void>;

/** Draws octets from a cryptographically secure source. */
export type Random = (length: number) => Bytes;
