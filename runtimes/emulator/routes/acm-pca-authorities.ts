/**
 * Private certificate authorities: made, described, given their certificate, changed, deleted.
 *
 * @see AWS Private CA API reference
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { decodeBase64Url, encodeBase64, encodeBase64Url } from "../../../core/bytes/base64.ts";
import { type Bytes, equalBytes } from "../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { issueCertificateRequest } from "../../../core/issue/certificate-request.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { partitionOfRegion } from "../../../core/aws/partition.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { parseCertificateRequest } from "../../../core/x509/certificate-request.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import type { JsonOperation } from "../protocols/json-operation.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { blobMember, choiceMember, integerMember, textMember } from "../members/scalar-members.ts";
import { authorityCertificate, authorityStatus, findAuthority } from "../private-ca/authority.ts";
import { apiKeyUsageExtension } from "../private-ca/certificate-extensions.ts";
import {
  ARN_MEMBER,
  CREATE_AUTHORITY_INPUT,
  type CreateAuthorityInput,
  REVOCATION_MEMBER,
  type RevocationConfiguration,
} from "../private-ca/input-members.ts";
import { crlConfiguration, publishRevocationList } from "../private-ca/revocation-list.ts";
import { keySpecification, signingAlgorithm } from "../private-ca/signing-algorithms.ts";
import { subjectName } from "../private-ca/subject-name.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { AuthorityRecord } from "../store/records.ts";

/** How long an idempotency token stands for the request it came with, in milliseconds. */
export const IDEMPOTENCY_MS = 300_000;

/** An input that names an authority and nothing else. */
export interface AuthorityInput {
  readonly CertificateAuthorityArn: string;
}

/** An input that names an authority, described. */
export const AUTHORITY_INPUT: Member<AuthorityInput> = /* @__PURE__ */ structureMember<AuthorityInput>(
  { CertificateAuthorityArn: ARN_MEMBER },
  ["CertificateAuthorityArn"],
);

/** The resource of operations on one authority. */
export function authorityResource(input: AuthorityInput): string {
  return input.CertificateAuthorityArn;
}

/** Makes an authority and its key, which waits for a certificate. Secret: the key, which the store keeps. */
export const CREATE_CERTIFICATE_AUTHORITY: JsonOperation<CreateAuthorityInput> = {
  name: "CreateCertificateAuthority",
  readOnly: false,
  input: CREATE_AUTHORITY_INPUT,
  async run(service, call, input) {
    const { account } = call.caller!;
    const known = sameRequest(service, account, call.region, input.IdempotencyToken);
    if (known !== undefined) return { CertificateAuthorityArn: known.arn };
    const { CertificateAuthorityConfiguration: configuration, RevocationConfiguration: revocation } = input;
    checkRevocation(service, revocation);
    const algorithm = signingAlgorithm(configuration.SigningAlgorithm, configuration.KeyAlgorithm);
    const subject = subjectName(configuration.Subject);
    if (subject.length === 0) throw refuse(400, "InvalidArgsException", "The subject of the authority is empty.");
    const key = await service.crypto.generatePrivateKey(keySpecification(configuration.KeyAlgorithm));
    const signer = await service.crypto.importPrivateKey(key, algorithm);
    const usage = configuration.CsrExtensions?.KeyUsage;
    const request = await issueCertificateRequest({
      subject,
      ...(usage === undefined ? {} : { extensions: [apiKeyUsageExtension(usage)] }),
    }, signer);
    const id = service.identifiers.uuid();
    const arn = `arn:${
      partitionOfRegion(call.region).id
    }:acm-pca:${call.region}:${account}:certificate-authority/${id}`;
    const nowMs = service.now();
    const record: AuthorityRecord = {
      arn,
      id,
      type: input.CertificateAuthorityType,
      usageMode: input.UsageMode ?? "GENERAL_PURPOSE",
      status: "PENDING_CERTIFICATE",
      configuration,
      ...(revocation === undefined ? {} : { revocation }),
      keyStorageSecurityStandard: input.KeyStorageSecurityStandard ?? "FIPS_140_2_LEVEL_3_OR_HIGHER",
      privateKey: encodeBase64(encodePkcs8(key)),
      csrPem: encodePem("CERTIFICATE REQUEST", request),
      ...(input.IdempotencyToken === undefined ? {} : { idempotencyToken: input.IdempotencyToken }),
      tags: (input.Tags ?? []).map(({ Key, Value = "" }) => ({ key: Key, value: Value })),
      permissions: [],
      auditReports: [],
      crlNumber: 0,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    // Another request with the same token may have been quicker.
    const quicker = sameRequest(service, account, call.region, input.IdempotencyToken);
    if (quicker !== undefined) return { CertificateAuthorityArn: quicker.arn };
    await service.store.commit([{ table: "authorities", key: arn, record }]);
    return { CertificateAuthorityArn: arn };
  },
};

function sameRequest(
  service: Service,
  account: string,
  region: string,
  token: string | undefined,
): AuthorityRecord | undefined {
  if (token === undefined) return undefined;
  const since = service.now() - IDEMPOTENCY_MS;
  for (const authority of service.store.all("authorities").values()) {
    const [, , , itsRegion, itsAccount] = authority.arn.split(":");
    const own = itsRegion === region && itsAccount === account;
    if (own && authority.idempotencyToken === token && authority.createdAtMs > since) return authority;
  }
  return undefined;
}

/** Refuses lists that could not be published. */
function checkRevocation(service: Service, revocation: RevocationConfiguration | undefined): void {
  const crl = crlConfiguration(revocation);
  if (crl === undefined) return;
  if (crl.S3BucketName === undefined || crl.ExpirationInDays === undefined) {
    throw refuse(400, "InvalidArgsException", "An enabled CRL configuration needs S3BucketName and ExpirationInDays.");
  }
  if (service.store.get("buckets", crl.S3BucketName) === undefined) {
    throw refuse(400, "InvalidArgsException", `The S3 bucket ${crl.S3BucketName} does not exist.`);
  }
}

/** Describes an authority. */
export const DESCRIBE_CERTIFICATE_AUTHORITY: JsonOperation<AuthorityInput> = {
  name: "DescribeCertificateAuthority",
  readOnly: true,
  input: AUTHORITY_INPUT,
  resource: authorityResource,
  run(service, call, { CertificateAuthorityArn }) {
    return { CertificateAuthority: described(service, findAuthority(service, call, CertificateAuthorityArn)) };
  },
};

function described(service: Service, authority: AuthorityRecord): object {
  const { certificatePem, deletedAtMs, restorableDays, revocation } = authority;
  const certificate = certificatePem === undefined ? undefined : authorityCertificate(authority);
  return {
    Arn: authority.arn,
    OwnerAccount: authority.arn.split(":")[4],
    CreatedAt: authority.createdAtMs / 1000,
    LastStateChangeAt: authority.updatedAtMs / 1000,
    Type: authority.type,
    Status: authorityStatus(authority, service.now()),
    ...(certificate === undefined ? {} : {
      Serial: certificate.serialNumberDecimal,
      NotBefore: certificate.notBefore / 1000,
      NotAfter: certificate.notAfter / 1000,
    }),
    CertificateAuthorityConfiguration: authority.configuration,
    RevocationConfiguration: revocation ?? { CrlConfiguration: { Enabled: false } },
    ...(deletedAtMs === undefined ? {} : { RestorableUntil: deletedAtMs / 1000 + restorableDays! * 86_400 }),
    KeyStorageSecurityStandard: authority.keyStorageSecurityStandard,
    UsageMode: authority.usageMode,
  };
}

interface ListAuthoritiesInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly ResourceOwner?: "SELF" | "OTHER_ACCOUNTS";
}

/** Lists the authorities of the caller's account in this region, the oldest first. */
export const LIST_CERTIFICATE_AUTHORITIES: JsonOperation<ListAuthoritiesInput> = {
  name: "ListCertificateAuthorities",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<ListAuthoritiesInput>({
    MaxResults: /* @__PURE__ */ integerMember({ least: 1, most: 1000 }),
    NextToken: /* @__PURE__ */ textMember({ least: 1, most: 43_739 }),
    ResourceOwner: /* @__PURE__ */ choiceMember(["SELF", "OTHER_ACCOUNTS"]),
  }),
  run(service, call, { MaxResults = 1000, NextToken, ResourceOwner = "SELF" }) {
    const { account } = call.caller!;
    const own = [...service.store.all("authorities").values()].filter(({ arn }) => {
      const [, , , region, owner] = arn.split(":");
      return ResourceOwner === "SELF" && region === call.region && owner === account;
    });
    const from = NextToken === undefined ? 0 : 1 + own.findIndex(({ arn }) => arn === readToken(NextToken));
    if (NextToken !== undefined && from === 0) throw invalidToken();
    const page = own.slice(from, from + MaxResults);
    const more = from + page.length < own.length;
    return {
      CertificateAuthorities: page.map((authority) => described(service, authority)),
      ...(more ? { NextToken: encodeBase64Url(encodeUtf8(page.at(-1)!.arn)) } : {}),
    };
  },
};

/** The ARN that a token holds: of the last authority on the page before. */
function readToken(token: string): string {
  const octets = decodeBase64Url(token);
  const arn = octets === undefined ? undefined : decodeUtf8(octets);
  if (arn === undefined) throw invalidToken();
  return arn;
}

function invalidToken(): Error {
  return refuse(400, "InvalidNextTokenException", "The token specified in the NextToken argument is not valid.");
}

/** Answers the request for the authority's own certificate. */
export const GET_CERTIFICATE_AUTHORITY_CSR: JsonOperation<AuthorityInput> = {
  name: "GetCertificateAuthorityCsr",
  readOnly: true,
  input: AUTHORITY_INPUT,
  resource: authorityResource,
  run(service, call, { CertificateAuthorityArn }) {
    return { Csr: findAuthority(service, call, CertificateAuthorityArn).csrPem };
  },
};

/** Answers the authority's certificate and those above it. */
export const GET_CERTIFICATE_AUTHORITY_CERTIFICATE: JsonOperation<AuthorityInput> = {
  name: "GetCertificateAuthorityCertificate",
  readOnly: true,
  input: AUTHORITY_INPUT,
  resource: authorityResource,
  run(service, call, { CertificateAuthorityArn }) {
    const { status, certificatePem, chainPem } = findAuthority(service, call, CertificateAuthorityArn);
    if (certificatePem === undefined) throw invalidState(status);
    return { Certificate: certificatePem, ...(chainPem === undefined ? {} : { CertificateChain: chainPem }) };
  },
};

/** The refusal of what an authority in this state does not do. */
export function invalidState(status: AuthorityRecord["status"]): Error {
  return refuse(400, "InvalidStateException", `The certificate authority is in the ${status} state.`);
}

interface ImportInput extends AuthorityInput {
  readonly Certificate: Bytes;
  readonly CertificateChain?: Bytes;
}

/** Gives an authority its certificate. */
export const IMPORT_CERTIFICATE_AUTHORITY_CERTIFICATE: JsonOperation<ImportInput> = {
  name: "ImportCertificateAuthorityCertificate",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<ImportInput>({
    CertificateAuthorityArn: ARN_MEMBER,
    Certificate: /* @__PURE__ */ blobMember({ least: 1, most: 32_768 }),
    CertificateChain: /* @__PURE__ */ blobMember({ least: 0, most: 2_097_152 }),
  }, ["CertificateAuthorityArn", "Certificate"]),
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, Certificate, CertificateChain }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const { status } = authority;
    if (status !== "PENDING_CERTIFICATE" && status !== "ACTIVE" && status !== "DISABLED") throw invalidState(status);
    const [certificate, ...rest] = readPem(Certificate, "Certificate");
    const chain = CertificateChain === undefined || CertificateChain.length === 0
      ? []
      : readPem(CertificateChain, "CertificateChain");
    if (rest.length > 0) throw malformedCertificate("Certificate holds more than one certificate");
    await checkAuthorityCertificate(service, authority, certificate!, chain);
    const record: AuthorityRecord = {
      ...service.store.get("authorities", authority.arn)!,
      status: "ACTIVE",
      certificatePem: encodePem("CERTIFICATE", certificate!.der),
      ...(chain.length === 0 ? {} : { chainPem: chain.map(({ der }) => encodePem("CERTIFICATE", der)).join("") }),
      updatedAtMs: service.now(),
    };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    await publishRevocationList(service, authority.arn, call.region);
    return undefined;
  },
};

function readPem(octets: Bytes, member: string): readonly Certificate[] {
  try {
    return readCertificates(octets);
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw malformedCertificate(`${member} cannot be read: ${error.message}`);
  }
}

/** The certificate must be a CA's, of the authority's key, and signed by itself or by the first of the chain. */
async function checkAuthorityCertificate(
  service: Service,
  authority: AuthorityRecord,
  certificate: Certificate,
  chain: readonly Certificate[],
): Promise<void> {
  const { spki, subject } = parseCertificateRequest(decodePem(authority.csrPem)[0]!.octets);
  if (!equalBytes(certificate.spki, spki)) {
    throw mismatch("the certificate is not of the certificate authority's key");
  }
  if (!certificate.subject.equals(subject)) throw mismatch("the certificate has another subject than the request");
  if (certificate.basicConstraints?.ca !== true) throw malformedCertificate("it is no CA certificate");
  if (certificate.keyUsage?.includes("keyCertSign") === false) {
    throw malformedCertificate("it may not sign certificates");
  }
  if (authority.type === "ROOT") {
    if (chain.length > 0) throw refuse(400, "InvalidRequestException", "A root certificate has no chain.");
    await checkIssuer(service, certificate, certificate);
    return;
  }
  if (chain.length === 0) throw mismatch("a subordinate certificate needs its chain");
  let child = certificate;
  for (const issuer of chain) {
    await checkIssuer(service, child, issuer);
    child = issuer;
  }
  await checkIssuer(service, child, child);
}

async function checkIssuer(service: Service, certificate: Certificate, issuer: Certificate): Promise<void> {
  const { signatureAlgorithm, tbsCertificate, signature } = certificate;
  const signed = certificate.issuer.equals(issuer.subject) && signatureAlgorithm.scheme !== "unknown" &&
    await verifySignature(service.crypto, signatureAlgorithm, issuer.publicKey, tbsCertificate, signature);
  if (!signed) throw mismatch("each certificate of the chain must sign the one before it, the last one itself");
}

function mismatch(state: string): Error {
  return refuse(400, "CertificateMismatchException", `The certificate cannot be imported: ${state}.`);
}

function malformedCertificate(state: string): Error {
  return refuse(400, "MalformedCertificateException", `The certificate cannot be imported: ${state}.`);
}

interface UpdateInput extends AuthorityInput {
  readonly RevocationConfiguration?: RevocationConfiguration;
  readonly Status?: AuthorityRecord["status"];
}

/** Changes revocation, or enables and disables. */
export const UPDATE_CERTIFICATE_AUTHORITY: JsonOperation<UpdateInput> = {
  name: "UpdateCertificateAuthority",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<UpdateInput>({
    CertificateAuthorityArn: ARN_MEMBER,
    RevocationConfiguration: REVOCATION_MEMBER,
    Status: /* @__PURE__ */ choiceMember([
      "CREATING",
      "PENDING_CERTIFICATE",
      "ACTIVE",
      "DELETED",
      "DISABLED",
      "EXPIRED",
      "FAILED",
    ]),
  }, ["CertificateAuthorityArn"]),
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, RevocationConfiguration: revocation, Status }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const status = authorityStatus(authority, service.now());
    if (status !== "ACTIVE" && status !== "DISABLED") throw invalidState(status);
    if (Status !== undefined && Status !== "ACTIVE" && Status !== "DISABLED") {
      throw refuse(400, "InvalidArgsException", "The status can be set to ACTIVE or DISABLED only.");
    }
    checkRevocation(service, revocation);
    const record: AuthorityRecord = {
      ...authority,
      ...(revocation === undefined ? {} : { revocation }),
      status: Status ?? status,
      updatedAtMs: service.now(),
    };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    if (revocation !== undefined) await publishRevocationList(service, authority.arn, call.region);
    return undefined;
  },
};

interface DeleteInput extends AuthorityInput {
  readonly PermanentDeletionTimeInDays?: number;
}

/** Deletes an authority; for some days it can be restored. */
export const DELETE_CERTIFICATE_AUTHORITY: JsonOperation<DeleteInput> = {
  name: "DeleteCertificateAuthority",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<DeleteInput>({
    CertificateAuthorityArn: ARN_MEMBER,
    PermanentDeletionTimeInDays: /* @__PURE__ */ integerMember({ least: 7, most: 30 }),
  }, ["CertificateAuthorityArn"]),
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, PermanentDeletionTimeInDays = 30 }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const status = authorityStatus(authority, service.now());
    if (status === "ACTIVE" || status === "DELETED") throw invalidState(status);
    const nowMs = service.now();
    const record: AuthorityRecord = {
      ...authority,
      status: "DELETED",
      deletedAtMs: nowMs,
      // An authority that never had a certificate is gone at once.
      restorableDays: authority.certificatePem === undefined ? 0 : PermanentDeletionTimeInDays,
      updatedAtMs: nowMs,
    };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    return undefined;
  },
};

/** Brings a deleted authority back, disabled. */
export const RESTORE_CERTIFICATE_AUTHORITY: JsonOperation<AuthorityInput> = {
  name: "RestoreCertificateAuthority",
  readOnly: false,
  input: AUTHORITY_INPUT,
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn }) {
    const { deletedAtMs, restorableDays: _, ...authority } = findAuthority(service, call, CertificateAuthorityArn);
    if (deletedAtMs === undefined) throw invalidState(authority.status);
    const record: AuthorityRecord = { ...authority, status: "DISABLED", updatedAtMs: service.now() };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    return undefined;
  },
};
