/**
 * How requests are signed and sent: for all of a client, and for each.
 *
 * @module
 */

import type { WaitUntil } from "../credentials/session-cache.ts";
import type { ChecksumAlgorithm } from "../crypto/checksum/checksum.ts";

/** How a request is signed and sent; each has a default. Unknown members are a TypeError. */
export interface AwsRequestOptions {
  /** Service of the credential scope; default: as the host says. */
  readonly service?: string | undefined;
  /**
   * Region of the credential scope, or, with `*` or commas, the set of regions of SigV4a (`"*"`, `"us-east-1,eu-*"`); default:
   * as the host says.
   */
  readonly region?: string | undefined;
  /** Whether the signature goes into the headers (default), or into the query, which ends up in logs. */
  readonly signBy?: "headers" | "query" | undefined;
  /** Whether the payload's hash is signed (default), or `UNSIGNED-PAYLOAD`, which S3 takes over HTTPS. */
  readonly payload?: "signed" | "unsigned" | undefined;
  /** Whether the session token is signed; default true. False for services that want it added afterwards (AWS IoT). */
  readonly signSessionToken?: boolean | undefined;
  /** The checksum that follows a streamed body: `CRC32` and others of `anyrole/sigv4`; default: none. */
  readonly checksum?: ChecksumAlgorithm | undefined;
  /**
   * Octets up to which a body is read into memory to be hashed, when it is a stream or a `Request`'s; default
   * {@linkcode DEFAULT_MAX_BUFFERED_OCTETS}.
   */
  readonly maxBufferedOctets?: number | undefined;
  /** Most attempts, 1 to 10; default 3. Repeats with a corrected clock or a new token are not counted. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds from sending to the header of the answer, for each attempt; default `Infinity`. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Milliseconds for everything up to the header of the answer; default `Infinity`. */
  readonly deadlineMs?: number | undefined;
  /**
   * With `callers: "requests"`: keeps the worker's request alive after its answer, as `(work) => context.waitUntil(work)`.
   * Then the request that finds the credentials ending soon need not wait for new ones. Default: it waits.
   */
  readonly waitUntil?: WaitUntil | undefined;
}

/** Octets of a body that are read into memory unless asked otherwise: one mebibyte. */
export const DEFAULT_MAX_BUFFERED_OCTETS = 1_048_576;

/** Seconds that a presigned URL is valid for unless asked otherwise. */
export const DEFAULT_PRESIGN_SECONDS = 900;

/**
 * Checks that there are no options but these, and that each is of its kind.
 *
 * @param others what else there is, with the kinds
 * @throws {TypeError} naming the one
 */
export function checkRequestOptions(options: object, others: Kinds = {}): void {
  for (const [name, value] of Object.entries(options)) {
    const kind = { ...KINDS, ...others }[name];
    if (!kind) throw new TypeError(`createAwsFetch() has no option "${name}"`);
    const found = kind.includes("|") ? value : typeof value;
    if (value !== undefined && (!kind.split("|").includes(found) || value === null || value < 0 || value !== value)) {
      throw new TypeError(`"${name}" must be ${kind}`);
    }
  }
}

/** Of options by their names: what `typeof` says, or the texts that there are, with `|` between them. */
type Kinds = Readonly<Record<string, string>>;

const KINDS: Kinds = {
  service: "string",
  region: "string",
  signBy: "headers|query",
  payload: "signed|unsigned",
  signSessionToken: "boolean",
  checksum: "object",
  maxBufferedOctets: "number",
  maxAttempts: "number",
  attemptTimeoutMs: "number",
  deadlineMs: "number",
  waitUntil: "function",
} satisfies Record<keyof AwsRequestOptions, string>;
