/**
 * The service's half of `AWS4-HMAC-SHA256`.
 *
 * @module
 */

import { constantTimeEqual } from "../bytes/constant-time.ts";
import { decodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { portableSha256 } from "../crypto/sha256.ts";
import type { Awaitable } from "../crypto/signer.ts";
import type { SigV4Request } from "./canonical-request.ts";
import { credentialScope } from "./credential-scope.ts";
import { deriveSigningKey, HMAC_ALGORITHM, type SigV4Credentials } from "./hmac-scheme.ts";
import {
  checkOptions,
  type ReceivedRequest,
  receiveRequest,
  reconstruct,
  type VerifiedRequest,
  type VerifyOptions,
} from "./received-request.ts";
import { SigV4Error } from "./sigv4-error.ts";
import { encodeUri } from "./uri-encoding.ts";

/** What may stand for a body instead of its hash. */
export interface PayloadRules {
  /** Whether a request may leave its body unsigned, as S3 accepts over TLS. */
  readonly unsignedPayload: "allow" | "deny";
  /**
   * What `x-amz-content-sha256` may say of a body whose chunks carry signatures or a checksum of their own, which the
   * caller verifies: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` for instance. Default nothing.
   */
  readonly chunkedPayloads?: readonly string[] | undefined;
}

/** How to verify a request that was signed with an access key. */
export interface VerifyHmacOptions extends VerifyOptions, PayloadRules {
  /** Finds the credentials of an access key; undefined: unknown. Secret: what it answers. */
  readonly credentials: (accessKeyId: string) => Awaitable<SigV4Credentials | undefined>;
}

/**
 * Verifies a request signed by its headers or by its query.
 *
 * Best effort: signature and session token are compared in constant time.
 *
 * @param request as received: the raw path and query, all headers, the whole body
 * @throws {SigV4Error} (as a rejection) with the first reason to refuse
 * @throws {TypeError} (as a rejection) for an option that does not exist
 */
export async function verifyHmacRequest(request: SigV4Request, options: VerifyHmacOptions): Promise<VerifiedRequest> {
  checkOptions(options, ["credentials", "unsignedPayload", "chunkedPayloads"]);
  const received = receiveRequest(request);
  const { algorithm, credentialId, day, region, service, signature } = received.authorization;
  if (algorithm !== HMAC_ALGORITHM) {
    throw new SigV4Error("ERR_SIGV4_ALGORITHM", algorithm, `the algorithm is ${algorithm}, not ${HMAC_ALGORITHM}`);
  }
  const verified = reconstruct(request, received, options, [], payloadStandIns(options));
  const credentials = await options.credentials(credentialId);
  if (credentials === undefined) {
    throw new SigV4Error("ERR_SIGV4_CREDENTIAL", "Credential", "the access key is unknown");
  }
  checkSessionToken(received, credentials.sessionToken);
  const key = deriveSigningKey(
    credentials.secretAccessKey,
    credentialScope(day, region, service),
    options.sha256 ?? portableSha256,
  );
  if (!constantTimeEqual(key.digest(verified.stringToSign), decodeHex(signature)!)) {
    throw new SigV4Error("ERR_SIGV4_SIGNATURE", "Signature", "the signature does not verify", {
      stringToSign: verified.stringToSign,
    });
  }
  return verified;
}

/** What {@linkcode reconstruct} is to accept instead of the body's hash. */
export function payloadStandIns({ unsignedPayload, chunkedPayloads = [] }: PayloadRules): readonly string[] {
  return unsignedPayload === "allow" ? ["UNSIGNED-PAYLOAD", ...chunkedPayloads] : chunkedPayloads;
}

/**
 * Checks that a request has the session token of its access key, or none where there is none.
 *
 * Best effort: compares in constant time.
 *
 * @throws {SigV4Error} `ERR_SIGV4_SESSION_TOKEN`
 */
export function checkSessionToken({ headers, parameters }: ReceivedRequest, sessionToken: string | undefined): void {
  const header = headers.get("x-amz-security-token");
  const token = parameters === undefined
    ? header === undefined ? undefined : encodeUri(header)
    : parameters.get("X-Amz-Security-Token");
  const expected = sessionToken === undefined ? undefined : encodeUri(sessionToken);
  if ((token === undefined) !== (expected === undefined)) {
    throw tokenError(expected === undefined ? "the access key has no session token" : "the session token is missing");
  }
  if (token !== undefined && !constantTimeEqual(encodeUtf8(token), encodeUtf8(expected!))) {
    throw tokenError("the session token is not that of the access key");
  }
}

function tokenError(state: string): SigV4Error {
  return new SigV4Error("ERR_SIGV4_SESSION_TOKEN", "x-amz-security-token", state);
}
