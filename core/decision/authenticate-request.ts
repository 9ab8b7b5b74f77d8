/**
 * Whether the request was signed, just now, with the key of the certificate that it carries.
 *
 * @module
 */

import { isCoded } from "../base-error.ts";
import { sessionAlgorithm, type SigV4X509Token } from "../crypto/signature-algorithm.ts";
import type { Verifier } from "../crypto/signer.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import { type Authorization, parseAuthorization } from "../sigv4/authorization.ts";
import { receiveRequest } from "../sigv4/received-request.ts";
import { SigV4Error, type SigV4ErrorCode } from "../sigv4/sigv4-error.ts";
import { verifyReceived } from "../sigv4/verify-x509-request.ts";
import type { Certificate } from "../x509/certificate.ts";
import { readChain, readSigningCertificate } from "./certificate-headers.ts";
import type { DecisionContext } from "./decision-context.ts";
import type { DecisionOptions } from "./decision-options.ts";
import type { CheckName, TraceInputs } from "./decision-trace.ts";
import { invalidSignature } from "./session-denial.ts";
import type { SessionParameters } from "./session-parameters.ts";
import { type SessionRequest, singleHeader } from "./session-request.ts";

/** Who signed. */
export interface AuthenticatedRequest {
  /** The certificate whose key signed; not yet trusted. */
  readonly certificate: Certificate;
  /** Certificates sent along. */
  readonly chain: readonly Certificate[];
}

/**
 * Verifies the request's signature.
 *
 * @throws {SessionDenial} `Invalid signature`, or `ValidationException` for certificates that cannot be read
 */
export async function authenticateRequest(
  request: SessionRequest,
  parameters: SessionParameters,
  { options, rules: { clockWindowSeconds }, nowMs, trace }: DecisionContext,
): Promise<AuthenticatedRequest> {
  const authorization = readAuthorization(request);
  const { algorithm, credentialId, day, region, service, signedHeaders } = authorization;
  trace.pass("authorization", "the Authorization header names a scheme of the service", { algorithm });

  const certificate = readSigningCertificate(request);
  trace.pass("certificate", "the certificate can be read", { serialNumber: certificate.serialNumberDecimal });
  const chain = readChain(request, options.memory);
  trace.pass("chain", chain.length === 0 ? "no chain is sent" : "the chain can be read", {
    certificates: chain.length,
  });

  const anchorRegion = parameters.trustAnchorArn.split(":")[3] ?? "";
  const steps: readonly (readonly [CheckName, string, () => TraceInputs])[] = [
    ["algorithm", "the scheme fits the certificate's key", () => ({ algorithm, key: certificate.publicKey.type })],
    ["serial", "Credential is the certificate's serial number", () => ({
      credential: credentialId,
      serialNumber: certificate.serialNumberDecimal,
    })],
    ["signed-headers", "the headers that must be signed are signed", () => ({ signedHeaders })],
    ["scope", "the scope is of this day, region and service", () => ({
      day,
      region,
      service,
      trustAnchorRegion: anchorRegion,
    })],
    ["clock", "the request was signed within the clock window", () => ({
      xAmzDate: request.headers.find(([name]) => name.toLowerCase() === "x-amz-date")?.[1] ?? "",
      now: new Date(nowMs).toISOString(),
      clockWindowSeconds,
    })],
    ["signature", "the signature verifies with the certificate's key", () => ({})],
  ];
  let failure: SigV4Error | undefined;
  try {
    const verifier = await importVerifier(certificate.publicKey, options);
    await verifyReceived({ ...request, path: "/sessions" }, receiveRequest(request, authorization), {
      verifier,
      serialNumberDecimal: certificate.serialNumberDecimal,
      timeMs: nowMs,
      maxClockSkewSeconds: clockWindowSeconds,
      region: anchorRegion,
      service: "rolesanywhere",
      sha256: options.sha256,
    });
  } catch (error) {
    if (!(error instanceof SigV4Error)) throw error;
    failure = error;
  }
  // The verifier makes its checks in this order and stops at the first that fails.
  const failed = failure === undefined ? undefined : FAILED_CHECKS[failure.code];
  for (const [check, detail, inputs] of steps) {
    if (check !== failed || failure === undefined) trace.pass(check, detail, inputs);
    else {
      const { stringToSign } = failure;
      const seen = stringToSign === undefined ? inputs() : { ...inputs(), stringToSign };
      throw invalidSignature(check, failure.message, seen);
    }
  }
  return { certificate, chain };
}

function readAuthorization(request: SessionRequest): Authorization {
  const header = singleHeader(request, "authorization", "authorization");
  if (header === undefined) throw invalidSignature("authorization", "the Authorization header is missing");
  let authorization: Authorization;
  try {
    authorization = parseAuthorization(header);
  } catch (error) {
    throw error instanceof SigV4Error ? invalidSignature("authorization", error.message) : error;
  }
  const { algorithm } = authorization;
  if (!SCHEMES.includes(algorithm)) {
    throw invalidSignature("authorization", `${algorithm} is no scheme of the service`, { algorithm });
  }
  return authorization;
}

/**
 * A verifier with the certificate's key.
 *
 * @throws {SessionDenial} when no scheme of the service fits the key
 */
export async function importVerifier(key: PublicKey, options: DecisionOptions): Promise<Verifier> {
  if (key.type === "ed25519") throw invalidSignature("algorithm", "the service has no scheme for Ed25519 keys");
  try {
    return await options.crypto.importPublicKey(key, sessionAlgorithm(key));
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw invalidSignature("algorithm", `the certificate's key cannot be used: ${error.message}`, { key: key.type });
  }
}

const SCHEMES: readonly string[] = [
  "AWS4-X509-RSA-SHA256",
  "AWS4-X509-ECDSA-SHA256",
  "AWS4-X509-MLDSA",
] satisfies readonly SigV4X509Token[];

/** Which check a refusal of the verifier belongs to. */
const FAILED_CHECKS: { readonly [code in SigV4ErrorCode]: CheckName } = {
  ERR_SIGV4_MISSING_AUTHORIZATION: "algorithm",
  ERR_SIGV4_MALFORMED_AUTHORIZATION: "algorithm",
  ERR_SIGV4_ALGORITHM: "algorithm",
  ERR_SIGV4_CREDENTIAL: "serial",
  ERR_SIGV4_SESSION_TOKEN: "serial",
  ERR_SIGV4_UNSIGNED_HEADER: "signed-headers",
  ERR_SIGV4_DATE: "scope",
  ERR_SIGV4_SCOPE: "scope",
  ERR_SIGV4_CLOCK: "clock",
  ERR_SIGV4_EXPIRED: "clock",
  ERR_SIGV4_URI: "signature",
  ERR_SIGV4_MISSING_HEADER: "signature",
  ERR_SIGV4_PAYLOAD_HASH: "signature",
  ERR_SIGV4_SIGNATURE: "signature",
};
