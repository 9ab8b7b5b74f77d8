/**
 * Who signed a request with an access key (SigV4).
 *
 * @module
 */

import { partitionOfRegion } from "../../../core/aws/partition.ts";
import { constantTimeEqual } from "../../../core/bytes/constant-time.ts";
import { decodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { HmacSha256 } from "../../../core/crypto/sha256.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import type { Verifier } from "../../../core/crypto/signer.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import { parseAuthorization } from "../../../core/sigv4/authorization.ts";
import { formatAmzDate } from "../../../core/sigv4/credential-scope.ts";
import { deriveSigningKey, type SigV4Credentials } from "../../../core/sigv4/hmac-scheme.ts";
import type { VerifiedRequest } from "../../../core/sigv4/received-request.ts";
import { deriveSigV4aKey } from "../../../core/sigv4/sigv4a-key.ts";
import { SIGV4A_ALGORITHM } from "../../../core/sigv4/sigv4a-scheme.ts";
import { SigV4Error } from "../../../core/sigv4/sigv4-error.ts";
import { type VerifyHmacOptions, verifyHmacRequest } from "../../../core/sigv4/verify-hmac-request.ts";
import { type VerifySigV4aOptions, verifySigV4aRequest } from "../../../core/sigv4/verify-sigv4a-request.ts";
import { type AuthenticationFault, authenticationRefusal, faultOf } from "./authentication-failure.ts";
import { CHUNKED_PAYLOADS, type ChunkVerification, verifyChunks } from "../s3/aws-chunked.ts";
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
  const options = {
    timeMs: service.now(),
    maxClockSkewSeconds: CLOCK_WINDOW_SECONDS,
    region: "any",
    service: serviceName,
    sha256: service.sha256,
    unsignedPayload: s3 ? "allow" as const : "deny" as const,
    chunkedPayloads: s3 ? CHUNKED_PAYLOADS : [],
  };
  const find = (accessKeyId: string) => credentialsOf(service, accessKeyId, token, session);
  const { verified, verify } = isMultiRegion(request)
    ? await verifyMultiRegion(service, request, options, find)
    : await verifySingleRegion(service, request, options, find);
  const { authorization, signedAtMs } = verified;
  const { algorithm, region, signedHeaders, credentialId } = authorization;
  if (region !== "" && !partitionOfRegion(region).regionPattern.test(region)) {
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
  await verifyChunks(request, {
    algorithm,
    verify,
    date: formatAmzDate(signedAtMs),
    scope: verified.stringToSign.split("\n")[2]!,
    seedSignature: authorization.signature,
    sha256: service.sha256,
  });
  return credentialId;
}

/** A request whose signature verifies, and what verifies those of its chunks. */
interface Verification {
  readonly verified: VerifiedRequest;
  readonly verify: ChunkVerification["verify"];
}

type FindCredentials = (accessKeyId: string) => SigV4Credentials | undefined;

/** Best effort: signatures are compared in constant time. */
async function verifySingleRegion(
  { sha256 }: Service,
  request: SessionRequest,
  options: Omit<VerifyHmacOptions, "credentials">,
  find: FindCredentials,
): Promise<Verification> {
  const verified = await verifyHmacRequest(request, { ...options, credentials: find });
  const { credentialId } = verified.authorization;
  let key: HmacSha256 | undefined;
  return {
    verified,
    verify(stringToSign, signature) {
      const scope = verified.stringToSign.split("\n")[2]!;
      key ??= deriveSigningKey(find(credentialId)!.secretAccessKey, scope, sha256);
      const octets = decodeHex(signature);
      return octets !== undefined && constantTimeEqual(key.digest(stringToSign), octets);
    },
  };
}

async function verifyMultiRegion(
  { crypto, sha256 }: Service,
  request: SessionRequest,
  options: Omit<VerifySigV4aOptions, "credentials">,
  find: FindCredentials,
): Promise<Verification> {
  let verifier: Verifier;
  const verified = await verifySigV4aRequest(request, {
    ...options,
    async credentials(accessKeyId) {
      const credentials = find(accessKeyId);
      if (credentials === undefined) return undefined;
      const { publicKey } = await crypto.importPrivateKey(deriveSigV4aKey(credentials, sha256), ECDSA_SHA256);
      verifier = await crypto.importPublicKey(parseSubjectPublicKeyInfo(publicKey), ECDSA_SHA256);
      return { verifier, sessionToken: credentials.sessionToken };
    },
  });
  return {
    verified,
    verify(stringToSign, signature) {
      const octets = decodeHex(signature);
      return octets !== undefined && verifier.verify(encodeUtf8(stringToSign), octets);
    },
  };
}

/** Whether it is signed with SigV4a. */
function isMultiRegion(request: SessionRequest): boolean {
  const header = headerField(request, "authorization");
  if (header !== undefined) return header.startsWith(`${SIGV4A_ALGORITHM} `);
  return new URLSearchParams(request.query).get("X-Amz-Algorithm") === SIGV4A_ALGORITHM;
}

/** Secret: the result. */
function credentialsOf(
  service: Service,
  accessKeyId: string,
  token: string | undefined,
  session: VendedSession | undefined,
): SigV4Credentials | undefined {
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
