/**
 * Audit reports of private certificate authorities: what they issued and revoked, written into a bucket.
 *
 * @see AWS Private CA user guide, "Using audit reports with your private CA"
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { nameText } from "../../../core/x509/name-text.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { JsonOperation } from "../protocols/json-operation.ts";
import { structureMember } from "../members/compound-members.ts";
import { choiceMember, textMember } from "../members/scalar-members.ts";
import { findAuthority } from "../private-ca/authority.ts";
import { ARN_MEMBER } from "../private-ca/input-members.ts";
import { objectRecord } from "../s3/s3-object.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { AuthorityRecord, IssuedCertificateRecord } from "../store/records.ts";
import { type AuthorityInput, authorityResource, invalidState } from "./acm-pca-authorities.ts";

/** How long an authority waits between reports, in milliseconds. */
const INTERVAL_MS = 1_800_000;

interface CreateReportInput extends AuthorityInput {
  readonly S3BucketName: string;
  readonly AuditReportResponseFormat: "JSON" | "CSV";
}

/** Writes a report; here it is there at once. */
export const CREATE_AUDIT_REPORT: JsonOperation<CreateReportInput> = {
  name: "CreateCertificateAuthorityAuditReport",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<CreateReportInput>({
    CertificateAuthorityArn: ARN_MEMBER,
    S3BucketName: /* @__PURE__ */ textMember({ least: 3, most: 63 }),
    AuditReportResponseFormat: /* @__PURE__ */ choiceMember(["JSON", "CSV"]),
  }, ["CertificateAuthorityArn", "S3BucketName", "AuditReportResponseFormat"]),
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, S3BucketName: bucket, AuditReportResponseFormat: format }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    if (authority.certificatePem === undefined) throw invalidState(authority.status);
    if (service.store.get("buckets", bucket) === undefined) {
      throw refuse(400, "InvalidArgsException", `The S3 bucket ${bucket} does not exist.`);
    }
    const nowMs = service.now();
    const last = authority.auditReports.at(-1);
    if (last !== undefined && nowMs < last.createdAtMs + INTERVAL_MS) {
      throw refuse(400, "RequestInProgressException", "An audit report can be created every 30 minutes.");
    }
    const id = service.identifiers.uuid();
    const key = `audit-report/${authority.id}/${id}.${format.toLowerCase()}`;
    const entries = auditEntries(service, authority);
    const body = format === "JSON" ? encodeUtf8(JSON.stringify(entries, undefined, 2)) : csv(entries);
    const contentType = format === "JSON" ? "application/json" : "text/csv";
    const report = { id, bucket, key, createdAtMs: nowMs };
    await service.store.commit([
      { table: "objects", key: `${bucket}/${key}`, record: objectRecord({ bucket, key, body, contentType, nowMs }) },
      {
        table: "authorities",
        key: authority.arn,
        record: { ...authority, auditReports: [...authority.auditReports, report] },
      },
    ]);
    return { AuditReportId: id, S3Key: key };
  },
};

interface DescribeReportInput extends AuthorityInput {
  readonly AuditReportId: string;
}

/** Says where a report is. */
export const DESCRIBE_AUDIT_REPORT: JsonOperation<DescribeReportInput> = {
  name: "DescribeCertificateAuthorityAuditReport",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<DescribeReportInput>({
    CertificateAuthorityArn: ARN_MEMBER,
    AuditReportId: /* @__PURE__ */ textMember({
      least: 36,
      most: 36,
      pattern: "[a-z0-9]{8}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{12}",
      matches: (text) => /^[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}$/.test(text),
    }),
  }, ["CertificateAuthorityArn", "AuditReportId"]),
  resource: authorityResource,
  run(service, call, { CertificateAuthorityArn, AuditReportId }) {
    const { auditReports } = findAuthority(service, call, CertificateAuthorityArn);
    const report = auditReports.find(({ id }) => id === AuditReportId);
    if (report === undefined) {
      throw refuse(400, "ResourceNotFoundException", `Could not find audit report ${AuditReportId}.`);
    }
    const { bucket, key, createdAtMs } = report;
    return { AuditReportStatus: "SUCCESS", S3BucketName: bucket, S3Key: key, CreatedAt: createdAtMs / 1000 };
  },
};

/** One line of a report; a member that is absent is empty in CSV. */
type AuditEntry = { readonly [column in typeof COLUMNS[number]]?: string };

const COLUMNS = [
  "awsAccountId",
  "certificateArn",
  "serial",
  "subject",
  "notBefore",
  "notAfter",
  "issuedAt",
  "revokedAt",
  "revocationReason",
  "templateArn",
] as const;

function auditEntries(service: Service, authority: AuthorityRecord): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const issued of service.store.all("issuedCertificates").values()) {
    if (issued.authorityArn === authority.arn) entries.push(auditEntry(issued));
  }
  return entries;
}

function auditEntry(issued: IssuedCertificateRecord): AuditEntry {
  const certificate = readCertificates(issued.certificatePem)[0]!;
  const { revokedAtMs, revocationReason } = issued;
  return {
    awsAccountId: issued.arn.split(":")[4]!,
    certificateArn: issued.arn,
    serial: issued.serialNumberHex.replace(/..(?!$)/g, "$&:"),
    subject: nameText(certificate.subject),
    notBefore: reportTime(certificate.notBefore),
    notAfter: reportTime(certificate.notAfter),
    issuedAt: reportTime(issued.issuedAtMs),
    ...(revokedAtMs === undefined ? {} : {
      revokedAt: reportTime(revokedAtMs),
      revocationReason: revocationReason!,
    }),
    templateArn: issued.templateArn,
  };
}

/** `2026-02-26T18:39:57+0000`. */
function reportTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}+0000`;
}

/** RFC 4180, every value quoted. */
function csv(entries: readonly AuditEntry[]): Bytes {
  const line = (values: readonly string[]): string =>
    values.map((value) => `"${value.replaceAll('"', '""')}"`).join(",") + "\r\n";
  return encodeUtf8(line(COLUMNS) + entries.map((entry) => line(COLUMNS.map((name) => entry[name] ?? ""))).join(""));
}
