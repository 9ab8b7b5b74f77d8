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
  | "trust-policy"
  | "duration"
  | "packed-size";

/** What a check looked at, for people and for JSON; never a secret. */
export type TraceInputs = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One line of the trace. */
export interface TraceEntry {
  /** Which check. */
  readonly check: CheckName;
  /** `skip`: not made, because an earlier one failed or this version does not have it; `detail` says which. */
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

/** Collects the trace of one decision. */
export class TraceRecorder {
  readonly #entries: TraceEntry[] = [];

  /** Notes a check that passed. */
  pass(check: CheckName, detail: string, inputs: TraceInputs = {}, warning?: string): void {
    this.#add(check, "pass", detail, inputs, warning);
  }

  /** Notes a check that this version does not make. */
  skip(check: CheckName, detail: string): void {
    this.#add(check, "skip", detail, {});
  }

  /** Notes the check that refused; all checks behind it are skipped. */
  fail(check: CheckName, detail: string, inputs: TraceInputs): void {
    this.#add(check, "fail", detail, inputs);
    const made = new Set(this.#entries.map((entry) => entry.check));
    for (const name of Object.keys(SOURCES) as CheckName[]) {
      if (!made.has(name)) this.#add(name, "skip", `not reached: ${check} failed`, {});
    }
  }

  /** The trace so far, in order. */
  entries(): readonly TraceEntry[] {
    return this.#entries.slice();
  }

  #add(check: CheckName, outcome: TraceEntry["outcome"], detail: string, inputs: TraceInputs, warning?: string): void {
    const source = SOURCES[check];
    this.#entries.push({ check, outcome, detail, inputs, source, ...(warning === undefined ? {} : { warning }) });
  }
}

/** In the order in which the checks are made; the order of signature, anchor and profile is an assumption. */
const SOURCES: { readonly [check in CheckName]: string } = {
  "parameters": "IAM Roles Anywhere API reference, CreateSession",
  "authorization": "IAM Roles Anywhere user guide, Signing process",
  "certificate": "IAM Roles Anywhere user guide, Signing process; RFC 5280 §4.1",
  "chain": "IAM Roles Anywhere user guide, Signing process; IAM Roles Anywhere quotas: five certificates",
  "algorithm": "IAM Roles Anywhere user guide, Signing process",
  "serial": "IAM Roles Anywhere user guide, Signing process",
  "signed-headers": "IAM Roles Anywhere user guide, Signing process; assumption: host must be signed",
  "scope": "IAM Roles Anywhere user guide, Signing process",
  "clock": "assumption: the window is not public; SigV4 services allow five minutes",
  "signature": "IAM Roles Anywhere user guide, Signing process",
  "trust-anchor": "IAM Roles Anywhere user guide, Trust model",
  "path": "RFC 5280 §6.1; IAM Roles Anywhere user guide, Trust model",
  "end-entity": "IAM Roles Anywhere user guide, Trust model: signature verification",
  "revocation": "IAM Roles Anywhere user guide, Revocation",
  "profile": "IAM Roles Anywhere user guide, Profiles",
  "profile-role": "IAM Roles Anywhere user guide, Profiles",
  "role-session-name": "IAM Roles Anywhere API reference, CreateProfile: acceptRoleSessionName",
  "session-name": "IAM Roles Anywhere user guide, Trust model; assumption: padded to an even number of digits",
  "source-identity": "IAM Roles Anywhere user guide, Trust model: source identity",
  "tags": "IAM Roles Anywhere user guide, Attribute mapping; STS API reference, Tag",
  "role": "STS API reference, AssumeRole",
  "trust-policy": "IAM Roles Anywhere user guide, Role trusting",
  "duration": "IAM Roles Anywhere API reference, CreateSession: durationSeconds; STS API reference, AssumeRole",
  "packed-size": "STS API reference, AssumeRole: PackedPolicySize; assumption: fitted to published figures",
};
