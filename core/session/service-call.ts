/**
 * A call of a service in several attempts, each signed anew: retries, the services' clock, time limits, and errors that
 * say what came of it.
 *
 * @module
 */

import type { Sha256 } from "../crypto/sha256.ts";
import type { Awaitable } from "../crypto/signer.ts";
import type { Abort, Fetch, FetchResponse, Now, Random, Sleep } from "../ports.ts";
import { clean, operationText } from "./attempt-text.ts";
import { believedSkewMs, MAX_SKEW_MS, shownSkewMs } from "./http-date.ts";
import { readBody } from "./response.ts";
import { backoffMs, DEFAULT_MAX_ATTEMPTS, isRetryable, isTransient } from "./retry.ts";
import { type Refusal, ServiceError } from "./service-error.ts";
import { SessionError, type SessionErrorDetail } from "./session-error.ts";
import { throwIfAborted, withinTime } from "./time-limit.ts";
import { uuid } from "./uuid.ts";

/** How long to try. */
export interface CallLimits {
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

/** What calling a service needs of the world. */
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

/** Header fields that tell the service about retries. */
export interface AttemptHeaders {
  /** UUID of the whole call. */
  readonly invocationId: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Most attempts that there can be. */
  readonly maxAttempts: number;
}

/** A request that can be signed again for every attempt, and how its answers are read. */
export interface ServiceRequest<Answer> {
  /** Full URL, with the query. */
  readonly url: string;
  /** URL for messages, without the query. */
  readonly displayUrl: string;
  /** The body. */
  readonly body: string;
  /** The role that AssumeRole is asked for; absent: the call is CreateSession. */
  readonly assumedRoleArn?: string;
  /**
   * Signs one attempt and answers the header fields to send; `host` is left to the sender.
   *
   * Secret: the answer's `authorization` must not be logged.
   */
  sign(timeMs: number, attempt: AttemptHeaders): Awaitable<Readonly<Record<string, string>>>;
  /**
   * Reads a success. Secret: the body and the result may hold credentials.
   *
   * @param body undefined when it was too long
   * @param timeMs the service's time as far as we know it
   * @throws {SessionError}
   */
  readAnswer(body: string | undefined, timeMs: number, detail: SessionErrorDetail): Answer;
  /** Reads a refusal. */
  readRefusal(status: number, headers: { get(name: string): string | null }, body: string | undefined): Refusal;
}

/** How an answer came about. */
export interface CallFacts {
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
 * Checks limits, and fills in those that are absent.
 *
 * @throws {RangeError} one is out of bounds
 */
export function checkLimits(limits: CallLimits): Limits {
  const { maxAttempts = DEFAULT_MAX_ATTEMPTS } = limits;
  const { attemptTimeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS, deadlineMs = DEFAULT_DEADLINE_MS } = limits;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 10) {
    throw new RangeError('"maxAttempts" must be a whole number from 1 to 10');
  }
  for (const [name, value] of Object.entries({ attemptTimeoutMs, deadlineMs })) {
    if (!(value > 0 && (value <= MAX_TIMER_MS || value === Infinity))) {
      throw new RangeError(`"${name}" must be more than 0 and at most ${MAX_TIMER_MS} milliseconds, or Infinity`);
    }
  }
  return { maxAttempts, attemptTimeoutMs, deadlineMs };
}

/**
 * Calls a service.
 *
 * Secret: the answer may hold credentials; no error does.
 * @param clockSkewMs the service's clock minus ours, as far as it is known
 * @throws {SessionError} something of our own or the way there
 * @throws {ServiceError} the service refused
 */
export async function callService<Answer>(
  request: ServiceRequest<Answer>,
  limits: Limits,
  ports: SessionPorts,
  clockSkewMs: number = 0,
): Promise<Answer & CallFacts> {
  const call = new Call(request, limits, ports, clockSkewMs);
  return await withinTime((signal) => call.run(signal), {
    limitMs: limits.deadlineMs,
    expired: () => call.deadlineError(limits.deadlineMs),
    sleep: ports.sleep,
    signal: ports.signal,
    signalFor: "core",
  });
}

/** Limits, all of them. */
export interface Limits {
  readonly maxAttempts: number;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
}

/** One call with its attempts. */
class Call<Answer> {
  readonly #request: ServiceRequest<Answer>;
  readonly #limits: Limits;
  readonly #ports: SessionPorts;
  readonly #invocationId: string;
  /** Requests sent. */
  #sent = 0;
  /** The service's clock minus ours, as its last refusal showed it; 0 within the tolerance. */
  #clockSkewMs: number;
  #lastFailure: Error | undefined;

  constructor(request: ServiceRequest<Answer>, limits: Limits, ports: SessionPorts, clockSkewMs: number) {
    this.#request = request;
    this.#limits = limits;
    this.#ports = ports;
    this.#clockSkewMs = clockSkewMs;
    this.#invocationId = uuid(ports.random);
  }

  async run(signal: Abort): Promise<Answer & CallFacts> {
    let corrected = false;
    for (let attempt = 1;; attempt++) {
      const skewBefore = this.#clockSkewMs;
      let outcome = await this.#attempt(attempt, signal);
      if ("error" in outcome && !outcome.retryable && !corrected && outcome.refused && this.#isNewSkew(skewBefore)) {
        corrected = true;
        outcome = await this.#attempt(attempt, signal);
      }
      if ("answer" in outcome) return outcome.answer;
      this.#lastFailure = outcome.error;
      if (!outcome.retryable || attempt >= this.#limits.maxAttempts) throw outcome.error;
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
  async #attempt(attempt: number, signal: Abort): Promise<Outcome<Answer>> {
    const { sleep, fetch } = this.#ports;
    const limitMs = this.#limits.attemptTimeoutMs;
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

  async #send(attempt: number, signal: Abort): Promise<Outcome<Answer>> {
    const { now, fetch } = this.#ports;
    const skewMs = this.#clockSkewMs;
    const headers = await this.#request.sign(now() + skewMs, {
      invocationId: this.#invocationId,
      attempt,
      maxAttempts: this.#limits.maxAttempts,
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
    if (status >= 200 && status < 300) return { answer: this.#readSuccess(response, body, now() + skewMs) };
    // A success needs no such look: the service has accepted the time that we signed with.
    const shownMs = shownSkewMs(response.headers.get("date"), now());
    this.#clockSkewMs = believedSkewMs(shownMs) ?? skewMs;
    return this.#readRefusal(attempt, response, body, shownMs);
  }

  #readSuccess(response: FetchResponse, body: string | undefined, timeMs: number): Answer & CallFacts {
    const { status, headers } = response;
    const requestId = clean(headers.get("x-amzn-requestid") ?? "", 100);
    const answer = this.#request.readAnswer(body, timeMs, { ...this.#detail(), status, requestId });
    return { ...answer, requestId, attempts: this.#sent, clockSkewMs: this.#clockSkewMs };
  }

  #readRefusal(
    attempt: number,
    response: FetchResponse,
    body: string | undefined,
    clockSkewMs: number = this.#clockSkewMs,
  ): Outcome<Answer> {
    const { status, headers } = response;
    const refusal = this.#request.readRefusal(status, headers, body);
    const retryable = isRetryable(refusal);
    const exhausted = retryable && attempt >= this.#limits.maxAttempts ? { exhausted: this.#limits.maxAttempts } : {};
    const error = new ServiceError(refusal, {
      attempts: this.#sent,
      clockSkewMs,
      assumedRoleArn: this.#request.assumedRoleArn,
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
    const { displayUrl, assumedRoleArn } = this.#request;
    const operation = operationText(
      assumedRoleArn,
      0,
      "",
      attempt >= this.#limits.maxAttempts ? this.#limits.maxAttempts : undefined,
    );
    const text = `${operation}, request send failed, Post "${displayUrl}": ${state}`;
    return new SessionError(code, text, { ...this.#detail(), ...detail }, { cause });
  }

  #detail(): SessionErrorDetail {
    const { assumedRoleArn } = this.#request;
    return {
      attempts: this.#sent,
      ...(assumedRoleArn === undefined ? {} : { assumedRoleArn }),
      ...(this.#clockSkewMs === 0 ? {} : { clockSkewMs: this.#clockSkewMs }),
    };
  }
}

/** What came of one attempt. */
type Outcome<Answer> = { readonly answer: Answer & CallFacts } | {
  readonly error: ServiceError | SessionError;
  readonly retryable: boolean;
  /** Whether the service answered; only then is its clock known. */
  readonly refused: boolean;
};

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

/** The longest time that timers can be set to (HTML, "timers": a signed 32-bit number); a longer one ends at once. */
const MAX_TIMER_MS = 2_147_483_647;
