/**
 * STS: `GetCallerIdentity`, the one call that everybody may make, with the credentials that CreateSession made.
 *
 * @see STS API reference, "GetCallerIdentity", "Common errors"
 * @module
 */

import { decodeUtf8 } from "../../../core/bytes/text.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { SigV4Error, type SigV4ErrorCode } from "../../../core/sigv4/sigv4-error.ts";
import { verifyHmacRequest } from "../../../core/sigv4/verify-hmac-request.ts";
import { type ServiceFailure, STS_NAMESPACE, xmlAnswer, xmlFailure } from "../service-error.ts";
import type { Service } from "../service.ts";
import type { VendedSession } from "../vended-credentials.ts";
import { escapeXml } from "../xml.ts";

/** Answers an STS request: `POST /` with a form, or `GET /` with a query. Secret: its session token; no answer holds it. */
export async function callSts(service: Service, request: SessionRequest, requestId: string): Promise<Response> {
  const parameters = readParameters(request);
  const unknown = checkAction(parameters);
  if (unknown !== undefined) return xmlFailure(unknown, requestId);
  const caller = await authenticate(service, request);
  if ("status" in caller) return xmlFailure(caller, requestId);
  return xmlAnswer(
    200,
    `<GetCallerIdentityResponse xmlns="${STS_NAMESPACE}"><GetCallerIdentityResult>` +
      `<Arn>${escapeXml(caller.arn)}</Arn><UserId>${escapeXml(caller.userId)}</UserId>` +
      `<Account>${escapeXml(caller.account)}</Account></GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    requestId,
  );
}

/** Whether a request to `/` is one for STS: a bare GET is not. */
export function isStsRequest(request: SessionRequest): boolean {
  return request.method === "POST" || new URLSearchParams(request.query).has("Action");
}

function readParameters(request: SessionRequest): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  const form = request.method === "POST" ? decodeUtf8(request.body) ?? "" : "";
  for (const [name, value] of new URLSearchParams(form)) parameters.append(name, value);
  return parameters;
}

function checkAction(parameters: URLSearchParams): ServiceFailure | undefined {
  const action = parameters.get("Action");
  if (action === null) {
    return { status: 400, code: "MissingAction", message: "The request is missing an Action parameter." };
  }
  const version = parameters.get("Version") ?? VERSION;
  if (action === "GetCallerIdentity" && version === VERSION) return undefined;
  const message = `Could not find operation ${action} for version ${version}`;
  return { status: 400, code: "InvalidAction", message };
}

/** Who signed the request, or why nobody did. Secret: the token of the request. */
async function authenticate(service: Service, request: SessionRequest): Promise<VendedSession | ServiceFailure> {
  const token = request.headers.find(([name]) => name.toLowerCase() === "x-amz-security-token")?.[1] ??
    new URLSearchParams(request.query).get("X-Amz-Security-Token") ?? undefined;
  const session = token === undefined ? undefined : await service.vendor.open(token);
  try {
    await verifyHmacRequest(request, {
      timeMs: service.now(),
      maxClockSkewSeconds: CLOCK_WINDOW_SECONDS,
      region: "any",
      service: "sts",
      sha256: service.sha256,
      unsignedPayload: "deny",
      credentials: (accessKeyId) =>
        token === undefined || session?.accessKeyId !== accessKeyId
          ? undefined
          : { accessKeyId, secretAccessKey: service.vendor.secretAccessKey(token), sessionToken: token },
    });
  } catch (error) {
    if (!(error instanceof SigV4Error)) throw error;
    return authenticationFailure(error);
  }
  if (session === undefined) return INVALID_TOKEN;
  return service.now() < session.expiresMs ? session : EXPIRED_TOKEN;
}

function authenticationFailure(error: SigV4Error): ServiceFailure {
  switch (FAILURES[error.code]) {
    case "MissingAuthenticationToken":
      return { status: 403, code: "MissingAuthenticationToken", message: "Request is missing Authentication Token" };
    case "IncompleteSignature":
      return { status: 400, code: "IncompleteSignature", message: error.message };
    case "InvalidClientTokenId":
      return INVALID_TOKEN;
    case "SignatureExpired":
      return { status: 403, code: "SignatureDoesNotMatch", message: `Signature expired: ${error.message}` };
    case "SignatureDoesNotMatch":
      return {
        status: 403,
        code: "SignatureDoesNotMatch",
        message: "The request signature we calculated does not match the signature you provided. Check your AWS " +
          "Secret Access Key and signing method. Consult the service documentation for details.",
      };
  }
}

const INVALID_TOKEN: ServiceFailure = {
  status: 403,
  code: "InvalidClientTokenId",
  message: "The security token included in the request is invalid.",
};

const EXPIRED_TOKEN: ServiceFailure = {
  status: 400,
  code: "ExpiredToken",
  message: "The security token included in the request is expired",
};

type Failure =
  | "MissingAuthenticationToken"
  | "IncompleteSignature"
  | "InvalidClientTokenId"
  | "SignatureExpired"
  | "SignatureDoesNotMatch";

const FAILURES: { readonly [code in SigV4ErrorCode]: Failure } = {
  ERR_SIGV4_MISSING_AUTHORIZATION: "MissingAuthenticationToken",
  ERR_SIGV4_MALFORMED_AUTHORIZATION: "IncompleteSignature",
  ERR_SIGV4_ALGORITHM: "IncompleteSignature",
  ERR_SIGV4_DATE: "IncompleteSignature",
  ERR_SIGV4_CREDENTIAL: "InvalidClientTokenId",
  ERR_SIGV4_SESSION_TOKEN: "InvalidClientTokenId",
  ERR_SIGV4_CLOCK: "SignatureExpired",
  ERR_SIGV4_EXPIRED: "SignatureExpired",
  ERR_SIGV4_URI: "SignatureDoesNotMatch",
  ERR_SIGV4_SCOPE: "SignatureDoesNotMatch",
  ERR_SIGV4_UNSIGNED_HEADER: "SignatureDoesNotMatch",
  ERR_SIGV4_MISSING_HEADER: "SignatureDoesNotMatch",
  ERR_SIGV4_PAYLOAD_HASH: "SignatureDoesNotMatch",
  ERR_SIGV4_SIGNATURE: "SignatureDoesNotMatch",
};

const VERSION = "2011-06-15";

/** What STS allows. */
const CLOCK_WINDOW_SECONDS = 900;
