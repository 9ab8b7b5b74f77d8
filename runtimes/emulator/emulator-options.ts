/**
 * What an emulator is made of, and the state of the service that this describes.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { portableSha256, type Sha256 } from "../../core/crypto/sha256.ts";
import type { ProfileState, RoleState, SessionState, TrustAnchorState } from "../../core/decision/mod.ts";
import { type AttributeMapping, DEFAULT_ATTRIBUTE_MAPPINGS, normalizeSpecifier } from "../../core/policy/mod.ts";
import type { Now, Random } from "../../core/ports.ts";
import { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../../core/aws/roles-anywhere-arn.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";

/** A trust anchor as it is given. */
export interface EmulatorTrustAnchor {
  /** `arn:aws:rolesanywhere:{region}:{account}:trust-anchor/{id}`. */
  readonly arn: string;
  /** One or two CA certificates: PEM or DER. */
  readonly certificates: string | Bytes;
  /** Default true; the service's own default is false. */
  readonly enabled?: boolean;
}

/** A profile as it is given. */
export interface EmulatorProfile {
  /** `arn:aws:rolesanywhere:{region}:{account}:profile/{id}`. */
  readonly arn: string;
  /** Roles that may be asked for. */
  readonly roleArns: readonly string[];
  /** 900 to 43,200 seconds; default 3,600. */
  readonly durationSeconds?: number;
  /** Default false. */
  readonly acceptRoleSessionName?: boolean;
  /** Default: everything, as for a new profile of the service. */
  readonly attributeMappings?: readonly AttributeMapping[];
  /** Default true; the service's own default is false. */
  readonly enabled?: boolean;
}

/** A role as it is given. */
export interface EmulatorRole {
  /** `arn:aws:iam::{account}:role/{path}{name}`. */
  readonly arn: string;
  /** 3,600 to 43,200 seconds; default 3,600. */
  readonly maxSessionDurationSeconds?: number;
  /** `AROA` and 17 upper-case letters and digits; default: derived from the ARN. */
  readonly id?: string;
}

/** Options of `createEmulator`. */
export interface EmulatorOptions {
  /** Trust anchors. */
  readonly trustAnchors: readonly EmulatorTrustAnchor[];
  /** Profiles. */
  readonly profiles: readonly EmulatorProfile[];
  /** Roles. */
  readonly roles: readonly EmulatorRole[];
  /** The service's clock; also its `Date` header. */
  readonly now: Now;
  /** Checks signatures and seals session tokens. */
  readonly crypto: CryptoProvider;
  /** Draws identifiers and keys; default: that of `crypto`. */
  readonly random?: Random;
  /** Default `portableSha256`. */
  readonly sha256?: Sha256;
  /** How far a client's clock may be off, either way; default 300 seconds. */
  readonly clockWindowSeconds?: number;
  /** What becomes of sessions whose certificate has attributes that are no tags; default `"drop"` them. */
  readonly unmappableAttributes?: "drop" | "deny";
  /** Whether an extendedKeyUsage without clientAuth is refused; default `"warn"` in the trace. */
  readonly extendedKeyUsage?: "warn" | "deny";
  /** Told of every error that the emulator answers with `InternalFailure`; default: nobody. */
  readonly onError?: (error: unknown) => void;
}

/** Most CA certificates of a trust anchor. */
const MAX_ANCHOR_CERTIFICATES = 2;

/**
 * The state that the options describe.
 *
 * @throws {TypeError} for an unknown option, and for values that the service's own API would refuse
 * @throws {ArnError} for a malformed ARN
 * @throws {CertificateError} for certificates that cannot be read
 */
export function emulatorState(options: EmulatorOptions): SessionState {
  checkNames("createEmulator()", options, OPTION_NAMES);
  return {
    trustAnchors: options.trustAnchors.map(trustAnchorState),
    profiles: options.profiles.map(profileState),
    roles: options.roles.map((role) => roleState(role, options.sha256 ?? portableSha256)),
  };
}

function trustAnchorState(given: EmulatorTrustAnchor): TrustAnchorState {
  checkNames("a trust anchor", given, ["arn", "certificates", "enabled"]);
  parseTrustAnchorArn(given.arn);
  const certificates = readCertificates(given.certificates);
  if (certificates.length > MAX_ANCHOR_CERTIFICATES) {
    throw new TypeError(`"certificates" of a trust anchor holds ${certificates.length}, at most two are accepted`);
  }
  if (!certificates.every((certificate) => certificate.basicConstraints?.ca === true)) {
    throw new TypeError("Incorrect basic constraints for CA certificate");
  }
  return { arn: given.arn, enabled: given.enabled ?? true, certificates };
}

function profileState(given: EmulatorProfile): ProfileState {
  checkNames("a profile", given, [
    "arn",
    "roleArns",
    "durationSeconds",
    "acceptRoleSessionName",
    "attributeMappings",
    "enabled",
  ]);
  parseProfileArn(given.arn);
  given.roleArns.forEach((arn) => parseRoleArn(arn));
  const attributeMappings = given.attributeMappings ?? DEFAULT_ATTRIBUTE_MAPPINGS;
  for (const { certificateField, mappingRules } of attributeMappings) {
    for (const { specifier } of mappingRules) {
      if (normalizeSpecifier(certificateField, specifier) === undefined) {
        throw new TypeError(`"attributeMappings": ${certificateField} has no specifier "${specifier}"`);
      }
    }
  }
  return {
    arn: given.arn,
    enabled: given.enabled ?? true,
    roleArns: given.roleArns,
    durationSeconds: seconds("durationSeconds", given.durationSeconds, 900),
    acceptRoleSessionName: given.acceptRoleSessionName ?? false,
    attributeMappings,
  };
}

function roleState(given: EmulatorRole, sha256: Sha256): RoleState {
  checkNames("a role", given, ["arn", "maxSessionDurationSeconds", "id"]);
  parseRoleArn(given.arn);
  const maxSessionDurationSeconds = seconds("maxSessionDurationSeconds", given.maxSessionDurationSeconds, 3600);
  return { arn: given.arn, id: given.id ?? derivedRoleId(given.arn, sha256), maxSessionDurationSeconds };
}

/** `AROA` and 17 digits of base 32 that belong to this ARN alone. */
function derivedRoleId(arn: string, sha256: Sha256): string {
  const digits = Array.from(sha256.digest(`role id of ${arn}`), (octet) => BASE32[octet & 31]!);
  return `AROA${digits.slice(0, 17).join("")}`;
}

function seconds(name: string, value: number | undefined, least: number): number {
  const chosen = value ?? 3600;
  if (!Number.isInteger(chosen) || chosen < least || chosen > 43_200) {
    throw new RangeError(`"${name}" must be ${least} to 43200 seconds: ${chosen}`);
  }
  return chosen;
}

function checkNames(what: string, given: object, names: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new TypeError(`${what} has no option "${name}"`);
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const OPTION_NAMES: readonly string[] = [
  "trustAnchors",
  "profiles",
  "roles",
  "now",
  "crypto",
  "random",
  "sha256",
  "clockWindowSeconds",
  "unmappableAttributes",
  "extendedKeyUsage",
  "onError",
];
