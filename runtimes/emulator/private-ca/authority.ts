/**
 * A private certificate authority: its state as the API sees it, and its key.
 *
 * @module
 */

import { decodeBase64 } from "../../../core/bytes/base64.ts";
import type { SignatureAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { Call } from "../aws-service.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { AuthorityRecord } from "../store/records.ts";
import type { AuthorityConfiguration } from "./input-members.ts";

/**
 * The authority with this ARN, which must be of the caller's account and the region that was called.
 *
 * @throws {ServiceRefusal} `InvalidArnException` or `ResourceNotFoundException`
 */
export function findAuthority(service: Service, call: Call, arn: string): AuthorityRecord {
  if (!/^arn:aws[a-z-]*:acm-pca:[^:]+:\d{12}:certificate-authority\/[0-9a-f-]{36}$/.test(arn)) {
    throw refuse(400, "InvalidArnException", `${arn} is not the ARN of a certificate authority.`);
  }
  const authority = service.store.get("authorities", arn);
  const [, , , region, account] = arn.split(":");
  const gone = authority?.deletedAtMs !== undefined &&
    service.now() >= authority.deletedAtMs + authority.restorableDays! * DAY_MS;
  if (authority === undefined || gone || region !== call.region || account !== call.caller!.account) {
    throw refuse(400, "ResourceNotFoundException", `Could not find Certificate Authority ${arn}.`);
  }
  return authority;
}

/** One day. */
export const DAY_MS = 86_400_000;

/** The status at this time: an active authority whose certificate has ended is expired. */
export function authorityStatus(authority: AuthorityRecord, nowMs: number): AuthorityRecord["status"] {
  const expired = authority.status === "ACTIVE" && authorityCertificate(authority).notAfter < nowMs;
  return expired ? "EXPIRED" : authority.status;
}

/** The certificate of an authority that has one. */
export function authorityCertificate(authority: AuthorityRecord): Certificate {
  return readCertificates(authority.certificatePem!)[0]!;
}

/** `CertificateAuthorityConfiguration`, checked when the authority was created. */
export function authorityConfiguration(authority: AuthorityRecord): AuthorityConfiguration {
  return authority.configuration as AuthorityConfiguration;
}

/** Signs with the authority's key. Secret: the key, which goes to the cryptographic library. */
export async function authoritySigner(
  service: Service,
  authority: AuthorityRecord,
  algorithm: SignatureAlgorithm,
): Promise<Signer> {
  return await service.crypto.importPrivateKey(parsePrivateKey(decodeBase64(authority.privateKey)!), algorithm);
}
