/**
 * CreateSession of IAM Roles Anywhere: a certificate and its key for temporary credentials.
 *
 * @module
 */

import { layOutRequest, type SessionIdentity, type SessionRequestOptions } from "./request.ts";
import type { SessionAnswer } from "./response.ts";
import {
  type CallFacts,
  type CallLimits,
  callService,
  checkLimits,
  type Limits,
  type SessionPorts,
} from "./service-call.ts";
import { SessionError } from "./session-error.ts";
import { throwIfAborted } from "./time-limit.ts";

/** What to ask for, and how long to try. Unknown members are a TypeError. */
export interface SessionOptions extends SessionRequestOptions, CallLimits {
  /** Certificate, chain and signer. */
  readonly identity: SessionIdentity;
  /**
   * Whether a certificate that is outside its validity by our clock is refused before anything is sent; default
   * `"enforce"`. `"leave-to-service"` is for machines whose clock cannot be trusted.
   */
  readonly certificateValidity?: "enforce" | "leave-to-service" | undefined;
}

/** A session. Secret: `credentials`; do not log a session as a whole. */
export interface Session extends SessionAnswer, CallFacts {}

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
  return await callService(request, limits, ports);
}

function checkOptions(options: SessionOptions): Limits {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`createSession() has no option "${name}"`);
  }
  const { certificateValidity = "enforce" } = options;
  if (certificateValidity !== "enforce" && certificateValidity !== "leave-to-service") {
    throw new TypeError('"certificateValidity" must be "enforce" or "leave-to-service"');
  }
  return checkLimits(options);
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
