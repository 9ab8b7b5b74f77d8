/**
 * What the emulator keeps: plain records, ready for JSON. Octets are base64, certificates PEM, times ISO 8601 in UTC as
 * the service prints them, or milliseconds since the epoch where the name says so.
 *
 * @module
 */

import type { AttributeMapping } from "../../../core/policy/mod.ts";

/** Every table by name, and the record that it holds. */
export interface Tables {
  /** By ARN. */
  readonly trustAnchors: TrustAnchorRecord;
  /** By ARN. */
  readonly profiles: ProfileRecord;
  /** By ARN. */
  readonly crls: CrlRecord;
  /** By ARN. */
  readonly subjects: SubjectRecord;
  /** Tags of a resource of IAM Roles Anywhere, by its ARN. */
  readonly tags: TagsRecord;
  /** Roles of IAM, by ARN. */
  readonly roles: RoleRecord;
  /** Managed policies of IAM, by ARN. */
  readonly managedPolicies: ManagedPolicyRecord;
  /** Long-term access keys, by access key id. */
  readonly accessKeys: AccessKeyRecord;
  /** Private certificate authorities, by ARN. */
  readonly authorities: AuthorityRecord;
  /** Certificates that they issued, by ARN. */
  readonly issuedCertificates: IssuedCertificateRecord;
  /** Buckets of S3, by name. */
  readonly buckets: BucketRecord;
  /** Objects of S3, by `bucket/key`. */
  readonly objects: ObjectRecord;
  /** What the emulator itself must remember, by name. */
  readonly settings: SettingRecord;
}

/** The name of a table. */
export type TableName = keyof Tables;

/** A trust anchor. */
export interface TrustAnchorRecord {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly sourceType: "CERTIFICATE_BUNDLE" | "AWS_ACM_PCA";
  /** One or two CA certificates; of a private CA: the one that was read when the anchor was created or updated. */
  readonly certificatesPem: string;
  /** The private CA; absent for a bundle. */
  readonly acmPcaArn?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly notificationSettings: readonly NotificationSettingRecord[];
}

/** A notification setting. */
export interface NotificationSettingRecord {
  readonly enabled: boolean;
  readonly event: "CA_CERTIFICATE_EXPIRY" | "END_ENTITY_CERTIFICATE_EXPIRY";
  /** Days, 1 to 360. */
  readonly threshold?: number;
  readonly channel: "ALL";
  readonly configuredBy: string;
}

/** A profile. */
export interface ProfileRecord {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly roleArns: readonly string[];
  readonly managedPolicyArns: readonly string[];
  /** JSON text; absent: none. */
  readonly sessionPolicy?: string;
  readonly durationSeconds: number;
  readonly acceptRoleSessionName: boolean;
  readonly requireInstanceProperties: boolean;
  readonly attributeMappings: readonly AttributeMapping[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A revocation list. */
export interface CrlRecord {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The octets as they were imported, PEM or DER, in base64. */
  readonly crlData: string;
  readonly trustAnchorArn: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A subject: whoever showed a certificate with this name. */
export interface SubjectRecord {
  readonly arn: string;
  readonly id: string;
  /** RFC 4514. */
  readonly x509Subject: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastSeenAt: string;
  /** The latest twenty certificates, most recent first. */
  readonly credentials: readonly SubjectCredentialRecord[];
  /** The latest twenty sets of instance properties, most recent first. */
  readonly instanceProperties: readonly SubjectInstanceRecord[];
}

/** A certificate of a subject. */
export interface SubjectCredentialRecord {
  readonly seenAt: string;
  /** Decimal. */
  readonly serialNumber: string;
  /** RFC 4514. */
  readonly issuer: string;
  readonly enabled: boolean;
  readonly x509CertificateData: string;
  /** Whether the request with it was refused. */
  readonly failed: boolean;
}

/** Instance properties that came with a request. */
export interface SubjectInstanceRecord {
  readonly seenAt: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

/** Tags of a resource, in the order in which they were set. */
export interface TagsRecord {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** A role of IAM. */
export interface RoleRecord {
  readonly arn: string;
  /** `AROA` and 17 upper-case letters and digits. */
  readonly id: string;
  readonly name: string;
  /** `/` or `/team/`. */
  readonly path: string;
  readonly description?: string;
  /** 3,600 to 43,200. */
  readonly maxSessionDurationSeconds: number;
  /** JSON text. */
  readonly assumeRolePolicyDocument: string;
  /** Inline policies: JSON text by name. */
  readonly policies: Readonly<Record<string, string>>;
  /** Attached managed policies. */
  readonly attachedPolicyArns: readonly string[];
  /** In the order in which they were set; absent: none. */
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly createdAt: string;
}

/** A managed policy. */
export interface ManagedPolicyRecord {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  /** JSON text. */
  readonly document: string;
  readonly createdAt: string;
}

/** A long-term access key; its holder may do everything in its account. Secret: the secret access key. */
export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `arn:aws:iam::123456789012:user/Administrator`. */
  readonly arn: string;
  readonly userId: string;
}

/** A private certificate authority. Secret: its private key. */
export interface AuthorityRecord {
  readonly arn: string;
  readonly id: string;
  readonly type: "ROOT" | "SUBORDINATE";
  readonly usageMode: "GENERAL_PURPOSE" | "SHORT_LIVED_CERTIFICATE";
  readonly status: "CREATING" | "PENDING_CERTIFICATE" | "ACTIVE" | "DISABLED" | "EXPIRED" | "FAILED" | "DELETED";
  /** `CertificateAuthorityConfiguration` as it was given. */
  readonly configuration: unknown;
  /** `RevocationConfiguration` as it was given; absent: none. */
  readonly revocation?: unknown;
  readonly keyStorageSecurityStandard: string;
  /** PKCS#8 in base64. Secret. */
  readonly privateKey: string;
  /** Certification request, PEM. */
  readonly csrPem: string;
  /** The CA's certificate, PEM; absent until it is imported. */
  readonly certificatePem?: string;
  /** Certificates above it, PEM; absent for a root. */
  readonly chainPem?: string;
  readonly idempotencyToken?: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Services that may issue with it. */
  readonly permissions: readonly AuthorityPermissionRecord[];
  /** Audit reports, the oldest first. */
  readonly auditReports: readonly AuditReportRecord[];
  /** Number of the last revocation list; 0: none was issued. */
  readonly crlNumber: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When it was deleted, and for how many days it can be restored; absent: it is not deleted. */
  readonly deletedAtMs?: number;
  readonly restorableDays?: number;
}

/** A permission of an authority. */
export interface AuthorityPermissionRecord {
  /** `acm.amazonaws.com`. */
  readonly principal: string;
  readonly sourceAccount: string;
  readonly actions: readonly string[];
  readonly createdAtMs: number;
}

/** An audit report of an authority. */
export interface AuditReportRecord {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly createdAtMs: number;
}

/** A certificate of a private certificate authority. */
export interface IssuedCertificateRecord {
  readonly arn: string;
  readonly authorityArn: string;
  /** Lower-case hexadecimal, as in the ARN. */
  readonly serialNumberHex: string;
  readonly certificatePem: string;
  readonly templateArn: string;
  readonly idempotencyToken?: string;
  /** SHA-256 of the request that the token stands for, hexadecimal. */
  readonly requestHash?: string;
  readonly issuedAtMs: number;
  readonly notAfterMs: number;
  readonly revokedAtMs?: number;
  readonly revocationReason?: string;
}

/** A bucket. */
export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly createdAtMs: number;
}

/** An object. */
export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  /** The octets in base64. */
  readonly body: string;
  readonly length: number;
  /** The entity tag without quotes. */
  readonly etag: string;
  readonly contentType: string;
  /** `x-amz-meta-…` by name without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Other header fields that come back with it, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Checksums, base64 by the header field that carries them. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly lastModifiedMs: number;
}

/** A setting. Secret: some hold keys. */
export interface SettingRecord {
  readonly value: string | number | boolean;
}
