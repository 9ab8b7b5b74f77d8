/**
 * What `explain` decides from: the service's state, from files as they are or as the AWS CLI prints them, and who asks.
 *
 * @module
 */

import { decodeBase64 } from "../../core/bytes/base64.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import type {
  ManagedPolicyState,
  ProfileState,
  RevocationListState,
  RoleState,
  SessionState,
  TrustAnchorState,
} from "../../core/decision/mod.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS } from "../../core/policy/attribute-mapping.ts";
import { parsePolicy } from "../../core/policy/policy-document.ts";
import type { NamedPolicy } from "../../core/policy/session-permissions.ts";
import { MAX_CRL_LENGTH } from "../../core/x509/crl/certificate-revocation-list.ts";
import { readCertificateRevocationLists } from "../../core/x509/crl/read-revocation-lists.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { Files } from "../host.ts";
import type { ExplainRequest, KnownFiles } from "./explain-flags.ts";
import { certificatesOf, naming, textOf, unusable } from "./input-files.ts";
import { type JsonMembers, jsonMembers } from "./json-members.ts";

/** What is known of the service. */
export interface KnownService {
  readonly state: SessionState;
  /** What a question asks for, unless the request itself says so. */
  readonly arns: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
  /** Permissions of the role that is asked for. */
  readonly rolePolicies: readonly NamedPolicy[];
}

/** ARNs of what has none; account and region are those of the others where there are any. */
const NOBODYS_ID = "00000000-0000-4000-8000-000000000000";

/**
 * Reads the files.
 *
 * @throws {HostError} when one cannot be read
 * @throws {InputFileError} when one is not what it should be
 */
export function readKnownFiles(files: Files, known: KnownFiles, request: ExplainRequest): KnownService {
  const profileJson = known.profile === undefined ? undefined : describedIn(files, known.profile, "profile");
  const role = readRole(files, known.role, request.roleArn ?? onlyRole(profileJson));
  const [, partition, , , account] = role.arn.split(":") as [string, string, string, string, string];
  const region = (request.trustAnchorArn ?? request.profileArn ?? profileJson?.text("profileArn"))?.split(":")[3] ??
    "us-east-1";
  const prefix = `arn:${partition}:rolesanywhere:${region}:${account}`;
  const trustAnchor = readTrustAnchor(
    files,
    known.trustAnchor,
    request.trustAnchorArn,
    `${prefix}:trust-anchor/${NOBODYS_ID}`,
  );
  const managedPolicies = known.sessionPolicies.map((text) => managedPolicy(files, text));
  if (profileJson !== undefined) checkManagedPolicies(profileJson, known.profile!, managedPolicies);
  const profileArn = request.profileArn ?? `${prefix}:profile/${NOBODYS_ID}`;
  const profile = profileJson === undefined
    ? newProfile(profileArn, role.arn, managedPolicies)
    : readProfile(profileJson, request.profileArn ?? profileArn, managedPolicies);
  return {
    state: {
      trustAnchors: [trustAnchor],
      crls: known.lists.flatMap((path) => readLists(files, path, trustAnchor.arn)),
      profiles: [profile],
      roles: [role],
    },
    arns: { trustAnchorArn: trustAnchor.arn, profileArn: profile.arn, roleArn: role.arn },
    rolePolicies: known.rolePolicies.map((path) => permissionPolicy(files, path)),
  };
}

/** The only role of a profile; undefined when there are others. */
function onlyRole(profile: JsonMembers | undefined): string | undefined {
  const roles = profile?.texts("roleArns") ?? [];
  return roles.length === 1 ? roles[0] : undefined;
}

/** The members of what `aws … get-…` prints, with or without the member around it; undefined when it is no JSON. */
function described(files: Files, path: string, around: string): JsonMembers | undefined {
  const octets = files.readFile(path, MAX_CRL_LENGTH);
  // A JSON object begins with a brace, neither PEM nor DER does.
  if (octets.find((octet) => octet > 0x20) !== 0x7b) return undefined;
  const members = jsonMembers(textOf(files, path), path);
  return members.object(around) ?? members;
}

function describedIn(files: Files, path: string, around: string): JsonMembers {
  const members = described(files, path, around);
  if (members === undefined) throw unusable(path, "it is no JSON object");
  return members;
}

/**
 * A trust anchor: CA certificates, or what the AWS CLI prints.
 *
 * @param nobodys its ARN when neither `arn` nor the file says one
 * @throws {HostError} when it cannot be read
 * @throws {InputFileError} when it is not what it should be
 */
export function readTrustAnchor(
  files: Files,
  path: string,
  arn: string | undefined,
  nobodys: string,
): TrustAnchorState {
  const members = described(files, path, "trustAnchor");
  if (members === undefined) return { arn: arn ?? nobodys, enabled: true, certificates: certificatesOf(files, path) };
  const data = members.object("source")?.object("sourceData");
  const pem = data?.text("x509CertificateData");
  if (pem === undefined) {
    throw unusable(path, "source.sourceData.x509CertificateData is missing: give the certificate of the private CA");
  }
  return {
    arn: arn ?? members.text("trustAnchorArn") ?? nobodys,
    enabled: members.boolean("enabled") ?? true,
    certificates: naming(path, () => readCertificates(encodeUtf8(pem))),
  };
}

/** Revocation lists of a file, as they are or as the AWS CLI prints them. @throws as {@link readTrustAnchor} */
export function readLists(files: Files, path: string, trustAnchorArn: string): readonly RevocationListState[] {
  const members = described(files, path, "crl");
  const octets: Bytes | undefined = members === undefined
    ? files.readFile(path, MAX_CRL_LENGTH)
    : decodeBase64(members.text("crlData") ?? "*");
  if (octets === undefined) throw unusable(path, "crlData is missing, or not base64");
  const common = {
    arn: members?.text("crlArn") ?? path,
    trustAnchorArn: members?.text("trustAnchorArn") ?? trustAnchorArn,
    enabled: members?.boolean("enabled") ?? true,
  };
  return naming(path, () => readCertificateRevocationLists(octets)).map((list) => ({ ...common, list }));
}

function newProfile(arn: string, roleArn: string, managedPolicies: readonly ManagedPolicyState[]): ProfileState {
  return {
    arn,
    enabled: true,
    roleArns: [roleArn],
    durationSeconds: 3600,
    acceptRoleSessionName: false,
    attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
    managedPolicies,
  };
}

function readProfile(
  members: JsonMembers,
  nobodys: string,
  managedPolicies: readonly ManagedPolicyState[],
): ProfileState {
  const sessionPolicy = members.text("sessionPolicy");
  return {
    arn: members.text("profileArn") ?? nobodys,
    enabled: members.boolean("enabled") ?? true,
    roleArns: members.texts("roleArns") ?? [],
    durationSeconds: members.number("durationSeconds") ?? 3600,
    acceptRoleSessionName: members.boolean("acceptRoleSessionName") ?? false,
    attributeMappings: members.attributeMappings("attributeMappings") ?? DEFAULT_ATTRIBUTE_MAPPINGS,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    managedPolicies,
  };
}

/** A role as IAM describes it, or its trust policy alone. */
function readRole(files: Files, path: string, arn: string | undefined): RoleState {
  const members = describedIn(files, path, "Role");
  const policy = members.document("AssumeRolePolicyDocument") ?? textOf(files, path);
  return {
    arn: arn ?? members.text("Arn") ?? "arn:aws:iam::123456789012:role/Role",
    id: members.text("RoleId") ?? "AROAEXAMPLEEXAMPLE123",
    maxSessionDurationSeconds: members.number("MaxSessionDuration") ?? 3600,
    trustPolicy: naming(path, () => parsePolicy(policy, "trust")),
  };
}

/** A policy, or what IAM prints about one. */
function permissionPolicy(files: Files, path: string): NamedPolicy {
  const members = describedIn(files, path, "PolicyVersion");
  const document = members.document("PolicyDocument") ?? members.document("Document") ?? textOf(files, path);
  const name = members.text("PolicyName") ?? path;
  return { name, document: naming(path, () => parsePolicy(document, "permissions")) };
}

/** A managed policy: `ARN=FILE`, or a file that is its own name. */
function managedPolicy(files: Files, text: string): ManagedPolicyState & { readonly document: string } {
  const equals = text.startsWith("arn:") ? text.indexOf("=") : -1;
  const path = text.slice(equals + 1);
  const document = describedIn(files, path, "PolicyVersion").document("Document") ?? textOf(files, path);
  naming(path, () => parsePolicy(document, "permissions"));
  return { arn: equals < 0 ? path : text.slice(0, equals), document };
}

/** Without one of the managed policies of a profile it cannot be said what its sessions may do. @throws {InputFileError} */
function checkManagedPolicies(profile: JsonMembers, path: string, given: readonly ManagedPolicyState[]): void {
  const missing = profile.texts("managedPolicyArns")?.find((arn) => !given.some((one) => one.arn === arn));
  if (missing === undefined) return;
  throw unusable(path, `it names the managed policy ${missing}: give it as --session-policy ${missing}=FILE`);
}
