/**
 * What a role's trust policy gets to know about a CreateSession request.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting"; IAM user guide, "AWS global condition context keys"
 * @module
 */

import type { SessionTag } from "../policy/attribute-mapping.ts";
import { type ContextValues, RequestContext, requestContext } from "../policy/request-context.ts";
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
 * What the three actions know between them.
 *
 * Documented are `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalTag/…` and `sts:SourceIdentity`; which of the
 * three actions has them, and that there are the others, is an assumption. The caller is a service: there is no
 * `aws:SourceIp`, `aws:PrincipalArn`, `aws:PrincipalOrgID`, `sts:ExternalId` or `aws:MultiFactorAuthPresent`.
 */
export function sessionContext(
  { trustAnchorArn, sessionName, sourceIdentity, tags }: TrustedSession,
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
    ["aws:TagKeys", tags.map(({ key }) => key)],
    ["sts:SourceIdentity", sourceIdentity],
    ["sts:RoleSessionName", sessionName],
  ];
  for (const { key, value } of tags) entries.push([`aws:PrincipalTag/${key}`, value], [`aws:RequestTag/${key}`, value]);
  return requestContext(entries);
}

/** The context of one action: without what the others alone know. */
export class ActionContext extends RequestContext {
  readonly #session: RequestContext;
  readonly #absent: readonly string[];

  /** @param session what all three know between them */
  constructor(
    session: RequestContext,
    action: TrustPolicyAction,
    { strictStsKeys }: Pick<DecisionPreset, "strictStsKeys">,
  ) {
    super([]);
    this.#session = session;
    this.#absent = action === "sts:TagSession" && strictStsKeys ? ABSENT_STRICTLY : ABSENT[action];
  }

  override get(key: string): ContextValues | undefined {
    return this.#has(key) ? this.#session.get(key) : undefined;
  }

  override keys(): readonly string[] {
    return this.#session.keys().filter((key) => this.#has(key));
  }

  #has(key: string): boolean {
    if (this.#absent.length === 0) return true;
    const lower = key.toLowerCase();
    return !this.#absent.some((prefix) => lower.startsWith(prefix));
  }
}

/** Lower-case beginnings of the keys that an action does not know. */
const ABSENT: { readonly [action in TrustPolicyAction]: readonly string[] } = {
  "sts:AssumeRole": [],
  "sts:SetSourceIdentity": ["aws:requesttag/", "aws:tagkeys", "sts:rolesessionname"],
  "sts:TagSession": ["sts:rolesessionname"],
};
const ABSENT_STRICTLY: readonly string[] = ["sts:rolesessionname", "sts:sourceidentity"];
