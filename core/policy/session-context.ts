/**
 * Condition keys that every request of a session has.
 *
 * @see IAM user guide, "AWS global condition context keys"
 * @module
 */

import type { SessionTag } from "./attribute-mapping.ts";

/** What a role session is. */
export interface SessionFacts {
  /** The role, path included. */
  readonly roleArn: string;
  /** `{role id}:{session name}`. */
  readonly userId: string;
  /** Its source identity; absent: none. */
  readonly sourceIdentity?: string;
  /** Its tags. */
  readonly tags: readonly SessionTag[];
  /** When it was made, milliseconds since the epoch. */
  readonly issuedMs: number;
}

/** The keys of a session, for `requestContext`. */
export function sessionContext(session: SessionFacts): readonly (readonly [key: string, value: string])[] {
  const { roleArn, userId, sourceIdentity, tags, issuedMs } = session;
  return [
    ["aws:PrincipalArn", roleArn],
    ["aws:PrincipalAccount", roleArn.split(":")[4] ?? ""],
    ["aws:PrincipalType", "AssumedRole"],
    ["aws:PrincipalIsAWSService", "false"],
    ["aws:userid", userId],
    ["aws:TokenIssueTime", contextTime(issuedMs)],
    ...(sourceIdentity === undefined ? [] : [["aws:SourceIdentity", sourceIdentity] as const]),
    ...tags.map(({ key, value }) => [`aws:PrincipalTag/${key}`, value] as const),
  ];
}

/** The keys of the time at which a request is made, milliseconds since the epoch. */
export function timeContext(timeMs: number): readonly (readonly [key: string, value: string])[] {
  return [["aws:CurrentTime", contextTime(timeMs)], ["aws:EpochTime", String(Math.floor(timeMs / 1000))]];
}

/** ISO 8601 in UTC, whole seconds. */
function contextTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+/, "");
}
