/**
 * A `fetch` for AWS: the platform's own, whose requests are signed, sent again where that helps, and never carry
 * credentials to a host that they are not meant for.
 *
 * @module
 */

import type { Awaitable } from "../crypto/signer.ts";
import { type AwsHost, inferAwsHost } from "./aws-host.ts";
import type { FetchCredentialOptions, FetchCredentials } from "./credential-options.ts";
import type { CredentialSource } from "./credential-source.ts";
import { FetchError, type FetchErrorCode } from "./fetch-error.ts";
import { type FetchListener, type RequestFacts, type RetryReason, tell } from "./fetch-event.ts";
import {
  type AwsRequestInit,
  layOutRequest,
  type OutgoingRequest,
  type ReadyRequest,
  signedPart,
  signOutgoing,
} from "./outgoing-request.ts";
import { type FetchPorts, platformPorts } from "./platform-ports.ts";
import type { PresignedUrl, PresignLifetimeChoice } from "./presign-url.ts";
import { type AwsRequestOptions, checkRequestOptions } from "./request-options.ts";
import type { TimeLimit } from "./time-limits.ts";
import { type RequestSigner, type SignerFinder, signerFinder } from "./request-signer.ts";

/** Whose requests, and how they are signed and sent. Unknown members are a TypeError. */
export interface AwsFetchOptions extends AwsRequestOptions {
  /**
   * What signs: a role with the identity to get it with, a provider of credentials, or credentials.
   *
   * Secret: credentials, and keys of an identity.
   */
  readonly credentials: FetchCredentialOptions;
  /**
   * Hosts besides AWS's own endpoints that may see the session token, as in a URL, with the port if it is not the scheme's
   * own: `127.0.0.1:4566`; no patterns. They may be spoken to by HTTP. Default: none.
   */
  readonly hosts?: readonly string[] | undefined;
  /** As of `createCredentialProvider`: `"requests"` in workers, where no promise may be shared between requests. */
  readonly callers?: "process" | "requests" | undefined;
  /** Told what happens; no event holds a secret. */
  readonly onEvent?: FetchListener | undefined;
}

/** What a presigned URL is made of. */
export interface PresignOptions extends PresignLifetimeChoice {
  /** Method that the URL is good for; default `GET`. */
  readonly method?: string | undefined;
  /** Header fields that are signed, and must be sent with the URL: `content-*` and `x-amz-*`. */
  readonly headers?: HeadersInit | undefined;
  /** How it is signed. */
  readonly aws?: AwsRequestOptions | undefined;
}

/** A `fetch` that signs. */
export interface AwsFetch {
  /**
   * Sends a signed request and answers the platform's own response. Redirects are answered, not followed.
   *
   * @throws {FetchError} see {@linkcode FetchErrorCode}
   * @throws {TypeError} as `fetch`, when no answer came after the last attempt
   * @throws {URIError} when path or query are no percent-encoded UTF-8
   */
  (input: string | URL | Request, init?: AwsRequestInit): Promise<Response>;
  /** Signs a request and answers another one, for a client of the caller's. */
  sign(input: string | URL | Request, init?: AwsRequestInit): Promise<Request>;
  /**
   * Signs a URL. It never outlives the credentials: it ends with them, which the answer says, or with
   * `outliving: "refuse"` it is refused.
   *
   * @throws {SigningError} `ERR_SIGNING_OUTLIVES_CREDENTIALS`
   */
  presign(input: string | URL, options?: PresignOptions): Promise<PresignedUrl>;
}

/** Requests of one call when the caller does not say. */
export const DEFAULT_FETCH_ATTEMPTS = 3;

/**
 * Makes a `fetch` that signs with SigV4. Keep it: it keeps credentials and derived keys.
 *
 * Only `host`, `content-*` and `x-amz-*` are signed of the header fields. A request whose body can be sent again is, up to
 * `maxAttempts` times with full jitter, after a broken connection, the status 429, 500, 502, 503, 504 or a code of the
 * throttling family; once with the service's time when its `Date` shows that our clock is off by more than four minutes and
 * less than a day, and once with new credentials when it calls the token expired, unless it has done so of ones that
 * were as new five minutes ago. What comes of the last attempt is the caller's.
 *
 * Secret: credentials are kept, and sent to hosts of AWS and to `hosts` alone.
 *
 * @param ports what differs from the platform's own
 * @throws {TypeError} for options that do not exist, or no credentials
 * @example
 * ```ts
 * import { type AwsFetch, createAwsFetch, pemIdentity } from "anyrole/fetch";
 *
 * export function awsFetchOf(certificate: string, privateKey: string): AwsFetch {
 *   return createAwsFetch({
 *     credentials: {
 *       source: pemIdentity(certificate, privateKey),
 *       trustAnchorArn:
 *         "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *       profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *       roleArn: "arn:aws:iam::123456789012:role/Example",
 *     },
 *   });
 * }
 * ```
 */
export function createAwsFetch(options: AwsFetchOptions, ports: Partial<FetchPorts> = {}): AwsFetch {
  const client = new Client(options, platformPorts(ports));
  return Object.assign(
    (input: string | URL | Request, init: AwsRequestInit = {}) => client.fetch(input, init),
    {
      sign: (input: string | URL | Request, init: AwsRequestInit = {}) => client.sign(input, init),
      presign: (input: string | URL, presigning: PresignOptions = {}) => client.presign(input, presigning),
    },
  );
}

/**
 * Signs one request. For many, keep a `createAwsFetch` and use its `sign`: it keeps credentials and derived keys.
 *
 * Secret: the answer holds the session token.
 *
 * @throws {FetchError} before anything is sent; see {@linkcode FetchErrorCode}
 * @example
 * ```ts
 * import { type FetchCredentials, signRequest } from "anyrole/fetch";
 *
 * export async function callerIdentity(credentials: FetchCredentials): Promise<Response> {
 *   const url = "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
 *   return await fetch(await signRequest(new Request(url), { credentials }));
 * }
 * ```
 */
export function signRequest(
  request: Request,
  options: AwsFetchOptions,
  ports: Partial<FetchPorts> = {},
): Promise<Request> {
  return new Client(options, platformPorts(ports)).sign(request, {});
}

class Client {
  readonly #options: AwsFetchOptions;
  readonly #defaults: AwsRequestOptions;
  readonly #ports: FetchPorts;
  readonly #onEvent: FetchListener | undefined;
  readonly #signer: SignerFinder;
  #source: CredentialSource | undefined;
  /** A clock minus ours, once a refusal has shown it: that of AWS, and those of hosts that are listed, which have no say in it. */
  readonly #clockSkewMs: Map<string, number> = new Map();
  #lastHost: { readonly name: string; readonly inferred: AwsHost | undefined } | undefined;

  constructor(options: AwsFetchOptions, ports: FetchPorts) {
    const { credentials, hosts = [], callers, onEvent, ...defaults } = options;
    checkRequestOptions({ callers, onEvent, ...defaults }, { callers: "process|requests", onEvent: "function" });
    // Of a text, "includes" would trust every part.
    if (!Array.isArray(hosts)) throw new TypeError('"hosts" must be an array');
    const given = Object(credentials);
    const found = typeof given === "function" || given.accessKeyId || given.source;
    if (!found) throw new TypeError('"credentials" must be credentials, a provider, or { source, trustAnchorArn, … }');
    this.#options = options;
    this.#defaults = defaults;
    this.#ports = ports;
    this.#onEvent = onEvent;
    this.#signer = signerFinder(ports);
  }

  async fetch(input: string | URL | Request, init: AwsRequestInit): Promise<Response> {
    const caller = signalOf(input, init);
    const { deadlineMs } = { ...this.#defaults, ...init.aws };
    const deadline = await this.#limit(deadlineMs, "ERR_FETCH_DEADLINE", caller);
    const signal = deadline?.signal ?? caller;
    try {
      return await this.#attempts(await this.#layOut(input, init, signal), init, signal);
    } finally {
      deadline?.stop();
    }
  }

  async sign(input: string | URL | Request, init: AwsRequestInit): Promise<Request> {
    const signal = signalOf(input, init);
    const outgoing = await this.#layOut(input, init, signal);
    const ready = await this.#authenticate(outgoing, await this.#credentials(outgoing, signal));
    return new Request(ready.url, platformInit(init, outgoing, ready, signal));
  }

  async presign(input: string | URL, options: PresignOptions): Promise<PresignedUrl> {
    const { expiresSeconds, outliving, ...init } = options;
    const { presignUrl } = await import("./presign-url.ts");
    const outgoing = await this.#layOut(input, init as AwsRequestInit);
    const credentials = await this.#credentials(outgoing);
    const signer = await this.#signerOf(outgoing, credentials);
    const times = { nowMs: this.#ports.now(), expireAtMs: endOf(credentials), skewMs: this.#skewOf(outgoing) };
    const request = signedPart(outgoing, outgoing.headers);
    return await presignUrl(
      signer,
      request,
      outgoing.url,
      { expiresSeconds, outliving } as PresignLifetimeChoice,
      times,
    );
  }

  async #attempts(outgoing: OutgoingRequest, init: AwsRequestInit, signal: AbortSignal | undefined): Promise<Response> {
    const { now, sleep, fetch } = this.#ports;
    const { method, url: { host }, service, region, options, stream } = outgoing;
    const { maxAttempts = DEFAULT_FETCH_ATTEMPTS, attemptTimeoutMs } = options;
    const facts: RequestFacts = { method, host, service, region };
    const once: RetryReason[] = [];
    let refused: FetchCredentials | undefined;
    for (let attempt = 1;;) {
      signal?.throwIfAborted();
      const credentials = await this.#credentials(outgoing, signal, refused);
      const ready = await this.#authenticate(outgoing, credentials);
      const limit = await this.#limit(attemptTimeoutMs, "ERR_FETCH_TIMEOUT", signal);
      const sentMs = now();
      let response: Response | undefined;
      let failure: unknown;
      try {
        response = await fetch(ready.url, platformInit(init, outgoing, ready, limit?.signal ?? signal));
      } catch (error) {
        signal?.throwIfAborted();
        failure = limit?.signal.aborted ? limit.signal.reason : error;
      }
      limit?.stop();
      const status = response?.status ?? 0;
      tell(this.#onEvent, () => ({ type: "attempt", ...facts, attempt, status, durationMs: now() - sentMs }));
      if (response !== undefined && status < 400) return response;
      const { decideRetry } = await import("./retry-decision.ts");
      const renewable = this.#source?.renewable(credentials) ?? false;
      const known = this.#skewOf(outgoing);
      const failed = { response, failure, skewMs: known, attempt, maxAttempts, once, renewable };
      const retry = stream?.replayable === false ? undefined : await decideRetry(failed, this.#ports);
      if (retry === undefined) {
        if (response !== undefined) return response;
        throw failure;
      }
      const { reason, delayMs, skewMs } = retry;
      if (skewMs !== known) tell(this.#onEvent, () => ({ type: "skew-corrected", clockSkewMs: skewMs }));
      this.#clockSkewMs.set(this.#clockOf(outgoing), skewMs);
      tell(this.#onEvent, () => ({ type: "retry", ...facts, attempt, reason, delayMs }));
      refused = reason === "expired-token" ? credentials : undefined;
      if (retry.counts) attempt++;
      else once.push(reason);
      // What cancelling meets is no concern of the next attempt.
      response?.body?.cancel().catch(() => {});
      if (delayMs > 0) await sleep(delayMs, signal);
    }
  }

  #layOut(input: string | URL | Request, init: AwsRequestInit, signal?: AbortSignal): Promise<OutgoingRequest> {
    return layOutRequest(input, init, this.#defaults, signal, async ({ protocol, host, hostname }, told) => {
      const listed = this.#options.hosts?.includes(host);
      if (listed && told) return {};
      let last = this.#lastHost;
      if (last?.name !== hostname) this.#lastHost = last = { name: hostname, inferred: await inferAwsHost(hostname) };
      const { inferred } = last;
      return listed ? inferred ?? {} : protocol === "https:" ? inferred : undefined;
    });
  }

  async #authenticate(outgoing: OutgoingRequest, credentials: FetchCredentials): Promise<ReadyRequest> {
    const nowMs = this.#ports.now();
    if (endOf(credentials) <= nowMs) throw new FetchError("ERR_FETCH_CREDENTIALS", "the credentials have expired");
    const signer = await this.#signerOf(outgoing, credentials);
    const ready = await signOutgoing(outgoing, signer, credentials, nowMs + this.#skewOf(outgoing), this.#ports);
    const { method, url: { host }, service, region, options: { signBy: by = "headers" } } = outgoing;
    const { accessKeyId } = credentials;
    tell(this.#onEvent, () => ({ type: "signed", method, host, service, region, by, accessKeyId }));
    return ready;
  }

  #signerOf(outgoing: OutgoingRequest, credentials: FetchCredentials): Awaitable<RequestSigner> {
    const { region, service, options: { signSessionToken } } = outgoing;
    return this.#signer(credentials, { region, service, signSessionToken });
  }

  /** Whose clock it is. */
  #clockOf({ url: { host } }: OutgoingRequest): string {
    return this.#options.hosts?.includes(host) ? host : "";
  }

  #skewOf(outgoing: OutgoingRequest): number {
    return this.#clockSkewMs.get(this.#clockOf(outgoing)) ?? 0;
  }

  /** The credentials that were handed in. */
  get #fixed(): FetchCredentials | undefined {
    const { credentials } = this.#options;
    return "accessKeyId" in credentials ? credentials : undefined;
  }

  async #credentials(
    { options: { waitUntil } }: OutgoingRequest,
    signal?: AbortSignal,
    refused?: FetchCredentials,
  ): Promise<FetchCredentials> {
    if (this.#fixed !== undefined) return this.#fixed;
    if (this.#source === undefined) {
      const { credentialSource } = await import("./credential-source.ts");
      const { credentials, callers = "process" } = this.#options;
      this.#source ??= credentialSource(
        credentials as Parameters<typeof credentialSource>[0],
        callers,
        this.#ports,
        this.#onEvent,
      );
    }
    return await untilAborted(this.#source.current(refused, waitUntil), signal);
  }

  async #limit(
    limitMs: number | undefined,
    code: FetchErrorCode,
    signal: AbortSignal | undefined,
  ): Promise<TimeLimit | undefined> {
    if (limitMs === undefined || limitMs === Infinity) return undefined;
    const { startTimeLimit } = await import("./time-limits.ts");
    return startTimeLimit(limitMs, code, signal, this.#ports.sleep);
  }
}

function platformInit(
  { aws: _, ...init }: AwsRequestInit,
  { method, stream }: OutgoingRequest,
  { headers, body }: ReadyRequest,
  signal: AbortSignal | undefined,
): RequestInit {
  return {
    ...init,
    redirect: init.redirect ?? "manual",
    method,
    headers,
    body: body ?? null,
    ...(signal && { signal }),
    ...(stream && { duplex: "half" }),
  };
}

/** When credentials end, in milliseconds since the epoch. */
function endOf({ expiration }: FetchCredentials): number {
  return expiration?.getTime() ?? Infinity;
}

function signalOf(input: string | URL | Request, init: AwsRequestInit): AbortSignal | undefined {
  return init.signal ?? (typeof input === "object" && "signal" in input ? input.signal : undefined);
}

/** The promise, or the signal's reason when it aborts before. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
