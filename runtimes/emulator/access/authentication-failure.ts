/**
 * Why a request is not believed to come from whom it says, in the words of each protocol.
 *
 * @see the page "Common errors" of the IAM Roles Anywhere, STS and AWS Private CA API references
 * @see Amazon S3 API reference, "Error responses"
 * @module
 */

import type { SigV4Error, SigV4ErrorCode } from "../../../core/sigv4/sigv4-error.ts";
import type { ServiceFailure } from "../protocols/service-error.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";

/** What can be wrong with a signature or with the credentials behind it. */
export type AuthenticationFault =
  | "missing"
  | "incomplete"
  | "unknown-key"
  | "wrong-token"
  | "expired-token"
  | "clock"
  | "expired-url"
  | "scope"
  | "region"
  | "unsigned-header"
  | "payload"
  | "signature";

/** The fault that an error of the verification stands for. */
export function faultOf({ code, subject }: SigV4Error): AuthenticationFault {
  return code === "ERR_SIGV4_SCOPE" && subject === "region" ? "region" : FAULTS[code];
}

/**
 * The refusal of a request with this fault.
 *
 * @param serviceName as in credential scopes; decides on the protocol
 * @param cause what the verification found, whose message is shown where AWS shows as much
 * @param presigned whether the signature is in the query
 */
export function authenticationRefusal(
  serviceName: string,
  fault: AuthenticationFault,
  cause: SigV4Error | undefined,
  presigned: boolean,
): ServiceRefusal {
  const detail = cause === undefined ? "" : cause.message.slice(cause.message.indexOf(": ") + 2);
  const { status, code, message } = serviceName === "s3"
    ? s3Failure(fault, detail, presigned)
    : serviceName === "sts" || serviceName === "iam"
    ? queryFailure(fault, detail)
    : jsonFailure(fault, detail, serviceName === "rolesanywhere" ? 403 : 400);
  return refuse(status, code, message);
}

/** JSON 1.1 answers 400 to every mistake of a client, REST with JSON 403 to these. */
function jsonFailure(fault: AuthenticationFault, detail: string, status: number): ServiceFailure {
  const failure = queryFailure(fault, detail);
  switch (fault) {
    case "missing":
      return { status, code: "MissingAuthenticationTokenException", message: "Missing Authentication Token" };
    case "incomplete":
      return { status, code: "IncompleteSignatureException", message: failure.message };
    case "unknown-key":
    case "wrong-token":
      return { status, code: "UnrecognizedClientException", message: failure.message };
    case "expired-token":
      return { status, code: "ExpiredTokenException", message: failure.message };
    default:
      return { status, code: "InvalidSignatureException", message: failure.message };
  }
}

function queryFailure(fault: AuthenticationFault, detail: string): ServiceFailure {
  switch (fault) {
    case "missing":
      return { status: 403, code: "MissingAuthenticationToken", message: "Request is missing Authentication Token" };
    case "incomplete":
      return { status: 400, code: "IncompleteSignature", message: `The signature cannot be read: ${detail}` };
    case "unknown-key":
    case "wrong-token":
      return {
        status: 403,
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid.",
      };
    case "expired-token":
      return { status: 400, code: "ExpiredToken", message: "The security token included in the request is expired" };
    case "clock":
    case "expired-url":
      return { status: 403, code: "SignatureDoesNotMatch", message: `Signature expired: ${detail}` };
    case "region":
      return {
        status: 403,
        code: "SignatureDoesNotMatch",
        message: "Credential should be scoped to a valid region.",
      };
    case "scope":
      return {
        status: 403,
        code: "SignatureDoesNotMatch",
        message: `Credential should be scoped to this service and the day of the request: ${detail}`,
      };
    case "unsigned-header":
    case "payload":
      return { status: 403, code: "SignatureDoesNotMatch", message: `The signature does not cover it all: ${detail}` };
    case "signature":
      return {
        status: 403,
        code: "SignatureDoesNotMatch",
        message: "The request signature we calculated does not match the signature you provided. Check your AWS " +
          "Secret Access Key and signing method. Consult the service documentation for details.",
      };
  }
}

function s3Failure(fault: AuthenticationFault, detail: string, presigned: boolean): ServiceFailure {
  switch (fault) {
    case "missing":
      return { status: 403, code: "AccessDenied", message: "Access Denied" };
    case "incomplete":
    case "scope":
    case "region":
      return presigned
        ? { status: 400, code: "AuthorizationQueryParametersError", message: `Error parsing the query: ${detail}` }
        : {
          status: 400,
          code: "AuthorizationHeaderMalformed",
          message: `The authorization header is malformed: ${detail}`,
        };
    case "unknown-key":
      return {
        status: 403,
        code: "InvalidAccessKeyId",
        message: "The AWS Access Key Id you provided does not exist in our records.",
      };
    case "wrong-token":
      return {
        status: 400,
        code: "InvalidToken",
        message: "The provided token is malformed or otherwise invalid.",
      };
    case "expired-token":
      return { status: 400, code: "ExpiredToken", message: "The provided token has expired." };
    case "clock":
      return {
        status: 403,
        code: "RequestTimeTooSkewed",
        message: "The difference between the request time and the current time is too large.",
      };
    case "expired-url":
      return { status: 403, code: "AccessDenied", message: "Request has expired" };
    case "unsigned-header":
      return {
        status: 403,
        code: "AccessDenied",
        message: "There were headers present in the request which were not signed",
      };
    case "payload":
      return {
        status: 400,
        code: "XAmzContentSHA256Mismatch",
        message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      };
    case "signature":
      return {
        status: 403,
        code: "SignatureDoesNotMatch",
        message: "The request signature we calculated does not match the signature you provided. Check your key and " +
          "signing method.",
      };
  }
}

const FAULTS: { readonly [code in SigV4ErrorCode]: AuthenticationFault } = {
  ERR_SIGV4_MISSING_AUTHORIZATION: "missing",
  ERR_SIGV4_MALFORMED_AUTHORIZATION: "incomplete",
  ERR_SIGV4_ALGORITHM: "incomplete",
  ERR_SIGV4_DATE: "incomplete",
  ERR_SIGV4_SCOPE: "scope",
  ERR_SIGV4_CREDENTIAL: "unknown-key",
  ERR_SIGV4_SESSION_TOKEN: "wrong-token",
  ERR_SIGV4_CLOCK: "clock",
  ERR_SIGV4_EXPIRED: "expired-url",
  ERR_SIGV4_URI: "signature",
  ERR_SIGV4_UNSIGNED_HEADER: "unsigned-header",
  ERR_SIGV4_MISSING_HEADER: "signature",
  ERR_SIGV4_PAYLOAD_HASH: "payload",
  ERR_SIGV4_SIGNATURE: "signature",
};
