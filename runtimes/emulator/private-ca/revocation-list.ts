/**
 * The revocation list of a private certificate authority, and where it is found.
 *
 * @see AWS Private CA user guide, "Set up a CRL for AWS Private CA"
 * @module
 */

import { decodeHex } from "../../../core/bytes/hex.ts";
import {
  authorityKeyIdentifierExtension,
  crlNumberExtension,
  issuingDistributionPointExtension,
  reasonCodeExtension,
} from "../../../core/issue/extension-encoding.ts";
import { keyIdentifier } from "../../../core/issue/key-identifier.ts";
import { issueRevocationList, type RevokedCertificateTemplate } from "../../../core/issue/revocation-list-issuing.ts";
import type { Service } from "../service.ts";
import { objectRecord } from "../s3/s3-object.ts";
import type { AuthorityRecord } from "../store/records.ts";
import { authorityCertificate, authorityConfiguration, authoritySigner, DAY_MS } from "./authority.ts";
import { type CrlConfiguration, REVOCATION_REASONS, type RevocationConfiguration } from "./input-members.ts";
import { signingAlgorithm } from "./signing-algorithms.ts";

/** `CrlConfiguration` if revocation lists are published; undefined otherwise. */
export function crlConfiguration(revocation: unknown): CrlConfiguration | undefined {
  const configuration = (revocation as RevocationConfiguration | undefined)?.CrlConfiguration;
  return configuration?.Enabled === true ? configuration : undefined;
}

/** The key of the object that holds the list. */
function crlObjectKey(authority: AuthorityRecord, { CustomPath }: CrlConfiguration): string {
  const folder = CustomPath === undefined || CustomPath === "" ? "crl" : CustomPath.replace(/^\/|\/$/g, "");
  return folder === "" ? `${authority.id}.crl` : `${folder}/${authority.id}.crl`;
}

/** Where certificates say that the list is; undefined when they do not say. */
export function distributionPoint(authority: AuthorityRecord, region: string): string | undefined {
  const crl = crlConfiguration(authority.revocation);
  if (crl === undefined || crl.CrlDistributionPointExtensionConfiguration?.OmitExtension === true) return undefined;
  return crlUrl(authority, crl, region);
}

function crlUrl(authority: AuthorityRecord, crl: CrlConfiguration, region: string): string {
  const host = crl.CustomCname === undefined || crl.CustomCname === ""
    ? `${crl.S3BucketName}.s3.${region}.amazonaws.com`
    : crl.CustomCname;
  return `http://${host}/${crlObjectKey(authority, crl)}`;
}

/**
 * Issues the authority's revocation list and puts it into its bucket, if it publishes one. Lists are not renewed by
 * time: a change of revocations or of the configuration makes a new one, at once.
 */
export async function publishRevocationList(service: Service, authorityArn: string, region: string): Promise<void> {
  const found = service.store.get("authorities", authorityArn)!;
  const crl = crlConfiguration(found.revocation);
  const bucket = crl?.S3BucketName;
  if (crl === undefined || bucket === undefined || found.certificatePem === undefined) return;
  const authority: AuthorityRecord = { ...found, crlNumber: found.crlNumber + 1 };
  await service.store.commit([{ table: "authorities", key: authorityArn, record: authority }]);
  const nowMs = service.now();
  const { SigningAlgorithm, KeyAlgorithm } = authorityConfiguration(authority);
  const signer = await authoritySigner(service, authority, signingAlgorithm(SigningAlgorithm, KeyAlgorithm));
  const certificate = authorityCertificate(authority);
  const identifier = certificate.subjectKeyIdentifier ?? await keyIdentifier(signer.publicKey, service.crypto);
  const list = await issueRevocationList({
    issuer: certificate.subject,
    thisUpdate: nowMs,
    nextUpdate: nowMs + (crl.ExpirationInDays ?? DEFAULT_EXPIRATION_DAYS) * DAY_MS,
    revokedCertificates: revokedCertificates(service, authorityArn, nowMs),
    extensions: [
      authorityKeyIdentifierExtension(identifier),
      crlNumberExtension(authority.crlNumber),
      // A partitioned list says which part it is; this emulator's only one says where it is found.
      ...(crl.CrlType === "PARTITIONED"
        ? [
          issuingDistributionPointExtension([{
            form: "uniformResourceIdentifier",
            value: crlUrl(authority, crl, region),
          }]),
        ]
        : []),
    ],
  }, signer);
  // A list that was begun later holds everything that this one does, and more.
  if (service.store.get("authorities", authorityArn)?.crlNumber !== authority.crlNumber) return;
  const key = crlObjectKey(authority, crl);
  const record = objectRecord({ bucket, key, body: list, contentType: "application/pkix-crl", nowMs });
  await service.store.commit([{ table: "objects", key: `${bucket}/${key}`, record }]);
}

const DEFAULT_EXPIRATION_DAYS = 7;

/** What is revoked and has not ended, oldest first. */
function revokedCertificates(service: Service, authorityArn: string, nowMs: number): RevokedCertificateTemplate[] {
  const revoked: RevokedCertificateTemplate[] = [];
  for (const issued of service.store.all("issuedCertificates").values()) {
    const { revokedAtMs, revocationReason, serialNumberHex } = issued;
    if (issued.authorityArn !== authorityArn || revokedAtMs === undefined || issued.notAfterMs < nowMs) continue;
    const reason = REVOCATION_REASONS[revocationReason as keyof typeof REVOCATION_REASONS];
    revoked.push({
      serialNumber: decodeHex(serialNumberHex)!,
      revocationDate: revokedAtMs,
      // CRL entries do not say "unspecified" (RFC 5280 §5.3.1).
      extensions: reason === "unspecified" ? [] : [reasonCodeExtension(reason)],
    });
  }
  return revoked;
}
