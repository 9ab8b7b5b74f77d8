/**
 * The session that comes of an authorised request, and what IAM and STS have to say about it.
 *
 * @module
 */

import {
  mapAttributes,
  type MappedAttributes,
  type SessionTag,
  type UnmappedAttribute,
  unmappedDiagnostic,
} from "../policy/attribute-mapping.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import { checkSessionPolicies, type SessionPolicy } from "./check-session-policies.ts";
import { checkTrustPolicy } from "./check-trust-policy.ts";
import type { DecisionContext } from "./decision-context.ts";
import { packedTagPercent } from "./packed-size.ts";
import { sessionDurationSeconds, sessionExpiration } from "./session-duration.ts";
import { accessDenied, type RefuseRole } from "./session-denial.ts";
import { serialSessionName } from "./session-name.ts";
import type { SessionParameters } from "./session-parameters.ts";
import type { ProfileState, RoleState } from "./session-state.ts";
import { commonNames, sourceIdentity } from "./source-identity.ts";

/** A session that IAM and STS agree to. */
export interface AssumedSession {
  readonly role: RoleState;
  readonly sessionName: string;
  readonly sourceIdentity: string;
  readonly tags: readonly SessionTag[];
  readonly unmapped: readonly UnmappedAttribute[];
  readonly sessionPolicies: readonly SessionPolicy[];
  readonly durationSeconds: number;
  readonly expiration: string;
  readonly packedPolicySize: number;
}

/** Most tags of a session. */
const MAX_TAGS = 50;

/** Longest session name of STS, in characters. */
const MAX_SESSION_NAME = 64;

/**
 * Computes the session, asks the role's trust policy and applies the limits of STS.
 *
 * @throws {SessionDenial} `Unable to assume role for …`, with what is known about the reason behind it
 */
export function assumeRole(
  certificate: Certificate,
  parameters: SessionParameters,
  profile: ProfileState,
  context: DecisionContext,
): AssumedSession {
  const { roleArn } = parameters;
  const mapped = mapAttributes(certificate, profile.attributeMappings);
  const dropped = mapped.unmapped.length === 0
    ? ""
    : ` Some attributes failed to be mapped into session tags. ${unmappedDiagnostic(mapped.unmapped)}`;
  const refuse: RefuseRole = (check, detail, inputs, reason = "") =>
    accessDenied(check, `Unable to assume role for ${roleArn}.${reason}${dropped}`, detail, inputs);

  const sessionName = chooseSessionName(certificate, parameters, context, refuse);
  const identity = chooseSourceIdentity(certificate, context, refuse);
  checkTags(mapped, context, refuse);
  const role = findRole(roleArn, profile, context, refuse);
  const { tags, unmapped } = mapped;
  const { trustAnchorArn } = parameters;
  const session = { trustAnchorArn, sessionName, sourceIdentity: identity, tags };
  checkTrustPolicy(role, profile, session, context, refuse);
  const durationSeconds = checkDuration(parameters, profile, role, context, refuse);
  const sessionPolicies = checkSessionPolicies(profile, context, refuse);
  const packedPolicySize = checkPackedSize(tags, context, refuse);
  const expiration = sessionExpiration(context.nowMs, durationSeconds);
  return {
    role,
    sessionName,
    sourceIdentity: identity,
    tags,
    unmapped,
    sessionPolicies,
    durationSeconds,
    expiration,
    packedPolicySize,
  };
}

function chooseSessionName(
  certificate: Certificate,
  { roleSessionName }: SessionParameters,
  { trace }: DecisionContext,
  refuse: RefuseRole,
): string {
  const sessionName = roleSessionName ?? serialSessionName(certificate.serialNumber);
  if (sessionName.length > MAX_SESSION_NAME) {
    const detail = `the serial number makes a session name of more than ${MAX_SESSION_NAME} characters`;
    throw refuse("session-name", detail, { sessionName });
  }
  const origin = roleSessionName === undefined ? "the certificate's serial number" : "the name that was asked for";
  trace.pass("session-name", `the session is named by ${origin}`, { sessionName });
  return sessionName;
}

function chooseSourceIdentity(
  certificate: Certificate,
  { rules, trace }: DecisionContext,
  refuse: RefuseRole,
): string {
  const names = commonNames(certificate.subject);
  const identity = sourceIdentity(names, certificate.serialNumber);
  const subject = () => nameText(certificate.subject);
  if (identity === undefined) {
    throw refuse("source-identity", "the common name is longer than 64 characters or cannot be read", {
      subject: subject(),
    });
  }
  if (names.length > 1 && rules.severalCommonNames === "deny") {
    throw refuse("source-identity", "the subject has several common names", { subject: subject() });
  }
  const warning = names.length > 1 ? "the subject has several common names, joined with /" : undefined;
  trace.pass("source-identity", "the subject makes the source identity", { sourceIdentity: identity }, warning);
  return identity;
}

function checkTags({ tags, unmapped }: MappedAttributes, { rules, trace }: DecisionContext, refuse: RefuseRole): void {
  const inputs = () => ({
    tags: tags.map(({ key, value }) => `${key}=${value}`),
    unmapped: unmapped.map((one) => `${one.certificateField}/${one.specifier}: ${one.reason}`),
  });
  if (tags.length > MAX_TAGS) {
    throw refuse("tags", `the mapping makes ${tags.length} tags, STS takes ${MAX_TAGS}`, inputs());
  }
  if (unmapped.length > 0 && rules.unmappableAttributes === "deny") {
    throw refuse("tags", `some attributes are no session tags: ${unmappedDiagnostic(unmapped)}`, inputs());
  }
  const warning = unmapped.length === 0 ? undefined : `left out: ${unmappedDiagnostic(unmapped)}`;
  trace.pass("tags", `the certificate makes ${tags.length} session tags`, inputs, warning);
}

function findRole(
  roleArn: string,
  profile: ProfileState,
  { state, trace }: DecisionContext,
  refuse: RefuseRole,
): RoleState {
  const role = state.roles.find(({ arn }) => arn === roleArn);
  if (role === undefined) throw refuse("role", "no role has this ARN", { roleArn });
  if (accountOf(role.arn) !== accountOf(profile.arn)) {
    const detail = "the role is in another account than the profile";
    throw refuse("role", detail, { roleArn, profileArn: profile.arn });
  }
  trace.pass("role", "the role exists", { roleArn });
  return role;
}

function checkDuration(
  { durationSeconds: requestedSeconds }: SessionParameters,
  profile: ProfileState,
  role: RoleState,
  { trace }: DecisionContext,
  refuse: RefuseRole,
): number {
  const durationSeconds = sessionDurationSeconds(profile.durationSeconds, requestedSeconds);
  const inputs = {
    profileSeconds: profile.durationSeconds,
    ...(requestedSeconds === undefined ? {} : { requestedSeconds }),
    maxSessionDurationSeconds: role.maxSessionDurationSeconds,
    durationSeconds,
  };
  if (durationSeconds > role.maxSessionDurationSeconds) {
    const reason = " The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    throw refuse("duration", `${durationSeconds} seconds are more than the role allows`, inputs, reason);
  }
  trace.pass("duration", `the session lasts ${durationSeconds} seconds`, inputs);
  return durationSeconds;
}

function checkPackedSize(
  tags: readonly SessionTag[],
  { rules, trace }: DecisionContext,
  refuse: RefuseRole,
): number {
  const packedPolicySize = packedTagPercent(tags);
  const full = packedPolicySize > 100;
  const detail = "the session tags do not fit; map fewer attributes";
  if (full && rules.packedSize === "deny") {
    const reason = ` Packed size of session tags consumes ${packedPolicySize}% of allotted space.`;
    throw refuse("packed-size", detail, { packedPolicySize }, reason);
  }
  trace.pass("packed-size", "the session tags fit", { packedPolicySize }, full ? detail : undefined);
  return packedPolicySize;
}

/** The account of an ARN: its fifth section. */
function accountOf(arn: string): string | undefined {
  return arn.split(":")[4];
}
