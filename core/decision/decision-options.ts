/**
 * What a decision needs besides request and state, and how it settles what is not known about the service.
 *
 * @module
 */

import type { VerifyingProvider } from "../crypto/provider.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import type { Now } from "../ports.ts";
import type { DecisionMemory } from "./decision-memory.ts";

/** How far a client's clock may be off: what SigV4 services commonly allow. */
export const DEFAULT_CLOCK_WINDOW_SECONDS = 300;

/**
 * How a decision settles questions that neither AWS's documentation nor observation answers. Each has a default; the
 * trace names the assumption.
 */
export interface DecisionRules {
  /** How far the request's date may be from the clock, either way; default {@link DEFAULT_CLOCK_WINDOW_SECONDS}. */
  readonly clockWindowSeconds?: number;
  /** Whether an extendedKeyUsage without clientAuth is refused; default `"warn"` in the trace. */
  readonly extendedKeyUsage?: "warn" | "deny";
  /** Whether an end entity's RSA key below 2,048 bits is refused; default `"warn"`. Below 1,024 bits it always is. */
  readonly weakRsaKeys?: "warn" | "deny";
  /** Whether keys on P-521 and certificates signed with RSA-PSS are refused; default `"warn"`. */
  readonly uncommonAlgorithms?: "warn" | "deny";
  /**
   * What becomes of a revocation list after its nextUpdate: it is used all the same, which is the default, it is left
   * aside, or certificates whose status it alone could settle are refused.
   */
  readonly expiredCrl?: "honour" | "ignore" | "deny";
  /**
   * What becomes of certificates whose issuer has lists none of which can be believed or understood: they pass, which
   * is the default, or they are refused. A certificate whose issuer has no list passes always.
   */
  readonly unusableCrl?: "ignore" | "deny";
  /** What becomes of a subject with several common names; default `"join"` them with `/`. */
  readonly severalCommonNames?: "join" | "deny";
  /** What becomes of a session whose certificate has attributes that are no tags; default `"drop"` them. */
  readonly unmappableAttributes?: "drop" | "deny";
  /**
   * Whether `sts:SourceIdentity` is in the request context of `sts:AssumeRole` and `sts:SetSourceIdentity` alone;
   * default false: in that of `sts:TagSession` too.
   */
  readonly strictStsKeys?: boolean;
  /** Whether tags that do not fit by the estimate are refused; default `"deny"`. */
  readonly packedSize?: "warn" | "deny";
}

/** What a decision needs besides request and state. */
export interface DecisionOptions extends DecisionRules {
  /** The service's clock. */
  readonly now: Now;
  /** Checks signatures. */
  readonly crypto: VerifyingProvider;
  /** Hashes the request; default `portableSha256`. */
  readonly sha256?: Sha256;
  /** Remembers keys and what was found out about revocation lists from one decision to the next; default: nobody. */
  readonly memory?: DecisionMemory;
}

/** How every doubt is settled that a preset settles. */
export type DecisionPreset = { readonly [name in keyof DecisionRules]-?: NonNullable<DecisionRules[name]> };

/**
 * Rules that belong together: `lenient` settles every doubt for the client, `documented` as the evidence is, which is
 * also what absent options mean, `paranoid` against the client.
 */
export const DECISION_PRESETS: { readonly [name in "lenient" | "documented" | "paranoid"]: DecisionPreset } = {
  lenient: {
    clockWindowSeconds: 900,
    extendedKeyUsage: "warn",
    weakRsaKeys: "warn",
    uncommonAlgorithms: "warn",
    expiredCrl: "ignore",
    unusableCrl: "ignore",
    severalCommonNames: "join",
    unmappableAttributes: "drop",
    strictStsKeys: false,
    packedSize: "warn",
  },
  documented: {
    clockWindowSeconds: DEFAULT_CLOCK_WINDOW_SECONDS,
    extendedKeyUsage: "warn",
    weakRsaKeys: "warn",
    uncommonAlgorithms: "warn",
    expiredCrl: "honour",
    unusableCrl: "ignore",
    severalCommonNames: "join",
    unmappableAttributes: "drop",
    strictStsKeys: false,
    packedSize: "deny",
  },
  paranoid: {
    clockWindowSeconds: DEFAULT_CLOCK_WINDOW_SECONDS,
    extendedKeyUsage: "deny",
    weakRsaKeys: "deny",
    uncommonAlgorithms: "deny",
    expiredCrl: "deny",
    unusableCrl: "deny",
    severalCommonNames: "deny",
    unmappableAttributes: "deny",
    strictStsKeys: true,
    packedSize: "deny",
  },
};

/** The rules of a decision, with the documented ones where it has none. */
export function resolveRules(options: DecisionRules): DecisionPreset {
  const rules: Record<string, unknown> = { ...DECISION_PRESETS.documented };
  for (const name of RULE_NAMES) if (options[name] !== undefined) rules[name] = options[name];
  return rules as unknown as DecisionPreset;
}

/** Refuses options that do not exist, and values that they do not have. @throws {TypeError} */
export function checkDecisionOptions(options: DecisionOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const values = Object.hasOwn(VALUES, name) ? VALUES[name as keyof DecisionRules] : undefined;
    if (values === undefined) {
      if (!OTHER_NAMES.includes(name)) throw new TypeError(`decideSession() has no option "${name}"`);
    } else if (value !== undefined && !(values === "seconds" ? value >= 0 : values.includes(value))) {
      throw new TypeError(`"${name}" of decideSession() has no value ${String(value)}`);
    }
  }
}

const VALUES: { readonly [name in keyof DecisionPreset]: "seconds" | readonly unknown[] } = {
  clockWindowSeconds: "seconds",
  extendedKeyUsage: ["warn", "deny"],
  weakRsaKeys: ["warn", "deny"],
  uncommonAlgorithms: ["warn", "deny"],
  expiredCrl: ["honour", "ignore", "deny"],
  unusableCrl: ["ignore", "deny"],
  severalCommonNames: ["join", "deny"],
  unmappableAttributes: ["drop", "deny"],
  strictStsKeys: [true, false],
  packedSize: ["warn", "deny"],
};

const RULE_NAMES = /* @__PURE__ */ Object.keys(VALUES) as readonly (keyof DecisionRules)[];

const OTHER_NAMES: readonly string[] = ["now", "crypto", "sha256", "memory"];
