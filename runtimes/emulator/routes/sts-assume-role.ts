/**
 * AssumeRole, also from one role to the next.
 *
 * @see STS API reference, "AssumeRole"
 * @see IAM user guide, "Methods to assume a role", Role chaining; "Monitor and control actions taken with assumed roles"
 * @module
 */

import { parseRoleArn } from "../../../core/aws/roles-anywhere-arn.ts";
import { packedTagPercent } from "../../../core/decision/packed-size.ts";
import { accessDenied, type ContextEntry } from "../access/authorize.ts";
import type { Call } from "../aws-service.ts";
import type { Caller, SessionPolicy } from "../access/caller.ts";
import { managedPolicyDocument } from "../access/managed-policy.ts";
import { ARN, SESSION_NAME, SESSION_POLICY, TAG_KEY, TAGS, wordMember } from "../members/account-members.ts";
import { listMember, structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import type { Tag } from "../members/resource-members.ts";
import { integerMember, textMember } from "../members/scalar-members.ts";
import { readPolicy } from "../access/policy-text.ts";
import type { QueryAnswer, QueryOperation } from "../protocols/query-protocol.ts";
import type { Service } from "../service.ts";
import { refuse } from "../protocols/service-refusal.ts";
import { type SessionTags, sessionTags } from "../access/session-tags.ts";
import type { RoleRecord } from "../store/records.ts";
import { authorizeTrusted } from "../access/trust-permission.ts";

interface Input {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly durationSeconds?: number;
  readonly policy?: string;
  readonly policyArns?: readonly { readonly arn: string }[];
  readonly tags?: readonly Tag[];
  readonly transitiveTagKeys?: readonly string[];
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly serialNumber?: string;
  readonly tokenCode?: string;
}

const INPUT: Member<Input> = /* @__PURE__ */ structureMember<Input>({
  roleArn: ARN,
  roleSessionName: SESSION_NAME,
  durationSeconds: /* @__PURE__ */ integerMember({ least: 900, most: 43_200, from: "text" }),
  policy: SESSION_POLICY,
  policyArns: /* @__PURE__ */ listMember(/* @__PURE__ */ structureMember<{ arn: string }>({ arn: ARN }, ["arn"]), 10),
  tags: TAGS,
  transitiveTagKeys: /* @__PURE__ */ listMember(TAG_KEY, 50),
  externalId: /* @__PURE__ */ textMember({
    least: 2,
    most: 1224,
    pattern: "[\\w+=,.@:\\/-]*",
    matches: (text) => /^[\w+=,.@:/-]*$/.test(text),
  }),
  sourceIdentity: /* @__PURE__ */ wordMember({ least: 2, most: 64 }),
  serialNumber: /* @__PURE__ */ textMember({ least: 9, most: 256 }),
  tokenCode: /* @__PURE__ */ textMember({ least: 6, most: 6, sensitive: true }),
}, ["roleArn", "roleSessionName"]);

/** Makes a session of a role for a caller whom the role trusts. Secret: the answer holds credentials. */
export const ASSUME_ROLE: QueryOperation<Input> = {
  name: "AssumeRole",
  readOnly: false,
  input: INPUT,
  run: assumeRole,
};

/** Longest session that a session can make, whatever its role allows. */
const CHAINED_SECONDS = 3600;

const DEFAULT_SECONDS = 3600;

/** Most characters of the inline policy and the managed ones together. */
const MAX_POLICY_CHARACTERS = 2048;

async function assumeRole(service: Service, call: Call, input: Input): Promise<QueryAnswer> {
  const caller = call.caller!;
  const { roleArn, roleSessionName, durationSeconds = DEFAULT_SECONDS } = input;
  const policies = sessionPolicies(service, input);
  const tags = sessionTags(input.tags ?? [], input.transitiveTagKeys ?? [], caller.session);
  const sourceIdentity = sourceIdentityOf(caller, input);
  if (caller.arn.endsWith(":root")) throw refuse(403, "AccessDenied", "Roles may not be assumed by root accounts.");
  const role = service.store.get("roles", checkedRoleArn(roleArn));
  if (role === undefined) throw accessDenied(caller, "sts:AssumeRole", roleArn);
  authorizeRole(service, call, role, input, tags, sourceIdentity);
  if (input.serialNumber !== undefined || input.tokenCode !== undefined) {
    // The emulator has no MFA devices.
    throw refuse(403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.");
  }
  checkDuration(durationSeconds, caller, role);
  const packedPolicySize = packedTagPercent(tags.tags);
  if (packedPolicySize > 100) {
    throw refuse(
      400,
      "PackedPolicyTooLarge",
      `Packed size of session tags consumes ${packedPolicySize}% of allotted space.`,
    );
  }
  const issuedMs = service.now();
  const expiresMs = Math.floor(issuedMs / 1000) * 1000 + (call.sessionSeconds ?? durationSeconds) * 1000;
  const arn = roleArn.replace(":iam:", ":sts:").replace(/:role\/.*$/, `:assumed-role/${role.name}/${roleSessionName}`);
  const userId = `${role.id}:${roleSessionName}`;
  const credentials = await service.vendor.issue({
    arn,
    userId,
    account: roleArn.split(":")[4]!,
    roleArn,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...tags,
    policies,
    issuedMs,
    expiresMs,
  });
  const expiration = new Date(expiresMs).toISOString().replace(/\.\d+/, "");
  return {
    output: {
      Credentials: {
        AccessKeyId: credentials.accessKeyId,
        SecretAccessKey: credentials.secretAccessKey,
        SessionToken: credentials.sessionToken,
        Expiration: expiration,
      },
      SourceIdentity: sourceIdentity,
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
      PackedPolicySize: tags.tags.length === 0 ? undefined : packedPolicySize,
    },
    logged: {
      credentials: { accessKeyId: credentials.accessKeyId, expiration },
      assumedRoleUser: { assumedRoleId: userId, arn },
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
  };
}

function sessionPolicies(service: Service, { policy, policyArns = [] }: Input): SessionPolicy[] {
  if (policy !== undefined) readPolicy(policy, "permissions");
  let characters = policy?.length ?? 0;
  for (const { arn } of policyArns) {
    const document = managedPolicyDocument(service.store, arn);
    if (document === undefined) {
      throw refuse(400, "ValidationError", `Policy ${arn} does not exist or is not attachable.`);
    }
    characters += document.length;
  }
  if (characters > MAX_POLICY_CHARACTERS) {
    throw refuse(400, "PackedPolicyTooLarge", `The session policies exceed ${MAX_POLICY_CHARACTERS} characters.`);
  }
  return [
    ...(policy === undefined ? [] : [{ name: "inline session policy", document: policy }]),
    ...policyArns.map(({ arn }) => ({ name: arn })),
  ];
}

/** A source identity that was set once stays for all sessions that follow. */
function sourceIdentityOf({ session }: Caller, { sourceIdentity }: Input): string | undefined {
  if (sourceIdentity !== undefined && /^aws:/i.test(sourceIdentity)) {
    throw refuse(400, "ValidationError", "SourceIdentity must not begin with aws:.");
  }
  const set = session?.sourceIdentity;
  if (set !== undefined && sourceIdentity !== undefined && set !== sourceIdentity) {
    throw refuse(403, "AccessDenied", "The source identity that is set on the calling session cannot be changed.");
  }
  return set ?? sourceIdentity;
}

function checkedRoleArn(roleArn: string): string {
  try {
    parseRoleArn(roleArn);
  } catch {
    // Whatever is wrong with it, AWS says no more.
    throw refuse(400, "ValidationError", "Request ARN is invalid");
  }
  return roleArn;
}

/** Each action for itself: setting a source identity and tagging need permissions of their own, inherited ones too. */
function authorizeRole(
  service: Service,
  call: Call,
  role: RoleRecord,
  { roleSessionName, externalId }: Input,
  { tags, transitiveTagKeys }: SessionTags,
  sourceIdentity: string | undefined,
): void {
  const context: ContextEntry[] = [["sts:RoleSessionName", roleSessionName]];
  if (externalId !== undefined) context.push(["sts:ExternalId", externalId]);
  if (sourceIdentity !== undefined) context.push(["sts:SourceIdentity", sourceIdentity]);
  for (const { key, value } of tags) context.push([`aws:RequestTag/${key}`, value]);
  if (tags.length > 0) context.push(["aws:TagKeys", tags.map(({ key }) => key)]);
  if (transitiveTagKeys.length > 0) context.push(["sts:TransitiveTagKeys", transitiveTagKeys]);
  authorizeTrusted(service, call, "sts:AssumeRole", role, context);
  if (sourceIdentity !== undefined) authorizeTrusted(service, call, "sts:SetSourceIdentity", role, context);
  if (tags.length > 0) authorizeTrusted(service, call, "sts:TagSession", role, context);
}

function checkDuration(durationSeconds: number, caller: Caller, role: RoleRecord): void {
  if (caller.kind === "session" && durationSeconds > CHAINED_SECONDS) {
    throw refuse(
      400,
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
  if (durationSeconds > role.maxSessionDurationSeconds) {
    throw refuse(
      400,
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
}
