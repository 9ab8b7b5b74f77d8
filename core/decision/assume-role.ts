/**
 * The session that comes of an authorised request, and what STS has to say about it.
 *
 * @module
 */

import {
  mapAttributes,
  type SessionTag,
  type UnmappedAttribute,
  unmappedDiagnostic,
} from "../policy/attribute-mapping.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import type { DecisionOptions } from "./decision-options.ts";
import type { CheckName, TraceInputs, TraceRecorder } from "./decision-trace.ts";
import { packedTagPercent } from "./packed-size.ts";
import { sessionDurationSeconds, sessionExpiration } from "./session-duration.ts";
import { accessDenied, type SessionDenial } from "./session-denial.ts";
import { serialSessionName } from "./session-name.ts";
import type { SessionParameters } from "./session-parameters.ts";
import type { ProfileState, RoleState, SessionState } from "./session-state.ts";
import { sourceIdentity } from "./source-identity.ts";

/** A session that STS agrees to. */
export interface AssumedSession {
  readonly role: RoleState;
  readonly sessionName: string;
  readonly sourceIdentity: string;
  readonly tags: readonly SessionTag[];
  readonly unmapped: readonly UnmappedAttribute[];
  readonly durationSeconds: number;
  readonly expiration: string;
  readonly packedPolicySize: number;
}

/** Most tags of a session. */
const MAX_TAGS = 50;

/** Longest session name of STS, in characters. */
const MAX_SESSION_NAME = 64;

/**
 * Computes the session and applies the limits of STS.
 *
 * @throws {SessionDenial} `Unable to assume role for …`, with what is known about the reason behind it
 */
export function assumeRole(
  certificate: Certificate,
  { roleArn, roleSessionName, durationSeconds: requestedSeconds }: SessionParameters,
  profile: ProfileState,
  state: SessionState,
  nowMs: number,
  options: DecisionOptions,
  trace: TraceRecorder,
): AssumedSession {
  const { tags, unmapped } = mapAttributes(certificate, profile.attributeMappings);
  const dropped = unmapped.length === 0
    ? ""
    : ` Some attributes failed to be mapped into session tags. ${unmappedDiagnostic(unmapped)}`;
  const unable = (check: CheckName, detail: string, inputs: TraceInputs, reason: string = ""): SessionDenial =>
    accessDenied(check, `Unable to assume role for ${roleArn}.${reason}${dropped}`, detail, inputs);

  const sessionName = roleSessionName ?? serialSessionName(certificate.serialNumber);
  if (sessionName.length > MAX_SESSION_NAME) {
    const detail = `the serial number makes a session name of more than ${MAX_SESSION_NAME} characters`;
    throw unable("session-name", detail, { sessionName });
  }
  const origin = roleSessionName === undefined ? "the certificate's serial number" : "the name that was asked for";
  trace.pass("session-name", `the session is named by ${origin}`, { sessionName });

  const identity = sourceIdentity(certificate.subject, certificate.serialNumber);
  if (identity === undefined) {
    const detail = "the common name is longer than 64 characters or cannot be read";
    throw unable("source-identity", detail, { subject: nameText(certificate.subject) });
  }
  trace.pass("source-identity", "the subject makes the source identity", { sourceIdentity: identity });

  const tagInputs = {
    tags: tags.map(({ key, value }) => `${key}=${value}`),
    unmapped: unmapped.map((one) => `${one.certificateField}/${one.specifier}: ${one.reason}`),
  };
  if (tags.length > MAX_TAGS) {
    throw unable("tags", `the mapping makes ${tags.length} tags, STS takes ${MAX_TAGS}`, tagInputs);
  }
  if (unmapped.length > 0 && options.unmappableAttributes === "deny") {
    throw unable("tags", `some attributes are no session tags: ${unmappedDiagnostic(unmapped)}`, tagInputs);
  }
  const warning = unmapped.length === 0 ? undefined : `left out: ${unmappedDiagnostic(unmapped)}`;
  trace.pass("tags", `the certificate makes ${tags.length} session tags`, tagInputs, warning);

  const role = state.roles.find(({ arn }) => arn === roleArn);
  if (role === undefined) throw unable("role", "no role has this ARN", { roleArn });
  const account = accountOf(profile.arn);
  if (accountOf(role.arn) !== account) {
    throw unable("role", "the role is in another account than the profile", { roleArn, profileArn: profile.arn });
  }
  trace.pass("role", "the role exists", { roleArn });
  trace.skip("trust-policy", "trust policies are not evaluated in this version");

  const durationSeconds = sessionDurationSeconds(profile.durationSeconds, requestedSeconds);
  const durationInputs = {
    profileSeconds: profile.durationSeconds,
    ...(requestedSeconds === undefined ? {} : { requestedSeconds }),
    maxSessionDurationSeconds: role.maxSessionDurationSeconds,
    durationSeconds,
  };
  if (durationSeconds > role.maxSessionDurationSeconds) {
    const reason = " The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    throw unable("duration", `${durationSeconds} seconds are more than the role allows`, durationInputs, reason);
  }
  trace.pass("duration", `the session lasts ${durationSeconds} seconds`, durationInputs);

  const packedPolicySize = packedTagPercent(tags);
  if (packedPolicySize > 100) {
    const reason = ` Packed size of session tags consumes ${packedPolicySize}% of allotted space.`;
    throw unable("packed-size", "the session tags do not fit; map fewer attributes", { packedPolicySize }, reason);
  }
  trace.pass("packed-size", "the session tags fit", { packedPolicySize });

  const expiration = sessionExpiration(nowMs, durationSeconds);
  return { role, sessionName, sourceIdentity: identity, tags, unmapped, durationSeconds, expiration, packedPolicySize };
}

/** The account of an ARN: its fifth section. */
function accountOf(arn: string): string | undefined {
  return arn.split(":")[4];
}
