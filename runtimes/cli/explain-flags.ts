/**
 * What `explain` is asked: its flags, and what they come to.
 *
 * @module
 */

import { type Flag, type FlagValues, invalid } from "./flags.ts";
import { missingFlag, requiredFlag, timeFlag } from "./flag-readings.ts";

/** The flags of `explain`. */
export const EXPLAIN_FLAGS: readonly Flag[] = [
  {
    name: "certificate",
    type: "string",
    help: "Certificate file, PEM or DER; certificates behind the first one are sent along",
  },
  { name: "intermediates", type: "string", repeatable: true, help: "File of certificates that are sent along" },
  {
    name: "request",
    type: "string",
    help: "File of a CreateSession request as HTTP/1.1 carries it, instead of --certificate: explains signature and " +
      "clock as well",
  },
  { name: "state", type: "string", help: "State file of anyrole emulator: trust anchors, lists, profiles and roles" },
  {
    name: "trust-anchor",
    type: "string",
    help: "CA certificates, PEM or DER, or what `aws rolesanywhere get-trust-anchor` prints",
  },
  {
    name: "crl",
    type: "string",
    repeatable: true,
    help: "Revocation list, PEM or DER, or what `aws rolesanywhere get-crl` prints; may be given again",
  },
  {
    name: "profile",
    type: "string",
    help: "What `aws rolesanywhere get-profile` prints; default: a new profile that lists the role",
  },
  { name: "role", type: "string", help: "What `aws iam get-role` prints, or the role's trust policy alone" },
  {
    name: "role-policy",
    type: "string",
    repeatable: true,
    help: "Permissions of the role: a policy, or what `aws iam get-role-policy` prints; may be given again",
  },
  {
    name: "session-policy",
    type: "string",
    repeatable: true,
    help: "A managed session policy of the profile, FILE or ARN=FILE; may be given again",
  },
  { name: "trust-anchor-arn", type: "string", help: "Default: that of --trust-anchor, or an ARN that nobody has" },
  { name: "profile-arn", type: "string", help: "Default: that of --profile, or an ARN that nobody has" },
  { name: "role-arn", type: "string", help: "Default: that of --role, or the only role of the profile" },
  { name: "session-duration", type: "integer", help: "Seconds to ask for; default: none" },
  { name: "role-session-name", type: "string", help: "Session name to ask for; default: none" },
  { name: "action", type: "string", help: "Also say whether the session may do this, s3:PutObject for instance" },
  { name: "resource", type: "string", default: "*", help: "ARN of what --action is done to" },
  {
    name: "context",
    type: "string",
    repeatable: true,
    help: "Condition key of --action, as s3:prefix=home/; may be given again",
  },
  { name: "time", type: "string", help: "Time to decide for, as 2026-06-01T12:00:00Z; default: now" },
  {
    name: "preset",
    type: "string",
    default: "documented",
    oneOf: ["lenient", "documented", "paranoid"],
    help: "How to settle what is not known about the service: lenient, documented or paranoid",
  },
  { name: "json", type: "boolean", help: "Print one JSON object" },
];

/** What is to be explained, in words that are understood. */
export interface ExplainRequest {
  /** Who asks: a certificate and what is sent along, or a whole request; files. */
  readonly asker:
    | { readonly certificate: string; readonly intermediates: readonly string[] }
    | { readonly request: string };
  /** What the service knows: its state file, or a file for each thing. */
  readonly known: { readonly state: string } | KnownFiles;
  readonly trustAnchorArn: string | undefined;
  readonly profileArn: string | undefined;
  readonly roleArn: string | undefined;
  /** Seconds; undefined: not asked for. */
  readonly durationSeconds: number | undefined;
  readonly roleSessionName: string | undefined;
  /** What the session would do; undefined: nobody asks. */
  readonly action:
    | { readonly name: string; readonly resource: string; readonly context: readonly ContextEntry[] }
    | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly preset: "lenient" | "documented" | "paranoid";
  readonly json: boolean;
}

/** A condition key and its value. */
export type ContextEntry = readonly [key: string, value: string];

/** Files of what the service knows. */
export interface KnownFiles {
  readonly trustAnchor: string;
  readonly lists: readonly string[];
  readonly profile: string | undefined;
  readonly role: string;
  readonly rolePolicies: readonly string[];
  readonly sessionPolicies: readonly string[];
}

/** Pairs of flags that exclude each other. */
export const EXPLAIN_EXCLUSIVE: readonly (readonly [string, string])[] = [
  ["certificate", "request"],
  ["request", "intermediates"],
  ["request", "session-duration"],
  ["request", "role-session-name"],
  ["state", "trust-anchor"],
  ["state", "crl"],
  ["state", "profile"],
  ["state", "role"],
  ["state", "role-policy"],
  ["state", "session-policy"],
];

/**
 * Reads the flags.
 *
 * @param now milliseconds since the epoch
 * @throws {UsageError} when one is missing, or has no such value
 */
export function readExplainRequest(values: FlagValues, now: number): ExplainRequest {
  const request = values.text("request");
  const state = values.text("state");
  return {
    asker: request === undefined
      ? { certificate: requiredFlag(values, "certificate"), intermediates: values.texts("intermediates") }
      : { request },
    known: state === undefined ? knownFiles(values) : { state },
    trustAnchorArn: values.text("trust-anchor-arn"),
    profileArn: values.text("profile-arn"),
    roleArn: values.text("role-arn"),
    durationSeconds: values.mentioned.has("session-duration") ? values.integer("session-duration") : undefined,
    roleSessionName: values.text("role-session-name"),
    action: actionOf(values),
    time: timeFlag(values, now),
    preset: values.text("preset") as ExplainRequest["preset"],
    json: values.boolean("json"),
  };
}

function knownFiles(values: FlagValues): KnownFiles {
  return {
    trustAnchor: requiredFlag(values, "trust-anchor"),
    lists: values.texts("crl"),
    profile: values.text("profile"),
    role: requiredFlag(values, "role"),
    rolePolicies: values.texts("role-policy"),
    sessionPolicies: values.texts("session-policy"),
  };
}

function actionOf(values: FlagValues): ExplainRequest["action"] {
  const name = values.text("action");
  const context = values.texts("context").map(contextEntry);
  if (name !== undefined) return { name, resource: values.text("resource") ?? "*", context };
  if (context.length > 0 || values.mentioned.has("resource")) throw missingFlag("action");
  return undefined;
}

function contextEntry(text: string): ContextEntry {
  const equals = text.indexOf("=");
  if (equals < 1) throw invalid("context", text, "must be a condition key, = and its value");
  return [text.slice(0, equals), text.slice(equals + 1)];
}
