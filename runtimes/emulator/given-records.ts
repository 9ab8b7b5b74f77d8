/**
 * The records of what an emulator is given to begin with.
 *
 * @module
 */

import { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../../core/aws/roles-anywhere-arn.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import { encodePem } from "../../core/pem/pem.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS, normalizeSpecifier, parsePolicy } from "../../core/policy/mod.ts";
import type { Now } from "../../core/ports.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import {
  checkOptions,
  type EmulatorAccessKey,
  type EmulatorOptions,
  type EmulatorProfile,
  type EmulatorRole,
  type EmulatorTrustAnchor,
  OPTION_KINDS,
} from "./emulator-options.ts";
import type { Change } from "./store/emulator-store.ts";
import type { AccessKeyRecord, ProfileRecord, RoleRecord, TrustAnchorRecord } from "./store/records.ts";
import { resourceTime } from "./roles-anywhere/resource-time.ts";

/** Where records come from that nobody created through the API. */
export interface Origin {
  readonly account: string;
  readonly region: string;
  readonly sha256: Sha256;
  readonly now: Now;
}

/** Most CA certificates of a trust anchor. */
const MAX_ANCHOR_CERTIFICATES = 2;

/**
 * The records that the options describe.
 *
 * Secret: access keys.
 *
 * @throws {TypeError} for an unknown option, and for values that the service's own API would refuse
 * @throws {ArnError} for a malformed ARN
 * @throws {CertificateError} for certificates that cannot be read
 * @throws {PolicyError} for a policy that cannot be read
 */
export function givenRecords(options: EmulatorOptions, origin: Origin): readonly Change[] {
  checkOptions("createEmulator()", options, OPTION_KINDS);
  for (const name of ["now", "crypto"] as const) {
    if (options[name] === undefined) throw new TypeError(`"${name}" of createEmulator() must be given`);
  }
  const { trustAnchors = [], profiles = [], roles = [], accessKeys = [] } = options;
  const at = resourceTime(origin.now());
  return [
    ...trustAnchors.map((given): Change => ({
      table: "trustAnchors",
      key: given.arn,
      record: trustAnchorRecord(given, at),
    })),
    ...profiles.map((given): Change => ({ table: "profiles", key: given.arn, record: profileRecord(given, at) })),
    ...roles.map((given): Change => ({ table: "roles", key: given.arn, record: roleRecord(given, at, origin) })),
    ...accessKeys.map((given): Change => ({
      table: "accessKeys",
      key: given.accessKeyId,
      record: accessKeyRecord(given, origin),
    })),
  ];
}

function trustAnchorRecord(given: EmulatorTrustAnchor, at: string): TrustAnchorRecord {
  checkOptions("a trust anchor", given, { arn: "string", certificates: "anything", enabled: "boolean" });
  parseTrustAnchorArn(given.arn);
  const certificates = readCertificates(given.certificates);
  if (certificates.length > MAX_ANCHOR_CERTIFICATES) {
    throw new TypeError(`"certificates" of a trust anchor holds ${certificates.length}, at most two are accepted`);
  }
  if (!certificates.every((certificate) => certificate.basicConstraints?.ca === true)) {
    throw new TypeError("Incorrect basic constraints for CA certificate");
  }
  const id = given.arn.slice(given.arn.lastIndexOf("/") + 1);
  return {
    arn: given.arn,
    id,
    name: id,
    enabled: given.enabled ?? true,
    sourceType: "CERTIFICATE_BUNDLE",
    certificatesPem: certificates.map(({ der }) => encodePem("CERTIFICATE", der)).join(""),
    createdAt: at,
    updatedAt: at,
    notificationSettings: [],
  };
}

function profileRecord(given: EmulatorProfile, at: string): ProfileRecord {
  checkOptions("a profile", given, {
    arn: "string",
    roleArns: "list",
    durationSeconds: "number",
    acceptRoleSessionName: "boolean",
    attributeMappings: "list",
    enabled: "boolean",
  });
  parseProfileArn(given.arn);
  given.roleArns.forEach((arn) => parseRoleArn(arn));
  const attributeMappings = given.attributeMappings ?? DEFAULT_ATTRIBUTE_MAPPINGS;
  for (const { certificateField, mappingRules } of attributeMappings) {
    for (const { specifier } of mappingRules) {
      if (normalizeSpecifier(certificateField, specifier) === undefined) {
        throw new TypeError(`"attributeMappings": ${certificateField} has no specifier "${specifier}"`);
      }
    }
  }
  const id = given.arn.slice(given.arn.lastIndexOf("/") + 1);
  return {
    arn: given.arn,
    id,
    name: id,
    enabled: given.enabled ?? true,
    roleArns: given.roleArns,
    managedPolicyArns: [],
    requireInstanceProperties: false,
    createdBy: given.arn.split(":")[4]!,
    createdAt: at,
    updatedAt: at,
    durationSeconds: seconds("durationSeconds", given.durationSeconds, 900),
    acceptRoleSessionName: given.acceptRoleSessionName ?? false,
    attributeMappings,
  };
}

function roleRecord(given: EmulatorRole, at: string, { sha256 }: Origin): RoleRecord {
  checkOptions("a role", given, {
    arn: "string",
    maxSessionDurationSeconds: "number",
    id: "string",
    trustPolicy: "string",
    policies: "object",
  });
  parseRoleArn(given.arn);
  const maxSessionDurationSeconds = seconds("maxSessionDurationSeconds", given.maxSessionDurationSeconds, 3600);
  if (given.trustPolicy !== undefined) parsePolicy(given.trustPolicy, "trust");
  for (const policy of Object.values(given.policies ?? {})) parsePolicy(policy, "permissions");
  const resource = given.arn.slice(given.arn.indexOf(":role/") + ":role".length);
  const slash = resource.lastIndexOf("/") + 1;
  return {
    arn: given.arn,
    id: given.id ?? derivedId("AROA", given.arn, sha256),
    name: resource.slice(slash),
    path: resource.slice(0, slash),
    maxSessionDurationSeconds,
    assumeRolePolicyDocument: given.trustPolicy ?? OPEN_TRUST_POLICY,
    policies: given.policies ?? {},
    attachedPolicyArns: [],
    createdAt: at,
  };
}

function seconds(name: string, value: number | undefined, least: number): number {
  const chosen = value ?? 3600;
  if (!Number.isInteger(chosen) || chosen < least || chosen > 43_200) {
    throw new RangeError(`"${name}" must be ${least} to 43200 seconds: ${chosen}`);
  }
  return chosen;
}

function accessKeyRecord(given: EmulatorAccessKey, { account, sha256 }: Origin): AccessKeyRecord {
  checkOptions("an access key", given, { accessKeyId: "string", secretAccessKey: "string", arn: "string" });
  const { accessKeyId, secretAccessKey } = given;
  const arn = given.arn ?? `arn:aws:iam::${account}:user/Administrator`;
  return { accessKeyId, secretAccessKey, arn, userId: derivedId("AIDA", arn, sha256) };
}

/** A prefix and 17 digits of base 32 that belong to this ARN alone. */
function derivedId(prefix: string, arn: string, sha256: Sha256): string {
  const digits = Array.from(sha256.digest(`id of ${arn}`), (octet) => BASE32[octet & 31]!);
  return prefix + digits.slice(0, 17).join("");
}

/** Lets IAM Roles Anywhere assume the role for whatever certificate a trust anchor vouches for. */
const OPEN_TRUST_POLICY = /* @__PURE__ */ JSON.stringify({
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Principal: { Service: "rolesanywhere.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
  }],
});

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
