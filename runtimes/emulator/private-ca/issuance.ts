/**
 * A certificate from a certification request: checked, completed by the template, signed.
 *
 * @see AWS Private CA API reference, "IssueCertificate"
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import type { SignatureAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { issueCertificate } from "../../../core/issue/certificate-issuing.ts";
import { keyIdentifier } from "../../../core/issue/key-identifier.ts";
import type { NameTemplate } from "../../../core/issue/name-encoding.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { type Certificate, parseCertificate } from "../../../core/x509/certificate.ts";
import { type CertificateRequest, parseCertificateRequest } from "../../../core/x509/certificate-request.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "../../../core/x509/extensions/subject-alternative-name.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { AuthorityRecord } from "../store/records.ts";
import { authorityCertificate, authoritySigner } from "./authority.ts";
import { certificateExtensions } from "./certificate-extensions.ts";
import type { IssueCertificateInput } from "./input-members.ts";
import { distributionPoint } from "./revocation-list.ts";
import { subjectName } from "./subject-name.ts";
import type { CertificateTemplateRules } from "./templates.ts";
import { validityTime } from "./validity.ts";

/** How long before its issuance a certificate is valid unless the call says otherwise, in milliseconds. */
const BACKDATE_MS = 3_600_000;

/** Longest life of what an authority for short-lived certificates issues, in milliseconds. */
const SHORT_LIFE_MS = 604_800_000;

/**
 * Reads a request, PEM as the API takes it, and has its key prove itself.
 *
 * @throws {ServiceRefusal} `MalformedCSRException`
 */
export async function readCertificateRequest(service: Service, pem: Bytes): Promise<CertificateRequest> {
  let request: CertificateRequest;
  try {
    const block = decodePem(pem).find(({ label }) => REQUEST_LABELS.includes(label));
    if (block === undefined) throw malformedRequest("it holds no PEM block CERTIFICATE REQUEST");
    request = parseCertificateRequest(block.octets);
    const { signatureAlgorithm, publicKey, certificationRequestInfo, signature } = request;
    if (signatureAlgorithm.scheme === "unknown") throw malformedRequest("its signature algorithm is unknown");
    if (!await verifySignature(service.crypto, signatureAlgorithm, publicKey, certificationRequestInfo, signature)) {
      throw malformedRequest("its signature does not verify");
    }
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw malformedRequest(error.message);
  }
  return request;
}

const REQUEST_LABELS: readonly string[] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

function malformedRequest(state: string): Error {
  return refuse(400, "MalformedCSRException", `The certificate signing request cannot be used: ${state}`);
}

/** Who issues. */
export interface Issuer {
  readonly authority: AuthorityRecord;
  readonly algorithm: SignatureAlgorithm;
  readonly region: string;
  /** Whether the authority certifies itself: a root that has no certificate yet. */
  readonly selfSigned: boolean;
}

/**
 * Issues the certificate.
 *
 * @throws {ServiceRefusal} when validity, names or extensions cannot be had
 */
export async function issueFrom(
  service: Service,
  issuer: Issuer,
  request: CertificateRequest,
  rules: CertificateTemplateRules,
  input: IssueCertificateInput,
): Promise<Certificate> {
  const { authority, algorithm, region, selfSigned } = issuer;
  const api = rules.apiPassthrough ? input.ApiPassthrough : undefined;
  const subject: NameTemplate = api?.Subject === undefined ? request.subject : subjectName(api.Subject);
  const named = Array.isArray(subject) ? subject.length > 0 : !request.subject.empty;
  const signer = await authoritySigner(service, authority, algorithm);
  const subjectKeyIdentifier = await keyIdentifier(request.spki, service.crypto);
  const own = selfSigned ? undefined : authorityCertificate(authority);
  const extensions = certificateExtensions(rules, request, api?.Extensions, {
    subjectKeyIdentifier,
    authorityKeyIdentifier: own?.subjectKeyIdentifier ?? await keyIdentifier(signer.publicKey, service.crypto),
    ...pointOf(authority, region, rules),
  });
  if (!named && !extensions.some(({ oid }) => oid === SUBJECT_ALTERNATIVE_NAME.oid)) {
    throw malformedRequest("it has neither a subject nor a subject alternative name");
  }
  const der = await issueCertificate({
    serialNumber: service.identifiers.serialNumber(),
    issuer: own?.subject ?? subject,
    subject,
    ...validityOf(service.now(), authority, own, rules, input),
    publicKey: request.spki,
    extensions,
  }, signer);
  return parseCertificate(der);
}

/** Roots do not say where their own revocation would be found. */
function pointOf(authority: AuthorityRecord, region: string, { name }: CertificateTemplateRules) {
  const point = name.includes("RootCACertificate") ? undefined : distributionPoint(authority, region);
  return point === undefined ? {} : { distributionPoint: point };
}

function validityOf(
  nowMs: number,
  authority: AuthorityRecord,
  own: Certificate | undefined,
  rules: CertificateTemplateRules,
  { Validity, ValidityNotBefore }: IssueCertificateInput,
): { readonly notBefore: number; readonly notAfter: number } {
  const notBefore = ValidityNotBefore === undefined ? nowMs - BACKDATE_MS : validityTime(ValidityNotBefore, nowMs);
  const notAfter = validityTime(Validity, nowMs);
  if (notAfter <= notBefore || notAfter <= nowMs) {
    throw refuse(400, "ValidationException", "The certificate would end before it begins.");
  }
  if (own !== undefined && notAfter > own.notAfter) {
    const message = "The certificate validity specified exceeds the certificate authority validity";
    throw refuse(400, "ValidationException", message);
  }
  if (authority.usageMode === "SHORT_LIVED_CERTIFICATE" && rules.ca === false && notAfter - nowMs > SHORT_LIFE_MS) {
    const message = "A certificate authority with the usage mode SHORT_LIVED_CERTIFICATE issues for at most seven days";
    throw refuse(400, "ValidationException", message);
  }
  return { notBefore, notAfter };
}

/** The serial number as ARNs have it: 32 hexadecimal digits. */
export function serialHex(certificate: Certificate): string {
  return encodeHex(certificate.serialNumber);
}
