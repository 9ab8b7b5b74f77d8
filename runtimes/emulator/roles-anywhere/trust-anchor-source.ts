/**
 * What a trust anchor trusts: a bundle of CA certificates, or a private CA.
 *
 * @see IAM Roles Anywhere user guide, "Trust model", "Trust anchors"
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { ROLES_ANYWHERE_PROFILE } from "../../../core/path/roles-anywhere-profile.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { checkCertificate } from "../../../core/x509/check-certificate.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { Call } from "../aws-service.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { choiceMember, textMember } from "../members/scalar-members.ts";
import { checkQuota } from "./quotas.ts";
import { invalid } from "../protocols/rest-operation.ts";
import type { ServiceRefusal } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { TrustAnchorRecord } from "../store/records.ts";

/** A source as it is given. */
export interface Source {
  readonly sourceType?: "AWS_ACM_PCA" | "CERTIFICATE_BUNDLE" | "SELF_SIGNED_REPOSITORY";
  readonly sourceData?: SourceData;
}

/** The data of a source: one of the two. */
export interface SourceData {
  readonly x509CertificateData?: string;
  readonly acmPcaArn?: string;
}

/** A source. */
export const SOURCE: Member<Source> = /* @__PURE__ */ structureMember<Source>({
  sourceType: /* @__PURE__ */ choiceMember(["AWS_ACM_PCA", "CERTIFICATE_BUNDLE", "SELF_SIGNED_REPOSITORY"]),
  sourceData: /* @__PURE__ */ structureMember<SourceData>({
    x509CertificateData: /* @__PURE__ */ textMember({ least: 1, most: 204_800 }),
    acmPcaArn: /* @__PURE__ */ textMember(),
  }),
});

/** The part of a trust anchor that its source decides. */
export type SourceRecord = Pick<TrustAnchorRecord, "sourceType" | "certificatesPem" | "acmPcaArn">;

/**
 * Checks a source and reads the certificates behind it.
 *
 * @throws {ServiceRefusal} `ValidationException`
 */
export function readSource(service: Service, call: Call, { sourceType, sourceData = {} }: Source): SourceRecord {
  const { x509CertificateData, acmPcaArn } = sourceData;
  if ((x509CertificateData === undefined) === (acmPcaArn === undefined)) {
    throw invalid("source.sourceData must have exactly one of x509CertificateData and acmPcaArn");
  }
  switch (sourceType) {
    case "CERTIFICATE_BUNDLE":
      if (x509CertificateData === undefined) throw mismatch(sourceType, "x509CertificateData");
      checkBundle(service, x509CertificateData);
      return { sourceType, certificatesPem: x509CertificateData };
    case "AWS_ACM_PCA": {
      if (acmPcaArn === undefined) throw mismatch(sourceType, "acmPcaArn");
      const certificatesPem = authorityCertificate(service, call, acmPcaArn);
      checkBundle(service, certificatesPem);
      return { sourceType, certificatesPem, acmPcaArn };
    }
    default:
      // SELF_SIGNED_REPOSITORY is in the API model, and documented nowhere (assumption).
      throw invalid(`source.sourceType must be CERTIFICATE_BUNDLE or AWS_ACM_PCA, it is ${sourceType ?? "missing"}`);
  }
}

/** The source as the service shows it. */
export function sourceView({ sourceType, certificatesPem, acmPcaArn }: SourceRecord): Source {
  return { sourceType, sourceData: acmPcaArn === undefined ? { x509CertificateData: certificatesPem } : { acmPcaArn } };
}

function mismatch(sourceType: string, member: string): ServiceRefusal {
  return invalid(`source.sourceData must have ${member} when source.sourceType is ${sourceType}`);
}

/** The certificate of a private CA, as it is now: later ones are read when the trust anchor is updated. */
function authorityCertificate({ store }: Service, { caller, region }: Call, arn: string): string {
  const [, , service, itsRegion, itsAccount] = arn.split(":");
  if (service !== "acm-pca" || itsRegion !== region || itsAccount !== caller!.account) {
    throw invalid(`Cannot use ${arn}: it is no private CA of this account and region`);
  }
  const authority = store.get("authorities", arn);
  if (authority === undefined) throw invalid(`Cannot use ${arn}: there is no such private CA`);
  if (authority.status !== "ACTIVE" || authority.certificatePem === undefined) {
    throw invalid(`Cannot use ${arn}: the private CA is ${authority.status}, it must be ACTIVE`);
  }
  return authority.certificatePem;
}

/**
 * Checks CA certificates as the service does when a trust anchor is made.
 *
 * @throws {ServiceRefusal} `ValidationException`
 */
function checkBundle(service: Service, pem: string): void {
  let certificates: readonly Certificate[];
  try {
    certificates = readCertificates(pem, { otherBlocks: "refuse" });
    for (const certificate of certificates) {
      checkCertificate(certificate);
      void certificate.publicKey;
    }
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw invalid(error.message);
  }
  checkQuota(service, "certificates of a trust anchor", certificates.length);
  for (const certificate of certificates) {
    // The service's own words.
    if (certificate.basicConstraints?.ca !== true) throw invalid("Incorrect basic constraints for CA certificate");
    const fault = ROLES_ANYWHERE_PROFILE.checkAuthority(certificate, "anchor");
    if (fault !== undefined) throw invalid(`Cannot trust the CA certificate: ${fault}`);
  }
}
