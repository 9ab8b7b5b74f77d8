/**
 * CreateSession of IAM Roles Anywhere: a certificate and its key for temporary credentials.
 *
 * @module
 */

import type { Sha256 } from "../crypto/sha256.ts";
import { encodeHex } from "../bytes/hex.ts";
import type { Abort, Fetch, FetchResponse, Now, Random, Sleep } from "../ports.ts";
import { clean, operationText } from "./attempt-text.ts";
import { parseHttpDate } from "./http-date.ts";
import { layOutRequest, type SessionIdentity, type SessionRequest, type SessionRequestOptions } from "./request.ts";
import { readAnswer, readBody, type SessionAnswer } from "./response.ts";
import { backoffMs, DEFAULT_MAX_ATTEMPTS, isRetryable, isTransient } from "./retry.ts";
import { readRefusal, ServiceError } from "./service-error.ts";
import { SessionError, type SessionErrorDetail } from "./session-error.ts";
import { throwIfAborted, withinTime } from "./time-limit.ts";

/** What to ask for, and how long to try. Unknown members are a TypeError. */
export interface SessionOptions extends SessionRequestOptions {
  /** Certificate, chain and signer. */
  readonly identity: SessionIdentity;
  /**
   * Whether a certificate that is outside its validity by our clock is refused before anything is sent; default
   * `"enforce"`. `"leave-to-service"` is for machines whose clock cannot be trusted.
   */
  readonly certificateValidity?: "enforce" | "leave-to-service" | undefined;
  /** Most attempts, 1 to 10; default {@linkcode DEFAULT_MAX_ATTEMPTS}. A repeat with a corrected clock is not counted. */
  readonly maxAttempts?: number | undefined;
  /**
   * Milliseconds for one attempt, from signing to the last octet of the answer, at most 2147483647; `Infinity` for no
   * limit; default
   * {@linkcode DEFAULT_ATTEMPT_TIMEOUT_MS}.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** Milliseconds for everything, as `attemptTimeoutMs`; default {@linkcode DEFAULT_DEADLINE_MS}. */
  readonly deadlineMs?: number | undefined;
}

/** What creating a session needs of the world. */
export interface SessionPorts {
  /** Sends the request. */
  readonly fetch: Fetch;
  /** Our clock. */
  readonly now: Now;
  /** Waits between attempts, and times them: a stand-in that returns at once ends each attempt at once. */
  readonly sleep: Sleep;
  /** For jitter and the invocation id. */
  readonly random: Random;
  /** A faster hash than the portable one. */
  readonly sha256?: Sha256 | undefined;
  /** Ends it early; its reason is what is thrown. */
  readonly signal?: Abort | undefined;
}

/** A session. Secret: `credentials`; do not log a session as a whole. */
export interface Session extends SessionAnswer {
  /** `X-Amzn-RequestId`; empty when the answer named none. */
  readonly requestId: string;
  /** Requests sent. */
  readonly attempts: number;
  /** The service's clock minus ours in milliseconds, when the request had to be signed with its time; else 0. */
  readonly clockSkewMs: number;
}

/** Time of one attempt when the caller does not say. */
export const DEFAULT_ATTEMPT_TIMEOUT_MS = 30_000;

/** Time of all attempts when the caller does not say. */
export const DEFAULT_DEADLINE_MS = 120_000;

/**
 * Creates a session.
 *
 * Failures that may pass are tried again (standard mode of the AWS SDKs: server errors, throttling, broken connections;
 * full jitter). A failure whose `Date` is more than four minutes away from our clock makes us sign with the service's
 * time from then on, and if it was a final refusal, at once a second time. Redirects are never followed: a signature names its
 * host.
 *
 * Secret: the answer holds credentials; no error does.
 * @throws {ArnError} an ARN is malformed
 * @throws {EndpointError} there is no such endpoint
 * @throws {SessionError} something of our own or the way there; see {@linkcode SessionErrorCode}
 * @throws {ServiceError} the service refused
 * @throws {TypeError} an option that does not exist; {@linkcode RangeError} one that is out of bounds
 */
export async function createSession(options: SessionOptions, ports: SessionPorts): Promise<Session> {
  const limits = checkOptions(options);
  throwIfAborted(ports.signal);
  const request = layOutRequest(options.identity, options, ports.sha256);
  if (options.certificateValidity !== "leave-to-service") checkValidity(options.identity, ports.now());
  const call = new Call(request, options, limits.maxAttempts, limits.attemptTimeoutMs, ports);
  return await withinTime((signal) => call.run(signal), {
    limitMs: limits.deadlineMs,
    expired: () => call.deadlineError(limits.deadlineMs),
    sleep: ports.sleep,
    signal: ports.signal,
    signalFor: "core",
  });
}

/** One call of CreateSession with its attempts. */
class Call {
  readonly #request: SessionRequest;
  readonly #options: SessionOptions;
  readonly #maxAttempts: number;
  readonly #attemptTimeoutMs: number;
  readonly #ports: SessionPorts;
  readonly #invocationId: string;
  /** Requests sent. */
  #sent = 0;
  /** The service's clock minus ours, as its last refusal showed it; 0 within the tolerance. */
  #clockSkewMs = 0;
  #lastFailure: Error | undefined;

  constructor(
    request: SessionRequest,
    options: SessionOptions,
    maxAttempts: number,
    attemptTimeoutMs: number,
    ports: SessionPorts,
  ) {
    this.#request = request;
    this.#options = options;
    this.#maxAttempts = maxAttempts;
    this.#attemptTimeoutMs = attemptTimeoutMs;
    this.#ports = ports;
    this.#invocationId = uuid(ports.random);
  }

  async run(signal: Abort): Promise<Session> {
    let corrected = false;
    for (let attempt = 1;; attempt++) {
      const skewBefore = this.#clockSkewMs;
      let outcome = await this.#attempt(attempt, signal);
      if ("error" in outcome && !outcome.retryable && !corrected && outcome.refused && this.#isNewSkew(skewBefore)) {
        corrected = true;
        outcome = await this.#attempt(attempt, signal);
      }
      if ("session" in outcome) return outcome.session;
      this.#lastFailure = outcome.error;
      if (!outcome.retryable || attempt >= this.#maxAttempts) throw outcome.error;
      await this.#ports.sleep(backoffMs(attempt, this.#ports.random), signal);
      throwIfAborted(signal);
    }
  }

  deadlineError(limitMs: number): SessionError {
    const last = this.#lastFailure;
    return new SessionError(
      "ERR_SESSION_DEADLINE",
      `it took longer than ${limitMs} ms${last === undefined ? "" : `; the last attempt: ${last.message}`}`,
      { ...this.#detail(), limitMs },
      { cause: last },
    );
  }

  /** Signs and sends once. What cannot be helped by another attempt is thrown. */
  async #attempt(attempt: number, signal: Abort): Promise<Outcome> {
    const { sleep, fetch } = this.#ports;
    const limitMs = this.#attemptTimeoutMs;
    try {
      return await withinTime((attemptSignal) => this.#send(attempt, attemptSignal), {
        limitMs,
        expired: () =>
          this.#transportError("ERR_SESSION_TIMEOUT", attempt, `no answer within ${limitMs} ms`, { limitMs }),
        sleep,
        signal,
        signalFor: fetch.takesAnySignal === true ? "core" : "fetch",
      });
    } catch (error) {
      if (error instanceof SessionError && error.code === "ERR_SESSION_TIMEOUT") {
        return { error, retryable: true, refused: false };
      }
      throw error;
    }
  }

  async #send(attempt: number, signal: Abort): Promise<Outcome> {
    const { now, fetch } = this.#ports;
    const skewMs = this.#clockSkewMs;
    const headers = await this.#request.sign(now() + skewMs, {
      invocationId: this.#invocationId,
      attempt,
      maxAttempts: this.#maxAttempts,
    });
    throwIfAborted(signal);
    this.#sent++;
    let response: FetchResponse;
    let body: string | undefined;
    try {
      const { url, body: sent } = this.#request;
      response = await fetch(url, { method: "POST", headers, body: sent, redirect: "manual", signal });
      // A redirect's body says nothing, and a browser's opaque one (status 0) cannot be read.
      body = isRedirect(response.status) ? "" : await readBody(response);
    } catch (error) {
      throwIfAborted(signal);
      const failure = this.#transportError("ERR_SESSION_NETWORK", attempt, describeFailure(error), {}, error);
      return { error: failure, retryable: isTransient(error), refused: false };
    }
    const { status } = response;
    if (isRedirect(status)) throw this.#redirectError(response);
    if (status >= 200 && status < 300) return { session: this.#readSuccess(response, body, now() + skewMs) };
    // A success needs no such look: the service has accepted the time that we signed with.
    this.#clockSkewMs = measureSkew(response.headers.get("date"), now()) ?? skewMs;
    return this.#readRefusal(attempt, response, body);
  }

  #readSuccess(response: FetchResponse, body: string | undefined, timeMs: number): Session {
    const { status, headers } = response;
    const requestId = clean(headers.get("x-amzn-requestid") ?? "", 100);
    const asked = { roleArn: this.#options.roleArn, accountId: this.#request.accountId };
    const answer = readAnswer(body, asked, timeMs, { ...this.#detail(), status, requestId });
    return { ...answer, requestId, attempts: this.#sent, clockSkewMs: this.#clockSkewMs };
  }

  #readRefusal(attempt: number, response: FetchResponse, body: string | undefined): Outcome {
    const { status, headers } = response;
    const refusal = readRefusal(status, headers, body);
    const retryable = isRetryable(refusal);
    const exhausted = retryable && attempt >= this.#maxAttempts ? { exhausted: this.#maxAttempts } : {};
    const error = new ServiceError(refusal, {
      attempts: this.#sent,
      clockSkewMs: this.#clockSkewMs,
      ...exhausted,
    });
    return { error, retryable, refused: true };
  }

  /** Whether the last answer showed that the request carried a time which the service could not accept. */
  #isNewSkew(skewBefore: number): boolean {
    return Math.abs(this.#clockSkewMs - skewBefore) > MAX_SKEW_MS;
  }

  #redirectError(response: FetchResponse): SessionError {
    const host = redirectHost(response.headers.get("location"));
    const target = host === "" ? "" : ` to ${host}`;
    return new SessionError(
      "ERR_SESSION_REDIRECT",
      `the endpoint answers with a redirect${target}, which is not followed: check the endpoint`,
      { ...this.#detail(), status: response.status, ...(host === "" ? {} : { location: host }) },
    );
  }

  #transportError(
    code: "ERR_SESSION_NETWORK" | "ERR_SESSION_TIMEOUT",
    attempt: number,
    state: string,
    detail: SessionErrorDetail,
    cause?: unknown,
  ): SessionError {
    const operation = operationText(0, "", attempt >= this.#maxAttempts ? this.#maxAttempts : undefined);
    const text = `${operation}, request send failed, Post "${this.#request.displayUrl}": ${state}`;
    return new SessionError(code, text, { ...this.#detail(), ...detail }, { cause });
  }

  #detail(): SessionErrorDetail {
    return {
      attempts: this.#sent,
      ...(this.#clockSkewMs === 0 ? {} : { clockSkewMs: this.#clockSkewMs }),
    };
  }
}

/** What came of one attempt. */
type Outcome = { readonly session: Session } | {
  readonly error: ServiceError | SessionError;
  readonly retryable: boolean;
  /** Whether the service answered; only then is its clock known. */
  readonly refused: boolean;
};

function checkOptions(options: SessionOptions): { maxAttempts: number; attemptTimeoutMs: number; deadlineMs: number } {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`createSession() has no option "${name}"`);
  }
  const { maxAttempts = DEFAULT_MAX_ATTEMPTS, certificateValidity = "enforce" } = options;
  const { attemptTimeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS, deadlineMs = DEFAULT_DEADLINE_MS } = options;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 10) {
    throw new RangeError('"maxAttempts" must be a whole number from 1 to 10');
  }
  for (const [name, value] of Object.entries({ attemptTimeoutMs, deadlineMs })) {
    if (!(value > 0 && (value <= MAX_TIMER_MS || value === Infinity))) {
      throw new RangeError(`"${name}" must be more than 0 and at most ${MAX_TIMER_MS} milliseconds, or Infinity`);
    }
  }
  if (certificateValidity !== "enforce" && certificateValidity !== "leave-to-service") {
    throw new TypeError('"certificateValidity" must be "enforce" or "leave-to-service"');
  }
  return { maxAttempts, attemptTimeoutMs, deadlineMs };
}

function checkValidity(identity: SessionIdentity, at: number): void {
  const { notBefore, notAfter } = identity.certificate;
  // RFC 5280 §4.1.2.5: both ends belong to the validity period, and its unit is the second.
  if (at >= notAfter + 1000) {
    const state = `the certificate expired at ${isoTime(notAfter)}, and it is ${isoTime(at)} by this machine's clock`;
    throw new SessionError("ERR_SESSION_CERTIFICATE_EXPIRED", state, { notAfter, at });
  }
  if (at < notBefore) {
    const state = `the certificate is not valid before ${isoTime(notBefore)}, and it is ${
      isoTime(at)
    } by this machine's clock`;
    throw new SessionError("ERR_SESSION_CERTIFICATE_NOT_YET_VALID", state, { notBefore, at });
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}

/** The service's clock minus ours, 0 when they agree within the tolerance; undefined when the header says nothing. */
function measureSkew(date: string | null, nowMs: number): number | undefined {
  const theirs = parseHttpDate(date ?? "");
  if (theirs === undefined) return undefined;
  return Math.abs(theirs - nowMs) > MAX_SKEW_MS ? theirs - nowMs : 0;
}

function isRedirect(status: number): boolean {
  return status === 0 || (status >= 300 && status < 400);
}

/** Host of a `Location`, without credentials, path and query; empty when it names none. */
function redirectHost(location: string | null): string {
  const authority = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/([^/?#\\]*)/.exec(location ?? "")?.[1] ?? "";
  return clean(authority.slice(authority.lastIndexOf("@") + 1), 255);
}

/** An error of `fetch` in words; Node's says only "fetch failed" and tells the reason in its cause. */
function describeFailure(error: unknown): string {
  const texts: string[] = [];
  for (let each = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth++) {
    const text = clean(each.message, 300) || (each as { readonly code?: string }).code || each.name;
    if (!texts.includes(text)) texts.push(text);
  }
  return texts.join(": ") || "no reason given";
}

/** A random UUID (RFC 9562 §5.4). */
function uuid(random: Random): string {
  const octets = random(16).slice();
  octets[6] = (octets[6]! & 0x0f) | 0x40;
  octets[8] = (octets[8]! & 0x3f) | 0x80;
  const hex = encodeHex(octets);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The service accepts five minutes either way; a `Date` is rounded to seconds and as old as the way is long. */
const MAX_SKEW_MS = 240_000;

/** The longest time that timers can be set to (HTML, "timers": a signed 32-bit number); a longer one ends at once. */
const MAX_TIMER_MS = 2_147_483_647;

const OPTION_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<keyof SessionOptions>([
  "identity",
  "trustAnchorArn",
  "profileArn",
  "roleArn",
  "durationSeconds",
  "roleSessionName",
  "region",
  "endpoint",
  "fips",
  "dualStack",
  "userAgent",
  "certificateValidity",
  "maxAttempts",
  "attemptTimeoutMs",
  "deadlineMs",
]);
