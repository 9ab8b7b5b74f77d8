/**
 * What `verify` is asked: its flags, and what they come to.
 *
 * @module
 */

import { ANY_EXTENDED_KEY_USAGE, CLIENT_AUTH, SERVER_AUTH } from "../../core/x509/extensions/extended-key-usage.ts";
import { type Flag, type FlagValues, invalid } from "./flags.ts";
import { missingFlag, requiredFlag, timeFlag } from "./flag-readings.ts";

/** Names of extended key usages (RFC 5280 §4.2.1.12). */
const PURPOSES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["any", ANY_EXTENDED_KEY_USAGE],
  ["clientAuth", CLIENT_AUTH],
  ["serverAuth", SERVER_AUTH],
  ["codeSigning", "1.3.6.1.5.5.7.3.3"],
  ["emailProtection", "1.3.6.1.5.5.7.3.4"],
  ["timeStamping", "1.3.6.1.5.5.7.3.8"],
  ["OCSPSigning", "1.3.6.1.5.5.7.3.9"],
]);

/** The flags of `verify`. */
export const VERIFY_FLAGS: readonly Flag[] = [
  {
    name: "certificate",
    type: "string",
    help: "Certificate file, PEM or DER; certificates behind the first one count as intermediates",
  },
  {
    name: "trust-anchor",
    type: "string",
    repeatable: true,
    help: "File of trusted CA certificates, PEM or DER; may be given again",
  },
  {
    name: "intermediates",
    type: "string",
    repeatable: true,
    help: "File of intermediate certificates, PEM or DER, in any order; may be given again",
  },
  {
    name: "crl",
    type: "string",
    repeatable: true,
    help: "Revocation list file of any size, PEM or DER; up to 4 MiB it may hold several; may be given again",
  },
  {
    name: "unknown-revocation",
    type: "string",
    default: "deny",
    oneOf: ["allow", "deny"],
    help: "What it means that no list says whether a certificate is revoked; counts with --crl, or when it is given",
  },
  { name: "time", type: "string", help: "Time to validate for, as 2026-06-01T12:00:00Z; default: now" },
  {
    name: "purpose",
    type: "string",
    default: "any",
    help: "Extended key usage that is required: any, clientAuth, serverAuth, codeSigning, emailProtection, " +
      "timeStamping, OCSPSigning, or a dotted OID",
  },
  {
    name: "profile",
    type: "string",
    default: "rfc5280",
    oneOf: ["rfc5280", "roles-anywhere"],
    help: "rfc5280, or roles-anywhere: what IAM Roles Anywhere demands of certificates besides",
  },
  { name: "explain", type: "boolean", help: "Print every certificate that was tried, and why it was refused" },
  { name: "json", type: "boolean", help: "Print one JSON object" },
];

/** What is to be verified, in words that are understood. */
export interface VerifyRequest {
  /** File of the certificate. */
  readonly certificate: string;
  /** Files of trust anchors, at least one. */
  readonly anchors: readonly string[];
  /** Files of intermediates. */
  readonly intermediates: readonly string[];
  /** Files of revocation lists. */
  readonly lists: readonly string[];
  /** What an unknown status means; undefined: revocation is not checked. */
  readonly unknownRevocation: "allow" | "deny" | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Dotted. */
  readonly purpose: string;
  readonly profile: "rfc5280" | "roles-anywhere";
  readonly explain: boolean;
  readonly json: boolean;
}

/**
 * Reads the flags.
 *
 * @param now milliseconds since the epoch
 * @throws {UsageError} when one is missing, or has no such value
 */
export function readVerifyRequest(values: FlagValues, now: number): VerifyRequest {
  const certificate = requiredFlag(values, "certificate");
  const anchors = values.texts("trust-anchor");
  if (anchors.length === 0) throw missingFlag("trust-anchor");
  const lists = values.texts("crl");
  const checked = lists.length > 0 || values.mentioned.has("unknown-revocation");
  return {
    certificate,
    anchors,
    intermediates: values.texts("intermediates"),
    lists,
    unknownRevocation: !checked ? undefined : values.text("unknown-revocation") === "allow" ? "allow" : "deny",
    time: timeFlag(values, now),
    purpose: purposeOf(values.text("purpose") ?? "any"),
    profile: values.text("profile") === "roles-anywhere" ? "roles-anywhere" : "rfc5280",
    explain: values.boolean("explain"),
    json: values.boolean("json"),
  };
}

function purposeOf(text: string): string {
  const purpose = PURPOSES.get(text) ?? text;
  if (/^[0-2](?:\.(?:0|[1-9][0-9]*))+$/.test(purpose)) return purpose;
  throw invalid("purpose", text, `must be one of ${[...PURPOSES.keys()].join(", ")}, or a dotted OID`);
}
