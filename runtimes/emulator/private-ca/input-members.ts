/**
 * Members of the inputs of AWS Private CA, as its API model limits them.
 *
 * @see AWS Private CA API reference, "Data types"
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { listMember, structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { blobMember, booleanMember, choiceMember, integerMember, textMember } from "../members/scalar-members.ts";
import type { Asn1Subject } from "./subject-name.ts";
import type { Validity } from "./validity.ts";

const KEY_ALGORITHMS = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "EC_prime256v1",
  "EC_secp384r1",
  "EC_secp521r1",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
  "SM2",
] as const;

const SIGNING_ALGORITHMS = [
  "SHA256WITHECDSA",
  "SHA384WITHECDSA",
  "SHA512WITHECDSA",
  "SHA256WITHRSA",
  "SHA384WITHRSA",
  "SHA512WITHRSA",
  "SHA256WITHRSA_PSS",
  "SHA384WITHRSA_PSS",
  "SHA512WITHRSA_PSS",
  "SM3WITHSM2",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
] as const;

/** Reasons for a revocation, and those of RFC 5280 §5.3.1 that they stand for. */
export const REVOCATION_REASONS = {
  UNSPECIFIED: "unspecified",
  KEY_COMPROMISE: "keyCompromise",
  CERTIFICATE_AUTHORITY_COMPROMISE: "cACompromise",
  AFFILIATION_CHANGED: "affiliationChanged",
  SUPERSEDED: "superseded",
  CESSATION_OF_OPERATION: "cessationOfOperation",
  PRIVILEGE_WITHDRAWN: "privilegeWithdrawn",
  A_A_COMPROMISE: "aACompromise",
} as const;

/** An ARN of an authority or a certificate. */
export const ARN_MEMBER: Member<string> = /* @__PURE__ */ textMember({
  least: 5,
  most: 200,
  pattern: "arn:[\\w+=/,.@-]+:acm-pca:[\\w+=/,.@-]*:[0-9]*:[\\w+=,.@-]+(/[\\w+=,.@-]+)*",
  matches: (text) => /^arn:[\w+=/,.@-]+:acm-pca:[\w+=/,.@-]*:[0-9]*:[\w+=,.@-]+(?:\/[\w+=,.@-]+)*$/.test(text),
});

const OID_PATTERN = "([0-2])\\.([0-9]|([0-3][0-9]))((\\.([0-9]+)){0,126})";
const oidMember = /* @__PURE__ */ textMember({
  most: 64,
  pattern: OID_PATTERN,
  matches: (text) => /^[0-2]\.(?:[0-9]|[0-3][0-9])(?:\.[0-9]+){0,126}$/.test(text),
});

const shortText = (most: number): Member<string> => /* @__PURE__ */ textMember({ most });
const nameText = /* @__PURE__ */ textMember({
  most: 64,
  pattern: "[a-zA-Z0-9'()+-.?:/= ]*",
  matches: (text) => /^[a-zA-Z0-9'()+-.?:/= ]*$/.test(text),
});

/** `ASN1Subject`. */
export const SUBJECT_MEMBER: Member<Asn1Subject> = /* @__PURE__ */ structureMember<object>({
  Country: /* @__PURE__ */ textMember({
    least: 2,
    most: 2,
    pattern: "[A-Za-z]{2}",
    matches: (text) => /^[A-Za-z]{2}$/.test(text),
  }),
  Organization: /* @__PURE__ */ shortText(64),
  OrganizationalUnit: /* @__PURE__ */ shortText(64),
  DistinguishedNameQualifier: nameText,
  State: /* @__PURE__ */ shortText(128),
  CommonName: /* @__PURE__ */ shortText(64),
  SerialNumber: nameText,
  Locality: /* @__PURE__ */ shortText(128),
  Title: /* @__PURE__ */ shortText(64),
  Surname: /* @__PURE__ */ shortText(40),
  GivenName: /* @__PURE__ */ shortText(16),
  Initials: /* @__PURE__ */ shortText(5),
  Pseudonym: /* @__PURE__ */ shortText(128),
  GenerationQualifier: /* @__PURE__ */ shortText(3),
  CustomAttributes: /* @__PURE__ */ listMember(
    /* @__PURE__ */ structureMember({
      ObjectIdentifier: oidMember,
      Value: /* @__PURE__ */ textMember({ least: 1, most: 256 }),
    }, [
      "ObjectIdentifier",
      "Value",
    ]),
    150,
  ),
} as object) as Member<Asn1Subject>;

/** `GeneralName` of the API. */
export interface ApiGeneralName {
  readonly OtherName?: { readonly TypeId: string; readonly Value: string };
  readonly Rfc822Name?: string;
  readonly DnsName?: string;
  readonly DirectoryName?: Asn1Subject;
  readonly EdiPartyName?: { readonly PartyName: string; readonly NameAssigner?: string };
  readonly UniformResourceIdentifier?: string;
  readonly IpAddress?: string;
  readonly RegisteredId?: string;
}

const generalNameMember: Member<ApiGeneralName> = /* @__PURE__ */ structureMember<ApiGeneralName>({
  OtherName: /* @__PURE__ */ structureMember({ TypeId: oidMember, Value: /* @__PURE__ */ shortText(256) }, [
    "TypeId",
    "Value",
  ]),
  Rfc822Name: /* @__PURE__ */ shortText(256),
  DnsName: /* @__PURE__ */ shortText(253),
  DirectoryName: SUBJECT_MEMBER,
  EdiPartyName: /* @__PURE__ */ structureMember<{ PartyName: string; NameAssigner?: string }>({
    PartyName: /* @__PURE__ */ shortText(256),
    NameAssigner: /* @__PURE__ */ shortText(256),
  }, ["PartyName"]),
  UniformResourceIdentifier: /* @__PURE__ */ shortText(253),
  IpAddress: /* @__PURE__ */ shortText(39),
  RegisteredId: oidMember,
});

/** `KeyUsage` of the API: bits by name. */
export type ApiKeyUsage = { readonly [bit in typeof KEY_USAGE_BITS[number]]?: boolean };

const KEY_USAGE_BITS = [
  "DigitalSignature",
  "NonRepudiation",
  "KeyEncipherment",
  "DataEncipherment",
  "KeyAgreement",
  "KeyCertSign",
  "CRLSign",
  "EncipherOnly",
  "DecipherOnly",
] as const;

const keyUsageMember: Member<ApiKeyUsage> = /* @__PURE__ */ structureMember<object>(
  /* @__PURE__ */ Object.fromEntries(/* @__PURE__ */ KEY_USAGE_BITS.map((bit) => [bit, booleanMember()])) as object,
) as Member<ApiKeyUsage>;

/** `Extensions` of the API. */
export interface ApiExtensions {
  readonly CertificatePolicies?: readonly {
    readonly CertPolicyId: string;
    readonly PolicyQualifiers?: readonly {
      readonly PolicyQualifierId: "CPS";
      readonly Qualifier: { readonly CpsUri: string };
    }[];
  }[];
  readonly ExtendedKeyUsage?: readonly {
    readonly ExtendedKeyUsageType?: ExtendedKeyUsageType;
    readonly ExtendedKeyUsageObjectIdentifier?: string;
  }[];
  readonly KeyUsage?: ApiKeyUsage;
  readonly SubjectAlternativeNames?: readonly ApiGeneralName[];
  readonly CustomExtensions?: readonly {
    readonly ObjectIdentifier: string;
    readonly Value: string;
    readonly Critical?: boolean;
  }[];
}

/** Purposes by the names of the API. */
export const EXTENDED_KEY_USAGE_TYPES = {
  SERVER_AUTH: "1.3.6.1.5.5.7.3.1",
  CLIENT_AUTH: "1.3.6.1.5.5.7.3.2",
  CODE_SIGNING: "1.3.6.1.5.5.7.3.3",
  EMAIL_PROTECTION: "1.3.6.1.5.5.7.3.4",
  TIME_STAMPING: "1.3.6.1.5.5.7.3.8",
  OCSP_SIGNING: "1.3.6.1.5.5.7.3.9",
  SMART_CARD_LOGIN: "1.3.6.1.4.1.311.20.2.2",
  DOCUMENT_SIGNING: "1.3.6.1.5.5.7.3.36",
  CERTIFICATE_TRANSPARENCY: "1.3.6.1.4.1.11129.2.4.4",
} as const;

type ExtendedKeyUsageType = keyof typeof EXTENDED_KEY_USAGE_TYPES;

const extensionsMember: Member<ApiExtensions> = /* @__PURE__ */ structureMember<ApiExtensions>({
  CertificatePolicies: /* @__PURE__ */ listMember(
    /* @__PURE__ */ structureMember<NonNullable<ApiExtensions["CertificatePolicies"]>[number]>({
      CertPolicyId: oidMember,
      PolicyQualifiers: /* @__PURE__ */ listMember(
        /* @__PURE__ */ structureMember({
          PolicyQualifierId: /* @__PURE__ */ choiceMember(["CPS"]),
          Qualifier: /* @__PURE__ */ structureMember({ CpsUri: /* @__PURE__ */ shortText(256) }, ["CpsUri"]),
        }, ["PolicyQualifierId", "Qualifier"]),
        20,
      ),
    }, ["CertPolicyId"]),
    20,
  ),
  ExtendedKeyUsage: /* @__PURE__ */ listMember(
    /* @__PURE__ */ structureMember<NonNullable<ApiExtensions["ExtendedKeyUsage"]>[number]>({
      ExtendedKeyUsageType: /* @__PURE__ */ choiceMember(
        /* @__PURE__ */ Object.keys(EXTENDED_KEY_USAGE_TYPES) as ExtendedKeyUsageType[],
      ),
      ExtendedKeyUsageObjectIdentifier: oidMember,
    }),
    20,
  ),
  KeyUsage: keyUsageMember,
  SubjectAlternativeNames: /* @__PURE__ */ listMember(generalNameMember, 150),
  CustomExtensions: /* @__PURE__ */ listMember(
    /* @__PURE__ */ structureMember<NonNullable<ApiExtensions["CustomExtensions"]>[number]>({
      ObjectIdentifier: oidMember,
      Value: /* @__PURE__ */ textMember({
        least: 1,
        most: 4096,
        pattern: "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
        matches: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
      }),
      Critical: /* @__PURE__ */ booleanMember(),
    }, ["ObjectIdentifier", "Value"]),
    150,
  ),
});

/** `RevocationConfiguration`. */
export interface RevocationConfiguration {
  readonly CrlConfiguration?: CrlConfiguration;
  readonly OcspConfiguration?: { readonly Enabled: boolean; readonly OcspCustomCname?: string };
}

/** `CrlConfiguration`. */
export interface CrlConfiguration {
  readonly Enabled: boolean;
  readonly ExpirationInDays?: number;
  readonly CustomCname?: string;
  readonly S3BucketName?: string;
  readonly S3ObjectAcl?: "PUBLIC_READ" | "BUCKET_OWNER_FULL_CONTROL";
  readonly CrlDistributionPointExtensionConfiguration?: { readonly OmitExtension: boolean };
  readonly CrlType?: "COMPLETE" | "PARTITIONED";
  readonly CustomPath?: string;
}

const URI_PATTERN = "[-a-zA-Z0-9;/?:@&=+$,%_.!~*()']*";
const uriPart = (text: string): boolean => /^[-a-zA-Z0-9;/?:@&=+$,%_.!~*()']*$/.test(text);

/** `RevocationConfiguration`, described. */
export const REVOCATION_MEMBER: Member<RevocationConfiguration> = /* @__PURE__ */ structureMember<
  RevocationConfiguration
>({
  CrlConfiguration: /* @__PURE__ */ structureMember<CrlConfiguration>({
    Enabled: /* @__PURE__ */ booleanMember(),
    ExpirationInDays: /* @__PURE__ */ integerMember({ least: 1, most: 5000 }),
    CustomCname: /* @__PURE__ */ textMember({ most: 253, pattern: URI_PATTERN, matches: uriPart }),
    S3BucketName: /* @__PURE__ */ textMember({
      least: 3,
      most: 255,
      pattern: "[-a-zA-Z0-9._/]+",
      matches: (text) => /^[-a-zA-Z0-9._/]+$/.test(text),
    }),
    S3ObjectAcl: /* @__PURE__ */ choiceMember(["PUBLIC_READ", "BUCKET_OWNER_FULL_CONTROL"]),
    CrlDistributionPointExtensionConfiguration: /* @__PURE__ */ structureMember({
      OmitExtension: /* @__PURE__ */ booleanMember(),
    }, ["OmitExtension"]),
    CrlType: /* @__PURE__ */ choiceMember(["COMPLETE", "PARTITIONED"]),
    CustomPath: /* @__PURE__ */ textMember({ most: 253, pattern: URI_PATTERN, matches: uriPart }),
  }, ["Enabled"]),
  OcspConfiguration: /* @__PURE__ */ structureMember<{ Enabled: boolean; OcspCustomCname?: string }>({
    Enabled: /* @__PURE__ */ booleanMember(),
    OcspCustomCname: /* @__PURE__ */ textMember({ most: 253, pattern: URI_PATTERN, matches: uriPart }),
  }, ["Enabled"]),
});

/** `Tag`, capital letters as this service has them. */
export interface ApiTag {
  readonly Key: string;
  readonly Value?: string;
}

const TAG_PATTERN = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)";
const tagText = (text: string): boolean => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);

/** Tags of an authority. */
export const TAGS_MEMBER: Member<readonly ApiTag[]> = /* @__PURE__ */ listMember(
  /* @__PURE__ */ structureMember<ApiTag>({
    Key: /* @__PURE__ */ textMember({ least: 1, most: 128, pattern: TAG_PATTERN, matches: tagText, sensitive: true }),
    Value: /* @__PURE__ */ textMember({ most: 256, pattern: TAG_PATTERN, matches: tagText, sensitive: true }),
  }, ["Key"]),
  50,
);

/** A token that makes a repeated request the same one. */
export const IDEMPOTENCY_TOKEN_MEMBER: Member<string> = /* @__PURE__ */ textMember({
  least: 1,
  most: 36,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]*",
  matches: (text) => /^[\t\n\r\u0020-\u00ff]*$/.test(text),
});

/** Input of `CreateCertificateAuthority`. */
export interface CreateAuthorityInput {
  readonly CertificateAuthorityConfiguration: AuthorityConfiguration;
  readonly RevocationConfiguration?: RevocationConfiguration;
  readonly CertificateAuthorityType: "ROOT" | "SUBORDINATE";
  readonly IdempotencyToken?: string;
  readonly KeyStorageSecurityStandard?: string;
  readonly Tags?: readonly ApiTag[];
  readonly UsageMode?: "GENERAL_PURPOSE" | "SHORT_LIVED_CERTIFICATE";
}

/** `CertificateAuthorityConfiguration`. */
export interface AuthorityConfiguration {
  readonly KeyAlgorithm: string;
  readonly SigningAlgorithm: string;
  readonly Subject: Asn1Subject;
  readonly CsrExtensions?: { readonly KeyUsage?: ApiKeyUsage };
}

/** Input of `CreateCertificateAuthority`, described. */
export const CREATE_AUTHORITY_INPUT: Member<CreateAuthorityInput> = /* @__PURE__ */ structureMember<
  CreateAuthorityInput
>({
  CertificateAuthorityConfiguration: /* @__PURE__ */ structureMember<AuthorityConfiguration>({
    KeyAlgorithm: /* @__PURE__ */ choiceMember(KEY_ALGORITHMS),
    SigningAlgorithm: /* @__PURE__ */ choiceMember(SIGNING_ALGORITHMS),
    Subject: SUBJECT_MEMBER,
    CsrExtensions: /* @__PURE__ */ structureMember<{ KeyUsage?: ApiKeyUsage }>({ KeyUsage: keyUsageMember }),
  }, ["KeyAlgorithm", "SigningAlgorithm", "Subject"]),
  RevocationConfiguration: REVOCATION_MEMBER,
  CertificateAuthorityType: /* @__PURE__ */ choiceMember(["ROOT", "SUBORDINATE"]),
  IdempotencyToken: IDEMPOTENCY_TOKEN_MEMBER,
  KeyStorageSecurityStandard: /* @__PURE__ */ choiceMember([
    "FIPS_140_2_LEVEL_2_OR_HIGHER",
    "FIPS_140_2_LEVEL_3_OR_HIGHER",
    "CCPC_LEVEL_1_OR_HIGHER",
  ]),
  Tags: TAGS_MEMBER,
  UsageMode: /* @__PURE__ */ choiceMember(["GENERAL_PURPOSE", "SHORT_LIVED_CERTIFICATE"]),
}, ["CertificateAuthorityConfiguration", "CertificateAuthorityType"]);

/** `ApiPassthrough`. */
export interface ApiPassthrough {
  readonly Extensions?: ApiExtensions;
  readonly Subject?: Asn1Subject;
}

/** Input of `IssueCertificate`. */
export interface IssueCertificateInput {
  readonly ApiPassthrough?: ApiPassthrough;
  readonly CertificateAuthorityArn: string;
  readonly Csr: Bytes;
  readonly SigningAlgorithm: string;
  readonly TemplateArn?: string;
  readonly Validity: Validity;
  readonly ValidityNotBefore?: Validity;
  readonly IdempotencyToken?: string;
}

const validityMember: Member<Validity> = /* @__PURE__ */ structureMember<Validity>({
  Value: /* @__PURE__ */ integerMember({ least: 1 }),
  Type: /* @__PURE__ */ choiceMember(["END_DATE", "ABSOLUTE", "DAYS", "MONTHS", "YEARS"]),
}, ["Value", "Type"]);

/** Input of `IssueCertificate`, described. */
export const ISSUE_CERTIFICATE_INPUT: Member<IssueCertificateInput> = /* @__PURE__ */ structureMember<
  IssueCertificateInput
>({
  ApiPassthrough: /* @__PURE__ */ structureMember<ApiPassthrough>({
    Extensions: extensionsMember,
    Subject: SUBJECT_MEMBER,
  }),
  CertificateAuthorityArn: ARN_MEMBER,
  Csr: /* @__PURE__ */ blobMember({ least: 1, most: 32_768 }),
  SigningAlgorithm: /* @__PURE__ */ choiceMember(SIGNING_ALGORITHMS),
  TemplateArn: ARN_MEMBER,
  Validity: validityMember,
  ValidityNotBefore: validityMember,
  IdempotencyToken: IDEMPOTENCY_TOKEN_MEMBER,
}, ["CertificateAuthorityArn", "Csr", "SigningAlgorithm", "Validity"]);

/** Input of `RevokeCertificate`. */
export interface RevokeCertificateInput {
  readonly CertificateAuthorityArn: string;
  readonly CertificateSerial: string;
  readonly RevocationReason: keyof typeof REVOCATION_REASONS;
}

/** Input of `RevokeCertificate`, described. */
export const REVOKE_CERTIFICATE_INPUT: Member<RevokeCertificateInput> = /* @__PURE__ */ structureMember({
  CertificateAuthorityArn: ARN_MEMBER,
  CertificateSerial: /* @__PURE__ */ shortText(128),
  RevocationReason: /* @__PURE__ */ choiceMember(
    /* @__PURE__ */ Object.keys(REVOCATION_REASONS) as (keyof typeof REVOCATION_REASONS)[],
  ),
}, ["CertificateAuthorityArn", "CertificateSerial", "RevocationReason"]);
