/**
 * Who signed a request with an access key (SigV4).
 *
 * @module
 */

import { partitionOfRegion } from "../../../core/aws/partition.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { parseAuthorization } from "../../../core/sigv4/authorization.ts";
import { credentialScope, formatAmzDate } from "../../../core/sigv4/credential-scope.ts";
import { deriveSigningKey } from "../../../core/sigv4/hmac-scheme.ts";
import { SigV4Error } from "../../../core/sigv4/sigv4-error.ts";
import { verifyHmacRequest } from "../../../core/sigv4/verify-hmac-request.ts";
import { type AuthenticationFault, authenticationRefusal, faultOf } from "./authentication-failure.ts";
import { CHUNKED_PAYLOADS, verifyChunks } from "../s3/aws-chunked.ts";
import type { Caller } from "./caller.ts";
import { headerField } from "../protocols/header-field.ts";
import type { Service } from "../service.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { VendedSession } from "./vended-credentials.ts";

/**
 * Says whose a request is. Strict authentication verifies its signature, that of every chunk of its body included;
 * permissive authentication believes what it says, and takes whoever says nothing for the account's administrator.
 *
 * Secret: the session token of the request.
 *
 * @param serviceName as in credential scopes
 * @throws {ServiceRefusal} when there is no signature, it does not verify, or the credentials are unknown or have ended
 */
export async function authenticate(service: Service, request: SessionRequest, serviceName: string): Promise<Caller> {
  const query = new URLSearchParams(request.query);
  const presigned = query.has("X-Amz-Signature");
  const refusal = (fault: AuthenticationFault, cause?: SigV4Error) =>
    authenticationRefusal(serviceName, fault, cause, presigned);
  if (
    serviceName === "s3" && (query.has("AWSAccessKeyId") || /^AWS /.test(headerField(request, "authorization") ?? ""))
  ) {
    throw refuse(
      400,
      "InvalidRequest",
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    );
  }
  const token = headerField(request, "x-amz-security-token") ?? query.get("X-Amz-Security-Token") ?? undefined;
  const session = token === undefined ? undefined : await service.vendor.open(token);
  let accessKeyId: string | undefined;
  try {
    accessKeyId = service.authentication === "permissive"
      ? claimedAccessKey(request, query)
      : await signingAccessKey(service, request, serviceName, token, session);
  } catch (error) {
    if (!(error instanceof SigV4Error)) throw error;
    const fault = faultOf(error);
    throw refusal(fault === "unknown-key" && token !== undefined ? "wrong-token" : fault, error);
  }
  if (session !== undefined) {
    if (service.now() >= session.expiresMs) throw refusal("expired-token");
    const { account, arn, userId, accessKeyId: _, ...rest } = session;
    return { kind: "session", account, arn, userId, session: rest };
  }
  const key = accessKeyId === undefined ? undefined : service.store.get("accessKeys", accessKeyId);
  if (key !== undefined) return { kind: "user", account: key.arn.split(":")[4]!, arn: key.arn, userId: key.userId };
  if (service.authentication === "strict") throw refusal("unknown-key");
  const { account } = service;
  return { kind: "user", account, arn: `arn:aws:iam::${account}:user/Administrator`, userId: ADMINISTRATOR_ID };
}

/**
 * The access key that a signature was made with.
 *
 * @throws {SigV4Error}
 */
async function signingAccessKey(
  service: Service,
  request: SessionRequest,
  serviceName: string,
  token: string | undefined,
  session: VendedSession | undefined,
): Promise<string> {
  const s3 = serviceName === "s3";
  let secretAccessKey = "";
  const verified = await verifyHmacRequest(request, {
    timeMs: service.now(),
    maxClockSkewSeconds: CLOCK_WINDOW_SECONDS,
    region: "any",
    service: serviceName,
    sha256: service.sha256,
    unsignedPayload: s3 ? "allow" : "deny",
    chunkedPayloads: s3 ? CHUNKED_PAYLOADS : [],
    credentials: (accessKeyId) => {
      const credentials = credentialsOf(service, accessKeyId, token, session);
      secretAccessKey = credentials?.secretAccessKey ?? "";
      return credentials;
    },
  });
  const { authorization, signedAtMs } = verified;
  const { region, signedHeaders, credentialId } = authorization;
  if (!partitionOfRegion(region).regionPattern.test(region)) {
    throw new SigV4Error("ERR_SIGV4_SCOPE", "region", `${region} is no region`);
  }
  if (!s3) return credentialId;
  const unsigned = request.headers.find(([name]) =>
    /^x-amz-/i.test(name) && !signedHeaders.includes(name.toLowerCase())
  );
  if (unsigned !== undefined) {
    throw new SigV4Error(
      "ERR_SIGV4_UNSIGNED_HEADER",
      unsigned[0].toLowerCase(),
      `the header ${unsigned[0]} is not signed`,
    );
  }
  const date = formatAmzDate(signedAtMs);
  const scope = credentialScope(date, region, serviceName);
  const { sha256 } = service;
  verifyChunks(request, {
    key: () => deriveSigningKey(secretAccessKey, scope, sha256),
    date,
    scope,
    seedSignature: authorization.signature,
    sha256,
  });
  return credentialId;
}

/** Secret: the result. */
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

/**
 * The access key that a request names, signed or not; undefined when it names none.
 *
 * @throws {SigV4Error} `ERR_SIGV4_MALFORMED_AUTHORIZATION`
 */
function claimedAccessKey(request: SessionRequest, query: URLSearchParams): string | undefined {
  const header = headerField(request, "authorization");
  if (header !== undefined) return parseAuthorization(header).credentialId;
  return query.get("X-Amz-Credential")?.split("/")[0];
}

/** What AWS services allow that are not CreateSession. */
const CLOCK_WINDOW_SECONDS = 900;

/** The user whom permissive authentication takes everybody for. */
const ADMINISTRATOR_ID = "AIDAADMINISTRATORAAAA";
