/**
 * What `doctor` is asked: the flags of `credential-process`, or a line of a config file that holds them; and what it may
 * know about the service besides.
 *
 * @module
 */

import { CREDENTIAL_PROCESS } from "./commands/credential-process.ts";
import { CREDENTIAL_EXCLUSIONS } from "./flag-tables.ts";
import type { Flag, FlagValues } from "./flags.ts";
import { missingFlag } from "./flag-readings.ts";
import { UsageError } from "./usage-error.ts";

/** Flags that describe the service, and what may be done to find out. */
export const DIAGNOSIS_FLAGS: readonly Flag[] = [
  {
    name: "trust-anchor",
    type: "string",
    help: "CA certificates, PEM or DER, or what `aws rolesanywhere get-trust-anchor` prints: validates the chain",
  },
  {
    name: "crl",
    type: "string",
    repeatable: true,
    help: "Revocation list, PEM or DER, or what `aws rolesanywhere get-crl` prints; may be given again",
  },
  {
    name: "role",
    type: "string",
    help: "What `aws iam get-role` prints, or the role's trust policy alone: with --trust-anchor predicts the answer",
  },
  { name: "profile-file", type: "string", help: "What `aws rolesanywhere get-profile` prints, for the prediction" },
  {
    name: "profile-session-policy",
    type: "string",
    repeatable: true,
    help: "A managed session policy of the profile, FILE or ARN=FILE, for the prediction; may be given again",
  },
  { name: "offline", type: "boolean", help: "Send nothing" },
];

const LINE_FLAGS: readonly Flag[] = [
  { name: "profile", type: "string", help: "Check the credential_process line of this profile of the AWS config file" },
  {
    name: "config-line",
    type: "string",
    secret: true,
    help: "Check this credential_process line, of anyrole or aws_signing_helper",
  },
  { name: "json", type: "boolean", help: "Print one JSON object" },
];

const OWN_FLAGS: readonly Flag[] = /* @__PURE__ */ DIAGNOSIS_FLAGS.concat(LINE_FLAGS);

/** The flags of `credential-process` together with others, which win where the names are the same. */
export function withProcessFlags(others: readonly Flag[]): readonly Flag[] {
  return CREDENTIAL_PROCESS.flags.filter(({ name }) => !others.some((other) => other.name === name)).concat(others);
}

/** The flags of `doctor`. */
export const DOCTOR_FLAGS: readonly Flag[] = /* @__PURE__ */ withProcessFlags(OWN_FLAGS);

/** Pairs that exclude each other. */
export const DOCTOR_EXCLUSIVE: readonly (readonly [string, string])[] = /* @__PURE__ */ CREDENTIAL_EXCLUSIONS.concat(
  [["profile", "config-line"]],
);

/** What is looked at, and how far. */
export interface Diagnosis {
  readonly trustAnchor: string | undefined;
  readonly lists: readonly string[];
  readonly role: string | undefined;
  readonly profileFile: string | undefined;
  readonly sessionPolicies: readonly string[];
  readonly offline: boolean;
}

/** Where the flags of the session come from. Secret: the line. */
export type DoctorSource = { readonly profile: string } | { readonly line: string } | { readonly flags: FlagValues };

/**
 * Reads what may be known about the service.
 *
 * @throws {UsageError} when a flag needs another one
 */
export function readDiagnosis(values: FlagValues): Diagnosis {
  const trustAnchor = values.text("trust-anchor");
  const role = values.text("role");
  const lists = values.texts("crl");
  if (trustAnchor === undefined && (lists.length > 0 || role !== undefined)) throw missingFlag("trust-anchor");
  const profileFile = values.text("profile-file");
  const sessionPolicies = values.texts("profile-session-policy");
  if (role === undefined && (profileFile !== undefined || sessionPolicies.length > 0)) throw missingFlag("role");
  return { trustAnchor, lists, role, profileFile, sessionPolicies, offline: values.boolean("offline") };
}

/**
 * Reads where the flags of the session are.
 *
 * @throws {UsageError} when they are in two places
 */
export function readSource(values: FlagValues): DoctorSource {
  const profile = values.text("profile");
  const line = values.text("config-line");
  if (profile === undefined && line === undefined) return { flags: values };
  // The environment speaks to whoever starts the line, and contradicts nobody.
  const other = [...values.named].find((name) => !OWN_FLAGS.some((flag) => flag.name === name));
  if (other !== undefined) {
    const place = profile === undefined ? "config-line" : "profile";
    throw new UsageError(
      "ERR_USAGE_EXCLUSIVE_FLAGS",
      `--${place} already says where the flags of the session are: --${other} does not go with it`,
    );
  }
  return profile === undefined ? { line: line! } : { profile };
}
