/**
 * What a role's trust policy gets to know about a CreateSession request.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting"; IAM user guide, "AWS global condition context keys"
 * @module
 */

import type { SessionTag } from "../policy/attribute-mapping.ts";
import { type ContextValues, RequestContext } from "../policy/request-context.ts";
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
 * The context of one action. What it knows is made when a condition asks for it.
 *
 * Documented are `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalTag/…` and `sts:SourceIdentity`; which of the
 * three actions has them, and that there are the others, is an assumption. The caller is a service: there is no
 * `aws:SourceIp`, `aws:PrincipalArn`, `aws:PrincipalOrgID`, `sts:ExternalId` or `aws:MultiFactorAuthPresent`.
 */
export class ActionContext extends RequestContext {
  readonly #session: TrustedSession;
  readonly #nowMs: number;
  /** Lower-case beginnings of the keys that the other actions alone know. */
  readonly #absent: readonly string[];

  /** @param session what all three know between them */
  constructor(
    session: TrustedSession,
    nowMs: number,
    action: TrustPolicyAction,
    { strictStsKeys }: Pick<DecisionPreset, "strictStsKeys">,
  ) {
    super([]);
    this.#session = session;
    this.#nowMs = nowMs;
    this.#absent = action === "sts:TagSession" && strictStsKeys ? ABSENT_STRICTLY : ABSENT[action];
  }

  override get(key: string): ContextValues | undefined {
    const lower = key.toLowerCase();
    if (this.#absent.some((prefix) => lower.startsWith(prefix))) return undefined;
    const prefix = TAG_KEYS.find(([prefix]) => lower.startsWith(prefix))?.[0];
    if (prefix === undefined) return KEYS.get(lower)?.values(this.#session, this.#nowMs);
    const wanted = lower.slice(prefix.length);
    let found: ContextValues | undefined;
    // Tags that differ in case only have one key, and the last counts.
    for (const tag of this.#session.tags) if (tag.key.toLowerCase() === wanted) found = [tag.value];
    return found;
  }

  override keys(): readonly string[] {
    const spellings = Array.from(KEYS.values(), ({ spelling }) => spelling);
    for (const { key } of this.#session.tags) spellings.push(...TAG_KEYS.map(([, spelling]) => spelling + key));
    return spellings.filter((key) => this.get(key) !== undefined);
  }
}

/** Lower-case beginnings of the keys that an action does not know. */
const ABSENT: { readonly [action in TrustPolicyAction]: readonly string[] } = {
  "sts:AssumeRole": [],
  "sts:SetSourceIdentity": ["aws:requesttag/", "aws:tagkeys", "sts:rolesessionname"],
  "sts:TagSession": ["sts:rolesessionname"],
};
const ABSENT_STRICTLY: readonly string[] = ["sts:rolesessionname", "sts:sourceidentity"];

/** A key: how it is spelt, and its values. */
interface KnownKey {
  readonly spelling: string;
  readonly values: (session: TrustedSession, nowMs: number) => ContextValues;
}

/** What every session has, by lower-case key. */
const KEYS: ReadonlyMap<string, KnownKey> = /* @__PURE__ */ knownKeys();

function knownKeys(): ReadonlyMap<string, KnownKey> {
  const keys: readonly (readonly [string, KnownKey["values"]])[] = [
    ["aws:SourceArn", ({ trustAnchorArn }) => [trustAnchorArn]],
    ["aws:SourceAccount", ({ trustAnchorArn }) => [trustAnchorArn.split(":")[4] ?? ""]],
    ["aws:PrincipalServiceName", () => ["rolesanywhere.amazonaws.com"]],
    ["aws:PrincipalIsAWSService", () => ["true"]],
    ["aws:CurrentTime", (_, nowMs) => [`${new Date(nowMs).toISOString().slice(0, 19)}Z`]],
    ["aws:EpochTime", (_, nowMs) => [String(Math.floor(nowMs / 1000))]],
    ["aws:SecureTransport", () => ["true"]],
    ["aws:TagKeys", ({ tags }) => tags.map(({ key }) => key)],
    ["sts:SourceIdentity", ({ sourceIdentity }) => [sourceIdentity]],
    ["sts:RoleSessionName", ({ sessionName }) => [sessionName]],
  ];
  return new Map(keys.map(([spelling, values]) => [spelling.toLowerCase(), { spelling, values }]));
}

/** Beginnings of the keys of tags, lower-case and as they are spelt; what follows is the tag's key. */
const TAG_KEYS: readonly (readonly [lower: string, spelling: string])[] = [
  ["aws:principaltag/", "aws:PrincipalTag/"],
  ["aws:requesttag/", "aws:RequestTag/"],
];
