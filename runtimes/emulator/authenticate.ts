/**
 * Who signed a request with an access key (SigV4).
 *
 * @module
 */

import { SigV4Error, type SigV4ErrorCode } from "../../core/sigv4/sigv4-error.ts";
import { verifyHmacRequest } from "../../core/sigv4/verify-hmac-request.ts";
import type { SessionRequest } from "../../core/decision/mod.ts";
import type { Caller } from "./caller.ts";
import type { Service } from "./service.ts";
import { refuse, type ServiceRefusal } from "./service-refusal.ts";
import type { VendedSession } from "./vended-credentials.ts";

/**
 * Verifies the signature of a request and says whose it is. Secret: the session token of the request.
 *
 * @throws {ServiceRefusal} when there is no signature, it does not verify, or the credentials are unknown or have ended
 */
export async function authenticate(service: Service, request: SessionRequest, serviceName: string): Promise<Caller> {
  const token = request.headers.find(([name]) => name.toLowerCase() === "x-amz-security-token")?.[1] ??
    new URLSearchParams(request.query).get("X-Amz-Security-Token") ?? undefined;
  const session = token === undefined ? undefined : await service.vendor.open(token);
  let accessKeyId: string;
  try {
    const { authorization } = await verifyHmacRequest(request, {
      timeMs: service.now(),
      maxClockSkewSeconds: CLOCK_WINDOW_SECONDS,
      region: "any",
      service: serviceName,
      sha256: service.sha256,
      unsignedPayload: serviceName === "s3" ? "allow" : "deny",
      credentials: (accessKeyId) => credentialsOf(service, accessKeyId, token, session),
    });
    accessKeyId = authorization.credentialId;
  } catch (error) {
    if (!(error instanceof SigV4Error)) throw error;
    throw authenticationFailure(error);
  }
  if (session === undefined) {
    const key = service.store.get("accessKeys", accessKeyId);
    if (key === undefined) throw INVALID_TOKEN();
    const { arn, userId } = key;
    return { kind: "user", account: arn.split(":")[4]!, arn, userId };
  }
  if (service.now() >= session.expiresMs) {
    throw refuse(400, "ExpiredToken", "The security token included in the request is expired");
  }
  const { account, arn, userId, accessKeyId: _, ...rest } = session;
  return { kind: "session", account, arn, userId, session: rest };
}

function credentialsOf(
  service: Service,
  accessKeyId: string,
  token: string | undefined,
  session: VendedSession | undefined,
): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined {
  if (token === undefined) return service.store.get("accessKeys", accessKeyId);
  if (session?.accessKeyId !== accessKeyId) return undefined;
  return { accessKeyId, secretAccessKey: service.vendor.secretAccessKey(token), sessionToken: token };
}

const INVALID_TOKEN = (): ServiceRefusal =>
  refuse(403, "InvalidClientTokenId", "The security token included in the request is invalid.");

function authenticationFailure(error: SigV4Error): ServiceRefusal {
  switch (FAILURES[error.code]) {
    case "MissingAuthenticationToken":
      return refuse(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    case "IncompleteSignature":
      return refuse(400, "IncompleteSignature", error.message);
    case "InvalidClientTokenId":
      return INVALID_TOKEN();
    case "SignatureExpired":
      return refuse(403, "SignatureDoesNotMatch", `Signature expired: ${error.message}`);
    case "SignatureDoesNotMatch":
      return refuse(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS " +
          "Secret Access Key and signing method. Consult the service documentation for details.",
      );
  }
}

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

/** What AWS services allow that are not CreateSession. */
const CLOCK_WINDOW_SECONDS = 900;
