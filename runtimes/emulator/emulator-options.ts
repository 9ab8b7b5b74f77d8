/**
 * What an emulator is made of.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import type { AttributeMapping } from "../../core/policy/mod.ts";
import type { Now, Random, Sleep } from "../../core/ports.ts";
import type { ClockSetting } from "./testing/clock.ts";
import type { EventRecord } from "./testing/event-log.ts";
import type { Fault } from "./testing/faults.ts";
import type { PresetName } from "./presets.ts";
import type { Rates } from "./testing/rate-limits.ts";
import type { EmulatorState } from "./store/emulator-store.ts";

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
  /** The trust policy, JSON text; default: IAM Roles Anywhere may assume the role, whatever the certificate. */
  readonly trustPolicy?: string;
  /** Inline policies: JSON texts by name; default none, so that its sessions may do nothing but ask who they are. */
  readonly policies?: Readonly<Record<string, string>>;
}

/** A long-term access key. Secret: its secret access key. */
export interface EmulatorAccessKey {
  /** 16 to 128 letters and digits. */
  readonly accessKeyId: string;
  /** Any text. */
  readonly secretAccessKey: string;
  /** Default `arn:aws:iam::{account}:user/Administrator`. */
  readonly arn?: string;
}

/** Options of `createEmulator`. */
export interface EmulatorOptions {
  /** Trust anchors to begin with. Default none. */
  readonly trustAnchors?: readonly EmulatorTrustAnchor[];
  /** Profiles to begin with. Default none. */
  readonly profiles?: readonly EmulatorProfile[];
  /** Roles to begin with. Default none. */
  readonly roles?: readonly EmulatorRole[];
  /** Access keys that may call everything. Default none. Secret. */
  readonly accessKeys?: readonly EmulatorAccessKey[];
  /** The account of what is created: twelve digits; default `123456789012`. */
  readonly account?: string;
  /** The region of requests whose signature names none; default `us-east-1`. */
  readonly region?: string;
  /**
   * How strict the emulator is, where no other option says it. Default: as `"documented"`, but without rates, so that
   * no test waits.
   */
  readonly preset?: PresetName;
  /** Whether callers of anything but CreateSession must sign; default `"strict"`: they must. */
  readonly authentication?: "strict" | "permissive";
  /** Whether the documented quotas of trust anchors, profiles, lists and tags hold; default `"enforce"`: they do. */
  readonly quotas?: "enforce" | "ignore";
  /** Requests a second by group of operations, in place of the preset's; a group that is absent has no limit. */
  readonly rates?: Rates;
  /** The machine's clock. */
  readonly now: Now;
  /** How the service's clock goes, which is also its `Date` header; default: as the machine's. */
  readonly clock?: ClockSetting;
  /** Failures on demand; default none. */
  readonly faults?: readonly Fault[];
  /**
   * Makes identifiers the same in every run, for tests that compare; default: they are random. Keys, and the access key
   * ids of sessions, are random always.
   */
  readonly seed?: string;
  /** What was kept of an earlier emulator, and keeps what becomes of this one; default: nothing is kept. Secret. */
  readonly state?: EmulatorState;
  /** Host names under which `/_emulator` is shown, besides `localhost` and loopback addresses. Default none. */
  readonly inspectionHosts?: readonly string[];
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
  /** Waits; default: on the platform's timers. */
  readonly sleep?: Sleep;
  /** Told of every record of the event log; default: nobody. */
  readonly onEvent?: (event: EventRecord) => void;
  /** Told of every error that the emulator answers with `InternalFailure`; default: nobody. */
  readonly onError?: (error: unknown) => void;
}

/** What an option is: what `typeof` says, a list, anything, or one of some words. */
export type OptionKind =
  | "string"
  | "number"
  | "boolean"
  | "function"
  | "object"
  | "list"
  | "anything"
  | readonly string[];

/**
 * Refuses a name that the options do not have, and a value of another kind.
 *
 * @throws {TypeError} naming the option
 */
export function checkOptions(what: string, given: object, kinds: Readonly<Record<string, OptionKind>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(kinds, name)) throw new TypeError(`${what} has no option "${name}"`);
    const kind = kinds[name]!;
    if (value === undefined || isOf(kind, value)) continue;
    const wanted = typeof kind === "string" ? `a ${kind}` : kind.map((each) => JSON.stringify(each)).join(" or ");
    throw new TypeError(`"${name}" of ${what} must be ${wanted.replace(/^a (?=o)/, "an ")}`);
  }
}

function isOf(kind: OptionKind, value: unknown): boolean {
  if (typeof kind !== "string") return (kind as readonly unknown[]).includes(value);
  if (kind === "anything") return value !== null;
  if (kind === "list") return Array.isArray(value);
  if (kind === "number") return Number.isFinite(value);
  return typeof value === kind && value !== null;
}

/** Every option of `createEmulator`. */
export const OPTION_KINDS: Readonly<Record<keyof EmulatorOptions, OptionKind>> = {
  trustAnchors: "list",
  profiles: "list",
  roles: "list",
  accessKeys: "list",
  account: "string",
  region: "string",
  preset: "string",
  authentication: ["strict", "permissive"],
  quotas: ["enforce", "ignore"],
  rates: "object",
  now: "function",
  clock: "object",
  faults: "list",
  seed: "string",
  state: "object",
  inspectionHosts: "list",
  crypto: "object",
  random: "function",
  sha256: "object",
  clockWindowSeconds: "number",
  unmappableAttributes: ["drop", "deny"],
  extendedKeyUsage: ["warn", "deny"],
  sleep: "function",
  onEvent: "function",
  onError: "function",
};
