/**
 * The trace of a decision: every check in the order in which the service is believed to make it, with its outcome,
 * what it looked at, and where the rule comes from.
 *
 * @module
 */

/** One check of CreateSession. */
export type CheckName =
  | "parameters"
  | "authorization"
  | "certificate"
  | "chain"
  | "algorithm"
  | "serial"
  | "signed-headers"
  | "scope"
  | "clock"
  | "signature"
  | "trust-anchor"
  | "path"
  | "end-entity"
  | "revocation"
  | "profile"
  | "profile-role"
  | "role-session-name"
  | "session-name"
  | "source-identity"
  | "tags"
  | "role"
  | "trust-policy-advice"
  | TrustPolicyAction
  | "duration"
  | "session-policy"
  | "packed-size";

/** The actions that a role's trust policy must allow; each is a check of its own. */
export type TrustPolicyAction = "sts:AssumeRole" | "sts:SetSourceIdentity" | "sts:TagSession";

/** What a check looked at, for people and for JSON; never a secret. */
export type TraceInputs = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One line of the trace. */
export interface TraceEntry {
  /** Which check. */
  readonly check: CheckName;
  /** `skip`: not made, because an earlier one failed or there is nothing to check; `detail` says which. */
  readonly outcome: "pass" | "fail" | "skip";
  /** What was found, as one sentence. */
  readonly detail: string;
  /** What it looked at. */
  readonly inputs: TraceInputs;
  /** RFC section, AWS page, or the assumption made where neither says. */
  readonly source: string;
  /** A doubt that does not refuse. */
  readonly warning?: string;
}

/** What takes time to say is said when somebody reads the trace. */
export type Said<T> = T | (() => T);

/** An entry that nobody has read yet. */
interface RecordedCheck {
  readonly check: CheckName;
  readonly outcome: TraceEntry["outcome"];
  readonly detail: Said<string>;
  readonly inputs: Said<TraceInputs>;
  readonly warning: string | undefined;
}

/** Collects the trace of one decision. */
export class TraceRecorder {
  readonly #checks: RecordedCheck[] = [];
  #entries: readonly TraceEntry[] | undefined;

  /** Notes a check that passed. */
  pass(check: CheckName, detail: Said<string>, inputs: Said<TraceInputs> = {}, warning?: string): void {
    this.#checks.push({ check, outcome: "pass", detail, inputs, warning });
  }

  /** Notes a check that there is no reason to make. */
  skip(check: CheckName, detail: string): void {
    this.#checks.push({ check, outcome: "skip", detail, inputs: {}, warning: undefined });
  }

  /** Notes a check that failed, and that others of its kind follow. */
  fail(check: CheckName, detail: string, inputs: TraceInputs): void {
    this.#checks.push({ check, outcome: "fail", detail, inputs, warning: undefined });
  }

  /** Notes the check that refused, unless it is noted; all that were not made are skipped. */
  refuse(check: CheckName, detail: string, inputs: TraceInputs): void {
    if (!this.#checks.some((one) => one.check === check && one.outcome === "fail")) this.fail(check, detail, inputs);
    const made = new Set(this.#checks.map((one) => one.check));
    for (const name of Object.keys(SOURCES) as CheckName[]) {
      if (!made.has(name)) this.skip(name, `not reached: ${check} failed`);
    }
  }

  /** The trace, in order. To be read when the decision is made. */
  entries(): readonly TraceEntry[] {
    return this.#entries ??= this.#checks.map(({ check, outcome, detail, inputs, warning }) => ({
      check,
      outcome,
      detail: typeof detail === "function" ? detail() : detail,
      inputs: typeof inputs === "function" ? inputs() : inputs,
      source: SOURCES[check],
      ...(warning === undefined ? {} : { warning }),
    }));
  }
}

/**
 * In the order in which the checks are made. What is not documented, nor known from observation, is an assumption and
 * says so; where a rule of the decision can settle it otherwise, the rule's name stands in brackets.
 */
const SOURCES: { readonly [check in CheckName]: string } = {
  "parameters": "IAM Roles Anywhere API reference, CreateSession; assumption: framework messages, a parameter " +
    "may stand in query and body if it is the same",
  "authorization": "IAM Roles Anywhere user guide, Signing process; assumption: 403 when it is missing",
  "certificate": "IAM Roles Anywhere user guide, Signing process; RFC 5280 §4.1; assumption: ValidationException " +
    "for what cannot be read",
  "chain": "IAM Roles Anywhere user guide, Signing process; IAM Roles Anywhere quotas: five certificates; " +
    "assumption: ValidationException above them",
  "algorithm": "IAM Roles Anywhere user guide, Signing process",
  "serial": "IAM Roles Anywhere user guide, Signing process",
  "signed-headers": "IAM Roles Anywhere user guide, Signing process; assumption: host must be signed",
  "scope": "IAM Roles Anywhere user guide, Signing process",
  "clock": "assumption: the window is not public, SigV4 services allow five minutes [clockWindowSeconds]",
  "signature": "IAM Roles Anywhere user guide, Signing process",
  "trust-anchor": "IAM Roles Anywhere user guide, Trust model; assumption: looked up after the signature and before " +
    "the profile; 403, not 404, when it is not there",
  "path": "RFC 5280 §6.1; IAM Roles Anywhere user guide, Trust model; assumption: an expired certificate, the " +
    "anchor's included, is refused with this sentence; CAs have RSA keys of 2,048 bits or more",
  "end-entity":
    "IAM Roles Anywhere user guide, Trust model: signature verification; assumption: no extended key usage " +
    "is required [extendedKeyUsage], RSA keys below 2,048 bits [weakRsaKeys], P-521 and RSA-PSS [uncommonAlgorithms] " +
    "are accepted",
  "revocation":
    "IAM Roles Anywhere user guide, Revocation; RFC 5280 §6.3; assumption: intermediates are checked too, " +
    "the entries of all lists are united and any refuses, an expired list counts [expiredCrl], one that cannot be " +
    "believed does not [unusableCrl]",
  "profile": "IAM Roles Anywhere user guide, Profiles",
  "profile-role": "IAM Roles Anywhere user guide, Profiles",
  "role-session-name": "IAM Roles Anywhere API reference, CreateProfile: acceptRoleSessionName",
  "session-name": "IAM Roles Anywhere user guide, Trust model; assumption: padded to an even number of digits, " +
    "without the sign octet",
  "source-identity": "IAM Roles Anywhere user guide, Trust model: source identity; assumption: several common names " +
    "are joined with / [severalCommonNames], more than 64 characters are refused",
  "tags": "IAM Roles Anywhere user guide, Attribute mapping; STS API reference, Tag; assumption: which attribute " +
    "types are mapped and under which names; what is no tag is left out [unmappableAttributes]",
  "role": "STS API reference, AssumeRole",
  "trust-policy-advice": "IAM Roles Anywhere user guide, Attribute mapping; IAM user guide, Condition operators",
  "sts:AssumeRole": "IAM Roles Anywhere user guide, Role trusting; IAM user guide, Policy evaluation logic; " +
    "assumption: which condition keys the request has",
  "sts:SetSourceIdentity": "IAM Roles Anywhere user guide, Role trusting; IAM user guide, Policy evaluation logic; " +
    "assumption: which condition keys the request has",
  "sts:TagSession": "IAM Roles Anywhere user guide, Role trusting; IAM user guide, Policy evaluation logic; " +
    "assumption: which condition keys the request has, sts:SourceIdentity among them [strictStsKeys]",
  "duration": "IAM Roles Anywhere API reference, CreateSession: durationSeconds; STS API reference, AssumeRole",
  "session-policy": "STS API reference, AssumeRole: Policy, PolicyArns; assumption: no reason in the sentence",
  "packed-size": "STS API reference, AssumeRole: PackedPolicySize; assumption: fitted to published figures " +
    "[packedSize]",
};
