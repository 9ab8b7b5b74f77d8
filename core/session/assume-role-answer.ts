/**
 * The answers of AssumeRole: the query protocol's XML.
 *
 * @see STS API reference, "AssumeRole"; "Common errors"
 * @module
 */

import { clean } from "./attempt-text.ts";
import type { Session } from "./create-session.ts";
import { accountOf, MAX_RESPONSE_OCTETS, readExpiration, type SessionAnswer } from "./response.ts";
import type { Refusal } from "./service-error.ts";
import { SessionError, type SessionErrorDetail } from "./session-error.ts";
import { child, childText, parseXml, type XmlElement } from "./xml-document.ts";

/**
 * Takes the credentials out of a success.
 *
 * Secret: the text and the result hold credentials.
 * @param text the body; undefined when it was too long
 * @param asked the role, and the session that assumes it
 * @param nowMs the service's time as far as we know it, milliseconds since the epoch
 * @throws {SessionError} ERR_SESSION_RESPONSE, ERR_SESSION_RESPONSE_SIZE, ERR_SESSION_INCOMPLETE_CREDENTIALS,
 * ERR_SESSION_EXPIRATION
 */
export function readAssumeRoleAnswer(
  text: string | undefined,
  { roleArn, session }: { readonly roleArn: string; readonly session: Session },
  nowMs: number,
  detail: SessionErrorDetail,
): SessionAnswer {
  if (text === undefined) {
    const state = `the answer is longer than ${MAX_RESPONSE_OCTETS} octets: check the endpoint`;
    throw new SessionError("ERR_SESSION_RESPONSE_SIZE", state, detail);
  }
  const result = resultOf(parseXml(text));
  if (result === undefined) {
    const state = "the answer is not the XML of AssumeRole: check the endpoint of STS and proxies";
    throw new SessionError("ERR_SESSION_RESPONSE", state, detail);
  }
  const credentials = child(result, "Credentials");
  const required = (member: string): string => {
    const value = childText(credentials, member);
    if (value) return value;
    const state = `the answer lacks ${member}`;
    throw new SessionError("ERR_SESSION_INCOMPLETE_CREDENTIALS", state, { ...detail, member });
  };
  const accessKeyId = required("AccessKeyId");
  const secretAccessKey = required("SecretAccessKey");
  const sessionToken = required("SessionToken");
  const expiration = required("Expiration");
  const user = child(result, "AssumedRoleUser");
  const arn = childText(user, "Arn");
  const assumedRoleId = childText(user, "AssumedRoleId");
  const packed = childText(result, "PackedPolicySize") ?? "";
  const sourceIdentity = childText(result, "SourceIdentity") || session.sourceIdentity;
  const { subjectArn } = session;
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration,
      accountId: accountOf(arn) ?? accountOf(roleArn)!,
    },
    expiresAtMs: readExpiration(expiration, nowMs, detail),
    roleArn,
    ...(arn && assumedRoleId ? { assumedRoleUser: { arn, assumedRoleId } } : {}),
    ...(/^\d{1,6}$/.test(packed) ? { packedPolicySize: Number(packed) } : {}),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(subjectArn === undefined ? {} : { subjectArn }),
  };
}

/** Reads a refusal. @param body undefined when it was too long */
export function readAssumeRoleRefusal(
  status: number,
  headers: { get(name: string): string | null },
  body: string | undefined,
): Refusal {
  const document = body === undefined ? undefined : parseXml(body);
  const error = document?.name === "ErrorResponse" ? child(document, "Error") : undefined;
  const requestId = childText(document, "RequestId") ?? headers.get("x-amzn-requestid") ?? "";
  const serviceCode = clean(childText(error, "Code") ?? "", 100) || UNKNOWN;
  const serviceMessage = clean(childText(error, "Message") ?? "", 1000) || UNKNOWN;
  return {
    status,
    serviceCode,
    serviceMessage,
    requestId: clean(requestId, 100),
    decoded: error !== undefined,
    advice: error === undefined
      ? "this does not look like STS: check its endpoint and proxies"
      : ADVICE.find(([code]) => code === serviceCode)?.[1],
  };
}

function resultOf(document: XmlElement | undefined): XmlElement | undefined {
  return document?.name === "AssumeRoleResponse" ? child(document, "AssumeRoleResult") : undefined;
}

const UNKNOWN = "UnknownError";

/** Codes and what they call for. */
const ADVICE: readonly (readonly [code: string, advice: string])[] = [
  [
    "AccessDenied",
    "check that the role exists, that its trust policy lets the role before it do sts:AssumeRole (with " +
    "sts:SetSourceIdentity, and sts:TagSession where tags are transitive) with this external id, and that the policies of " +
    "the role before it allow sts:AssumeRole on it",
  ],
  ["RegionDisabledException", "STS is not active in this region of the account: activate it, or choose another region"],
  ["PackedPolicyTooLarge", "shorten the session policy, or narrow the profile's attribute mapping"],
  ["SignatureDoesNotMatch", "check that this machine's clock is right and that nothing on the way changes requests"],
];
