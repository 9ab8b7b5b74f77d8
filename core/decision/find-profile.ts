/**
 * Whether the profile lets its clients have the role under the name they ask for.
 *
 * @module
 */

import type { TraceRecorder } from "./decision-trace.ts";
import { accessDenied } from "./session-denial.ts";
import type { SessionParameters } from "./session-parameters.ts";
import type { ProfileState, SessionState } from "./session-state.ts";

/**
 * Finds the profile.
 *
 * @throws {SessionDenial} when it is unknown or disabled, does not list the role, or takes no session name
 */
export function findProfile(
  { profileArn, roleArn, roleSessionName }: SessionParameters,
  state: SessionState,
  trace: TraceRecorder,
): ProfileState {
  const profile = state.profiles.find(({ arn }) => arn === profileArn);
  if (profile === undefined) {
    const message = "Invalid or empty profile provided.";
    throw accessDenied("profile", message, "no profile has this ARN", { profileArn });
  }
  if (!profile.enabled) {
    throw accessDenied("profile", "Profile is disabled", "the profile is disabled", { profileArn });
  }
  trace.pass("profile", "the profile exists and is enabled", { profileArn });

  if (!profile.roleArns.includes(roleArn)) {
    const message = "Requested Role isn't one of those listed in the Profile.";
    const inputs = { roleArn, roleArns: profile.roleArns };
    throw accessDenied("profile-role", message, "the profile does not list the role", inputs);
  }
  trace.pass("profile-role", "the profile lists the role", { roleArn });

  const inputs = { acceptRoleSessionName: profile.acceptRoleSessionName };
  if (roleSessionName === undefined) trace.pass("role-session-name", "no name is asked for", inputs);
  else if (!profile.acceptRoleSessionName) {
    const message = "Not authorized to set roleSessionName.";
    const detail = "the profile does not accept a role session name";
    throw accessDenied("role-session-name", message, detail, { ...inputs, roleSessionName });
  } else trace.pass("role-session-name", "the profile accepts the name", { ...inputs, roleSessionName });
  return profile;
}
