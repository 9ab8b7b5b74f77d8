/**
 * What a role's trust policy gets to know about a CreateSession request.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting"; IAM user guide, "AWS global condition context keys"
 * @module
 */

import type { SessionTag } from "../policy/attribute-mapping.ts";
import { type RequestContext, requestContext } from "../policy/request-context.ts";
import type { DecisionPreset } from "./decision-options.ts";
import type { TrustPolicyAction } from "./decision-trace.ts";

/** The session that is asked for. */
export interface TrustedSession {
  readonly trustAnchorArn: string;
  readonly sessionName: string;
  readonly sourceIdentity: string;
  readonly tags: readonly SessionTag[];
}

/**
 * The request context of one action.
 *
 * Documented are `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalTag/…` and `sts:SourceIdentity`; which of the
 * three actions has them, and that there are the others, is an assumption. The caller is a service: there is no
 * `aws:SourceIp`, `aws:PrincipalArn`, `aws:PrincipalOrgID`, `sts:ExternalId` or `aws:MultiFactorAuthPresent`.
 */
export function trustContext(
  action: TrustPolicyAction,
  { trustAnchorArn, sessionName, sourceIdentity, tags }: TrustedSession,
  { strictStsKeys }: Pick<DecisionPreset, "strictStsKeys">,
  nowMs: number,
): RequestContext {
  const entries: [key: string, values: string | readonly string[]][] = [
    ["aws:SourceArn", trustAnchorArn],
    ["aws:SourceAccount", trustAnchorArn.split(":")[4] ?? ""],
    ["aws:PrincipalServiceName", "rolesanywhere.amazonaws.com"],
    ["aws:PrincipalIsAWSService", "true"],
    ["aws:CurrentTime", `${new Date(nowMs).toISOString().slice(0, 19)}Z`],
    ["aws:EpochTime", String(Math.floor(nowMs / 1000))],
    ["aws:SecureTransport", "true"],
  ];
  for (const { key, value } of tags) entries.push([`aws:PrincipalTag/${key}`, value]);
  if (action !== "sts:SetSourceIdentity") {
    for (const { key, value } of tags) entries.push([`aws:RequestTag/${key}`, value]);
    entries.push(["aws:TagKeys", tags.map(({ key }) => key)]);
  }
  if (action !== "sts:TagSession" || !strictStsKeys) entries.push(["sts:SourceIdentity", sourceIdentity]);
  if (action === "sts:AssumeRole") entries.push(["sts:RoleSessionName", sessionName]);
  return requestContext(entries);
}
