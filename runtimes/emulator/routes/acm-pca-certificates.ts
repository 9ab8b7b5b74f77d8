/**
 * Certificates of private certificate authorities: issued, fetched, revoked.
 *
 * @see AWS Private CA API reference, "IssueCertificate", "GetCertificate", "RevokeCertificate"
 * @module
 */

import { encodeHex } from "../../../core/bytes/hex.ts";
import { equalBytes } from "../../../core/bytes/bytes.ts";
import { decodePem, encodePem } from "../../../core/pem/pem.ts";
import { parseCertificateRequest } from "../../../core/x509/certificate-request.ts";
import type { JsonOperation } from "../protocols/json-operation.ts";
import { structureMember } from "../members/compound-members.ts";
import { authorityConfiguration, authorityStatus, findAuthority } from "../private-ca/authority.ts";
import {
  ARN_MEMBER,
  ISSUE_CERTIFICATE_INPUT,
  type IssueCertificateInput,
  REVOKE_CERTIFICATE_INPUT,
  type RevokeCertificateInput,
} from "../private-ca/input-members.ts";
import { issueFrom, readCertificateRequest, serialHex } from "../private-ca/issuance.ts";
import { publishRevocationList } from "../private-ca/revocation-list.ts";
import { signingAlgorithm } from "../private-ca/signing-algorithms.ts";
import { type CertificateTemplateRules, DEFAULT_TEMPLATE_ARN, templateRules } from "../private-ca/templates.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { AuthorityRecord, IssuedCertificateRecord } from "../store/records.ts";
import { type AuthorityInput, authorityResource, IDEMPOTENCY_MS, invalidState } from "./acm-pca-authorities.ts";

/** Issues a certificate; here it is there at once. */
export const ISSUE_CERTIFICATE: JsonOperation<IssueCertificateInput> = {
  name: "IssueCertificate",
  readOnly: false,
  input: ISSUE_CERTIFICATE_INPUT,
  resource: authorityResource,
  async run(service, call, input) {
    const { CertificateAuthorityArn, IdempotencyToken, TemplateArn: templateArn = DEFAULT_TEMPLATE_ARN } = input;
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const rules = templateRules(templateArn);
    const requestHash = encodeHex(service.sha256.digest(call.request.body));
    const same = sameRequest(service, authority.arn, IdempotencyToken, requestHash);
    if (same !== undefined) return { CertificateArn: same.arn };
    const request = await readCertificateRequest(service, input.Csr);
    const selfSigned = certifiesItself(authority, rules, request.spki);
    const status = authorityStatus(authority, service.now());
    if (!selfSigned && status !== "ACTIVE") throw invalidState(status);
    const algorithm = signingAlgorithm(input.SigningAlgorithm, authorityConfiguration(authority).KeyAlgorithm);
    const issuer = { authority, algorithm, region: call.region, selfSigned };
    const certificate = await issueFrom(service, issuer, request, rules, input);
    const serialNumberHex = serialHex(certificate);
    const record: IssuedCertificateRecord = {
      arn: `${authority.arn}/certificate/${serialNumberHex}`,
      authorityArn: authority.arn,
      serialNumberHex,
      certificatePem: encodePem("CERTIFICATE", certificate.der),
      templateArn,
      ...(IdempotencyToken === undefined ? {} : { idempotencyToken: IdempotencyToken, requestHash }),
      issuedAtMs: service.now(),
      notAfterMs: certificate.notAfter,
    };
    // Another request with the same token may have been quicker.
    const quicker = sameRequest(service, authority.arn, IdempotencyToken, requestHash);
    if (quicker !== undefined) return { CertificateArn: quicker.arn };
    await service.store.commit([{ table: "issuedCertificates", key: record.arn, record }]);
    return { CertificateArn: record.arn };
  },
};

/** A root without a certificate signs its own, and nothing else. */
function certifiesItself(authority: AuthorityRecord, rules: CertificateTemplateRules, spki: Uint8Array): boolean {
  if (authority.type !== "ROOT" || !rules.name.includes("RootCACertificate")) return false;
  if (authority.status !== "PENDING_CERTIFICATE" && authority.status !== "ACTIVE") return false;
  return equalBytes(parseCertificateRequest(decodePem(authority.csrPem)[0]!.octets).spki, spki);
}

function sameRequest(
  service: Service,
  authorityArn: string,
  token: string | undefined,
  requestHash: string,
): IssuedCertificateRecord | undefined {
  if (token === undefined) return undefined;
  const since = service.now() - IDEMPOTENCY_MS;
  for (const issued of service.store.all("issuedCertificates").values()) {
    if (issued.authorityArn !== authorityArn || issued.idempotencyToken !== token || issued.issuedAtMs <= since) {
      continue;
    }
    if (issued.requestHash === requestHash) return issued;
    throw refuse(400, "InvalidArgsException", "The idempotency token was used for another request.");
  }
  return undefined;
}

interface GetCertificateInput extends AuthorityInput {
  readonly CertificateArn: string;
}

/** Answers a certificate and its chain, revoked and ended ones too. */
export const GET_CERTIFICATE: JsonOperation<GetCertificateInput> = {
  name: "GetCertificate",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<GetCertificateInput>(
    { CertificateAuthorityArn: ARN_MEMBER, CertificateArn: ARN_MEMBER },
    ["CertificateAuthorityArn", "CertificateArn"],
  ),
  resource: authorityResource,
  run(service, call, { CertificateAuthorityArn, CertificateArn }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const issued = service.store.get("issuedCertificates", CertificateArn);
    if (issued === undefined || issued.authorityArn !== authority.arn) {
      throw refuse(400, "ResourceNotFoundException", `Could not find certificate ${CertificateArn}.`);
    }
    const chain = `${authority.certificatePem ?? ""}${authority.chainPem ?? ""}`;
    const own = issued.certificatePem === authority.certificatePem || authority.certificatePem === undefined;
    return { Certificate: issued.certificatePem, ...(own ? {} : { CertificateChain: chain }) };
  },
};

/** Revokes a certificate, and publishes the list that says so. */
export const REVOKE_CERTIFICATE: JsonOperation<RevokeCertificateInput> = {
  name: "RevokeCertificate",
  readOnly: false,
  input: REVOKE_CERTIFICATE_INPUT,
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, CertificateSerial, RevocationReason }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const status = authorityStatus(authority, service.now());
    if (status !== "ACTIVE" && status !== "DISABLED") throw invalidState(status);
    const digits = CertificateSerial.replaceAll(":", "").toLowerCase();
    if (!/^[0-9a-f]+$/.test(digits)) {
      throw refuse(400, "InvalidRequestException", "The certificate serial is not hexadecimal.");
    }
    const arn = `${authority.arn}/certificate/${digits.replace(/^0+/, "").padStart(32, "0")}`;
    const issued = service.store.get("issuedCertificates", arn);
    if (issued === undefined) {
      throw refuse(400, "ResourceNotFoundException", `Could not find a certificate with the serial ${digits}.`);
    }
    if (authority.type === "ROOT" && issued.certificatePem === authority.certificatePem) {
      throw refuse(400, "InvalidRequestException", "A self-signed certificate cannot be revoked.");
    }
    if (issued.revokedAtMs !== undefined) {
      throw refuse(400, "RequestAlreadyProcessedException", "The certificate is already revoked.");
    }
    const record = { ...issued, revokedAtMs: service.now(), revocationReason: RevocationReason };
    await service.store.commit([{ table: "issuedCertificates", key: arn, record }]);
    await publishRevocationList(service, authority.arn, call.region);
    return undefined;
  },
};
