/**
 * AssumeRole of STS: from the credentials of one role to those of the next.
 *
 * @see STS API reference, "AssumeRole"; "Making query requests"
 * @see IAM user guide, "Methods to assume a role", Role chaining
 * @module
 */

import { parseRoleArn } from "../aws/roles-anywhere-arn.ts";
import { stsEndpoint } from "../aws/sts-endpoint.ts";
import { createHmacSigner } from "../sigv4/hmac-scheme.ts";
import { encodeUri } from "../sigv4/uri-encoding.ts";
import { VERSION } from "../version.ts";
import { readAssumeRoleAnswer, readAssumeRoleRefusal } from "./assume-role-answer.ts";
import type { Session } from "./create-session.ts";
import { type CallLimits, callService, checkLimits, type ServiceRequest, type SessionPorts } from "./service-call.ts";
import type { SessionAnswer } from "./response.ts";
import { SessionError, type SessionErrorCode } from "./session-error.ts";
import { throwIfAborted } from "./time-limit.ts";

/** A role to assume, and how. */
export interface RoleRequest {
  /** `arn:aws:iam::…:role/…`. */
  readonly roleArn: string;
  /**
   * Name of the session, 2 to 64 of `[A-Za-z0-9_+=,.@-]`; default: that of the session before, which for a session of
   * Roles Anywhere is the certificate's serial number unless it was given another.
   */
  readonly roleSessionName?: string | undefined;
  /** What the role's trust policy asks for as `sts:ExternalId`: 2 to 1224 of `[A-Za-z0-9_+=,.@:/-]`. No secret. */
  readonly externalId?: string | undefined;
  /** Session policy: the JSON of a policy that the session is held to besides those of the role. */
  readonly policy?: string | undefined;
}

/** Which role to assume, with whose credentials. Unknown members are a TypeError. */
export interface AssumeRoleOptions extends RoleRequest, CallLimits {
  /** Secret: the session that assumes the role. */
  readonly session: Session;
  /** Wanted life of the credentials in seconds, 900 to {@linkcode CHAINED_SECONDS}; default that. */
  readonly durationSeconds?: number | undefined;
  /** Region of endpoint and signature. `fips-…` selects the FIPS endpoint. */
  readonly region: string;
  /** Partition of a region that no pattern knows; default `aws`. */
  readonly partition?: string | undefined;
  /** Absolute URL of STS to send to instead of the region's endpoint. */
  readonly endpoint?: string | undefined;
  /** Whether to use the endpoint with FIPS 140 validated cryptography; default false. */
  readonly fips?: boolean | undefined;
  /** Whether to use the endpoint that also speaks IPv6; default false. */
  readonly dualStack?: boolean | undefined;
  /** Product token; default `anyrole/<version>`. */
  readonly userAgent?: string | undefined;
}

/** The longest life that credentials have which were got with those of a role, in seconds. */
export const CHAINED_SECONDS = 3600;

/**
 * Assumes a role with the credentials of a session. Attempts, clock and redirects are those of `createSession`.
 *
 * @returns a session of that role; source identity and subject of the first one are kept, attempts are those of this call
 *
 * Secret: the session and the answer hold credentials; no error does.
 * @throws {ArnError} the ARN is malformed
 * @throws {EndpointError} there is no such endpoint
 * @throws {SessionError} something of our own or the way there; see {@linkcode SessionErrorCode}
 * @throws {ServiceError} STS refused
 * @throws {TypeError} an option that does not exist; {@linkcode RangeError} one that is out of bounds
 */
export async function assumeRole(options: AssumeRoleOptions, ports: SessionPorts): Promise<Session> {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`assumeRole() has no option "${name}"`);
  }
  const limits = checkLimits(options);
  throwIfAborted(ports.signal);
  return await callService(layOutRequest(options, ports), limits, ports, options.session.clockSkewMs);
}

/**
 * Checks what a role is asked for with.
 *
 * @throws {ArnError} the ARN is malformed
 * @throws {SessionError} ERR_SESSION_DURATION, ERR_SESSION_ROLE_SESSION_NAME, ERR_SESSION_EXTERNAL_ID, ERR_SESSION_POLICY
 */
export function checkRoleRequest(request: RoleRequest, durationSeconds: number): void {
  const { roleArn, roleSessionName, externalId, policy } = request;
  parseRoleArn(roleArn);
  const refuse = (code: SessionErrorCode, state: string) => new SessionError(code, state, { assumedRoleArn: roleArn });
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > CHAINED_SECONDS) {
    throw refuse(
      "ERR_SESSION_DURATION",
      `the duration is ${durationSeconds} seconds and must be a whole number from 900 to ${CHAINED_SECONDS}, which is ` +
        "the longest that AWS lets one role assume another for",
    );
  }
  if (roleSessionName !== undefined && !SESSION_NAME.test(roleSessionName)) {
    throw refuse(
      "ERR_SESSION_ROLE_SESSION_NAME",
      "the role session name must be 2 to 64 letters, digits or any of _+=,.@-",
    );
  }
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw refuse("ERR_SESSION_EXTERNAL_ID", "the external id must be 2 to 1224 letters, digits or any of _+=,.@:/-");
  }
  if (policy !== undefined && !isJsonObject(policy)) {
    throw refuse("ERR_SESSION_POLICY", "the session policy is no JSON object");
  }
}

function layOutRequest(options: AssumeRoleOptions, { sha256 }: SessionPorts): ServiceRequest<SessionAnswer> {
  const { session, roleArn, externalId, policy, durationSeconds = CHAINED_SECONDS } = options;
  checkRoleRequest(options, durationSeconds);
  const roleSessionName = options.roleSessionName ?? sessionName(session);
  if (roleSessionName === undefined) {
    const state = "the session before has no name; give one";
    throw new SessionError("ERR_SESSION_ROLE_SESSION_NAME", state, { assumedRoleArn: roleArn });
  }
  const endpoint = stsEndpoint({
    region: options.region,
    fips: options.fips ?? false,
    dualStack: options.dualStack ?? false,
    ...(options.partition === undefined ? {} : { partition: options.partition }),
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
  });
  const parameters: readonly (readonly [name: string, value: string | undefined])[] = [
    ["Action", "AssumeRole"],
    ["Version", "2011-06-15"],
    ["RoleArn", roleArn],
    ["RoleSessionName", roleSessionName],
    ["DurationSeconds", String(durationSeconds)],
    ["ExternalId", externalId],
    ["Policy", policy],
  ];
  const body = parameters.flatMap(([name, value]) => value === undefined ? [] : [`${name}=${encodeUri(value)}`]).join(
    "&",
  );
  const signer = createHmacSigner(session.credentials, { region: endpoint.region, service: "sts", sha256 });
  const userAgent = options.userAgent ?? `anyrole/${VERSION}`;
  const url = `${endpoint.url}/`;
  return {
    url,
    displayUrl: url,
    body,
    assumedRoleArn: roleArn,
    sign(timeMs, { invocationId, attempt, maxAttempts }) {
      const headers = {
        "amz-sdk-invocation-id": invocationId,
        "amz-sdk-request": `attempt=${attempt}; max=${maxAttempts}`,
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      };
      const request = { method: "POST", path: `${endpoint.path}/`, headers: { ...headers, host: endpoint.host }, body };
      return { ...headers, ...signer.sign(request, timeMs).headers, "user-agent": userAgent };
    },
    readAnswer: (text, timeMs, detail) => readAssumeRoleAnswer(text, { roleArn, session }, timeMs, detail),
    readRefusal: readAssumeRoleRefusal,
  };
}

/** The name of a session: the last part of `arn:aws:sts::account:assumed-role/role/name`. */
function sessionName({ assumedRoleUser }: Session): string | undefined {
  const name = assumedRoleUser?.arn.split("/").at(-1);
  return name !== undefined && SESSION_NAME.test(name) ? name : undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false; // The caller tells.
  }
}

const SESSION_NAME = /^[A-Za-z0-9_+=,.@-]{2,64}$/;

const OPTION_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<keyof AssumeRoleOptions>([
  "session",
  "roleArn",
  "roleSessionName",
  "externalId",
  "policy",
  "durationSeconds",
  "region",
  "partition",
  "endpoint",
  "fips",
  "dualStack",
  "userAgent",
  "maxAttempts",
  "attemptTimeoutMs",
  "deadlineMs",
]);
