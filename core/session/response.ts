/**
 * The answer of CreateSession: reading a body of bounded length, and taking the credentials out of it.
 *
 * Nothing of a body that may hold credentials gets into an error: not its text, not the JSON parser's own message,
 * which quotes it.
 *
 * @module
 */

import type { FetchResponse } from "../ports.ts";
import { readBoundedBody } from "../response-body.ts";
import { SessionError, type SessionErrorDetail } from "./session-error.ts";

/** Longest answer that is read, in octets; the service's own are below 10 kB. */
export const MAX_RESPONSE_OCTETS = 1_048_576;

/** Temporary credentials. Secret: `secretAccessKey` and `sessionToken`, in plain enumerable members as SDKs want them. */
export interface SessionCredentials {
  /** `ASIA…`. */
  readonly accessKeyId: string;
  /** Secret: signs requests. */
  readonly secretAccessKey: string;
  /** Secret: goes with every request. */
  readonly sessionToken: string;
  /** When they end: the service's own text, RFC 3339 in UTC. */
  readonly expiration: string;
  /** Account that they belong to, twelve digits. */
  readonly accountId: string;
}

/** What the service answered. Secret: `credentials`; do not log a session as a whole. */
export interface SessionAnswer {
  /** The credentials. */
  readonly credentials: SessionCredentials;
  /** `credentials.expiration` in milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** The STS identity that the credentials have. */
  readonly assumedRoleUser?: { readonly arn: string; readonly assumedRoleId: string };
  /** Size of session policy and tags in percent of what is allowed. */
  readonly packedPolicySize?: number;
  /** The role, with its path. */
  readonly roleArn: string;
  /** Source identity, of the certificate's subject. */
  readonly sourceIdentity?: string;
  /** The service's record of the certificate's subject. */
  readonly subjectArn?: string;
}

/**
 * The text of the answer; undefined when it is longer than {@linkcode MAX_RESPONSE_OCTETS}. Octets that are no UTF-8
 * make an empty text, which is no JSON either.
 *
 * Secret: the text may hold credentials.
 */
export function readBody(response: FetchResponse): Promise<string | undefined> {
  return readBoundedBody(response, MAX_RESPONSE_OCTETS);
}

/**
 * Takes the credentials out of a success.
 *
 * Secret: the text and the result hold credentials.
 * @param text the body; undefined when it was too long
 * @param asked what was asked for, where the answer leaves it out
 * @param nowMs the service's time as far as we know it, milliseconds since the epoch
 * @throws {SessionError} ERR_SESSION_RESPONSE, ERR_SESSION_RESPONSE_SIZE, ERR_SESSION_EMPTY_CREDENTIAL_SET,
 * ERR_SESSION_INCOMPLETE_CREDENTIALS, ERR_SESSION_EXPIRATION
 */
export function readAnswer(
  text: string | undefined,
  asked: { readonly roleArn: string; readonly accountId: string },
  nowMs: number,
  detail: SessionErrorDetail,
): SessionAnswer {
  if (text === undefined) {
    const state = `the answer is longer than ${MAX_RESPONSE_OCTETS} octets: check the endpoint`;
    throw new SessionError("ERR_SESSION_RESPONSE_SIZE", state, detail);
  }
  const answer = parseJson(text);
  if (!isObject(answer)) {
    const what = /^\s*</.test(text) ? "HTML or XML" : text.trim() === "" ? "empty" : "not a JSON object";
    throw new SessionError("ERR_SESSION_RESPONSE", `the answer is ${what}: check the endpoint and proxies`, detail);
  }
  const set: unknown = answer["credentialSet"];
  if (!Array.isArray(set) || set.length === 0) {
    throw new SessionError(
      "ERR_SESSION_EMPTY_CREDENTIAL_SET",
      "unable to obtain temporary security credentials from CreateSession: the credential set is empty",
      detail,
    );
  }
  const element: unknown = set[0];
  const members = isObject(element) ? element : {};
  const credentials = members["credentials"];
  if (!isObject(credentials)) throw incomplete("credentials", detail);
  const required = (member: string): string => {
    const value = credentials[member];
    if (typeof value !== "string" || value === "") throw incomplete(member, detail);
    return value;
  };
  const accessKeyId = required("accessKeyId");
  const secretAccessKey = required("secretAccessKey");
  const sessionToken = required("sessionToken");
  const expiration = required("expiration");
  const user = readUser(members["assumedRoleUser"]);
  const roleArn = stringOr(members["roleArn"], asked.roleArn);
  const packed = members["packedPolicySize"];
  const sourceIdentity = stringOr(members["sourceIdentity"], undefined);
  const subjectArn = stringOr(answer["subjectArn"], undefined);
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration,
      accountId: accountOf(user?.arn) ?? accountOf(roleArn) ?? asked.accountId,
    },
    expiresAtMs: readExpiration(expiration, nowMs, detail),
    roleArn,
    ...(user === undefined ? {} : { assumedRoleUser: user }),
    ...(typeof packed === "number" ? { packedPolicySize: packed } : {}),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(subjectArn === undefined ? {} : { subjectArn }),
  };
}

/**
 * Reads when credentials end, in milliseconds since the epoch.
 *
 * @param nowMs the service's time as far as we know it
 * @throws {SessionError} ERR_SESSION_EXPIRATION
 */
export function readExpiration(text: string, nowMs: number, detail: SessionErrorDetail): number {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)$/.exec(text);
  const time = match === null ? NaN : Date.parse(`${match[1]}Z`);
  // A day that the month does not have would have been carried into the next one.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== match![1]) {
    throw new SessionError("ERR_SESSION_EXPIRATION", "the expiration in the answer is no RFC 3339 time in UTC", detail);
  }
  if (time <= nowMs) {
    throw new SessionError("ERR_SESSION_EXPIRATION", "the credentials in the answer have already expired", detail);
  }
  return time;
}

function readUser(value: unknown): { readonly arn: string; readonly assumedRoleId: string } | undefined {
  if (!isObject(value)) return undefined;
  const { arn, assumedRoleId } = value;
  return typeof arn === "string" && typeof assumedRoleId === "string" ? { arn, assumedRoleId } : undefined;
}

/** The account that an ARN names. */
export function accountOf(arn: string | undefined): string | undefined {
  const account = arn?.split(":")[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

function incomplete(member: string, detail: SessionErrorDetail): SessionError {
  return new SessionError(
    "ERR_SESSION_INCOMPLETE_CREDENTIALS",
    `unable to obtain temporary security credentials from CreateSession: the answer lacks ${member}`,
    { ...detail, member },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller tells; the parser's own message would quote the body.
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringOr<T extends string | undefined>(value: unknown, other: T): string | T {
  return typeof value === "string" && value !== "" ? value : other;
}
