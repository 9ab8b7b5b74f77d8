/**
 * What a path is validated against, and how what is absent is filled in.
 *
 * @module
 */

import type { VerifyingProvider } from "../crypto/provider.ts";
import type { Certificate } from "../x509/certificate.ts";
import { ANY_EXTENDED_KEY_USAGE } from "../x509/extensions/extended-key-usage.ts";
import type { KeyUsage } from "../x509/extensions/key-usage.ts";
import { type AlgorithmPolicy, DEFAULT_ALGORITHM_POLICY } from "./algorithm-policy.ts";
import { DEFAULT_PATH_LIMITS, type PathLimits } from "./budget.ts";
import type { KeyCache } from "./key-cache.ts";
import type { PathProfile } from "./path-profile.ts";
import { DEFAULT_POLICY_INPUTS, type PolicyInputs } from "./policies/policy-inputs.ts";
import type { RevocationChecker } from "./revocation/revocation-checker.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** Whether and how certificates are checked for revocation. */
export type RevocationChoice = "skip" | {
  /** Knows what was revoked. */
  readonly checker: RevocationChecker;
  /** What a status that is not known means. */
  readonly unknown: "allow" | "deny";
  /** Every certificate of the path but the anchor, or the end entity alone. */
  readonly depth: "chain" | "end-entity";
};

/** What a path is validated against. */
export interface ValidatePathOptions {
  /**
   * Trust anchors, self-signed or not. Of a certificate everything counts but its signature; {@link trustAnchor} makes
   * anchors of which less does.
   */
  readonly anchors: readonly (Certificate | TrustAnchor)[];
  /** Certificates that may stand between the end entity and an anchor; in any order, with strangers and duplicates. */
  readonly intermediates: readonly Certificate[];
  /** The time to validate for, in milliseconds since the epoch. */
  readonly time: number;
  /** Checks the signatures. */
  readonly crypto: VerifyingProvider;
  /** Whether certificates may have been revoked; there is no default. */
  readonly revocation: RevocationChoice;
  /**
   * The extended key usage, dotted, that the end entity must have, and that no CA above it may lack in an
   * extendedKeyUsage of its own. Default: any.
   */
  readonly purpose?: string;
  /** What the end entity's keyUsage, if it has one, must include. Default: nothing. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Certificate policies (RFC 5280 §6.1.1). What is absent is {@link DEFAULT_POLICY_INPUTS}. */
  readonly policies?: Partial<PolicyInputs>;
  /** Signatures and keys that are accepted. What is absent is {@link DEFAULT_ALGORITHM_POLICY}. */
  readonly algorithms?: Partial<AlgorithmPolicy>;
  /** How many intermediates a path may have, those that a CA issued to itself not counted. Default: any number. */
  readonly maxPathLength?: number;
  /** Rules beyond RFC 5280 that certificates of the path must keep. Default: none. */
  readonly profile?: PathProfile;
  /** What the search may cost; what is absent is {@link DEFAULT_PATH_LIMITS}. */
  readonly limits?: Partial<PathLimits>;
  /** Where imported keys of issuers are kept from one path to the next. Default: nowhere. */
  readonly keys?: KeyCache;
  /** Whether result and error tell everything that was tried. Default: `nothing`. */
  readonly explain?: "nothing" | "tree";
}

/** Options with every default in its place. */
export interface ResolvedOptions {
  readonly time: number;
  readonly crypto: VerifyingProvider;
  readonly revocation: RevocationChoice;
  /** Dotted; undefined: any. */
  readonly purpose: string | undefined;
  readonly keyUsage: readonly KeyUsage[];
  readonly policies: PolicyInputs;
  readonly algorithms: AlgorithmPolicy;
  readonly maxPathLength: number;
  readonly profile: PathProfile | undefined;
  readonly limits: PathLimits;
  readonly keys: KeyCache | undefined;
  readonly explain: boolean;
}

/** Fills in defaults. @throws {TypeError} when an option is unknown or is not what it must be */
export function resolveOptions(options: ValidatePathOptions): ResolvedOptions {
  checkNames(options, OPTION_NAMES, "validatePath()");
  checkRevocation(options.revocation);
  options.anchors.forEach(checkAnchor);
  if (!Number.isFinite(options.time)) throw new TypeError('"time" must be milliseconds since the epoch');
  const { purpose, explain = "nothing", maxPathLength = Infinity } = options;
  if (purpose !== undefined && !/^[0-9]+(?:\.[0-9]+)+$/.test(purpose)) {
    throw new TypeError('"purpose" must be a dotted object identifier');
  }
  if (explain !== "nothing" && explain !== "tree") throw new TypeError('"explain" must be "nothing" or "tree"');
  if (!(maxPathLength >= 0)) throw new TypeError('"maxPathLength" must be a number of intermediates');
  return {
    time: options.time,
    crypto: options.crypto,
    revocation: options.revocation,
    purpose: purpose === ANY_EXTENDED_KEY_USAGE ? undefined : purpose,
    keyUsage: options.keyUsage ?? [],
    policies: withDefaults(options.policies, DEFAULT_POLICY_INPUTS, "policies"),
    algorithms: withDefaults(options.algorithms, DEFAULT_ALGORITHM_POLICY, "algorithms"),
    maxPathLength,
    profile: options.profile,
    limits: withDefaults(options.limits, DEFAULT_PATH_LIMITS, "limits"),
    keys: options.keys,
    explain: explain === "tree",
  };
}

function withDefaults<T extends object>(given: Partial<T> | undefined, defaults: T, name: string): T {
  if (given === undefined) return defaults;
  checkNames(given, new Set(Object.keys(defaults)), `"${name}"`);
  return { ...defaults, ...given };
}

function checkNames(given: object, names: ReadonlySet<string>, what: string): void {
  for (const name in given) if (!names.has(name)) throw new TypeError(`${what} has no option "${name}"`);
}

/** What an anchor does not say is not guessed. */
function checkAnchor(anchor: Certificate | TrustAnchor): void {
  if ("der" in anchor) return;
  for (const rule of [anchor.validity, anchor.constraints]) {
    if (rule !== "enforce" && rule !== "ignore") {
      throw new TypeError('"validity" and "constraints" of an anchor must be "enforce" or "ignore"');
    }
  }
}

function checkRevocation(revocation: RevocationChoice): void {
  if (revocation === "skip") return;
  const sound = typeof revocation === "object" && revocation !== null &&
    typeof revocation.checker?.check === "function" &&
    (revocation.unknown === "allow" || revocation.unknown === "deny") &&
    (revocation.depth === "chain" || revocation.depth === "end-entity");
  if (!sound) throw new TypeError('"revocation" must be "skip" or { checker, unknown, depth }');
  checkNames(revocation, new Set(["checker", "unknown", "depth"]), '"revocation"');
}

const OPTION_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "anchors",
  "intermediates",
  "time",
  "crypto",
  "revocation",
  "purpose",
  "keyUsage",
  "policies",
  "algorithms",
  "maxPathLength",
  "profile",
  "limits",
  "keys",
  "explain",
]);
