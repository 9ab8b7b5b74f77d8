/**
 * What a decision needs besides request and state, and where it may be stricter than the service is known to be.
 *
 * @module
 */

import type { CryptoProvider } from "../crypto/provider.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import type { Now } from "../ports.ts";

/** How far a client's clock may be off: what SigV4 services commonly allow. */
export const DEFAULT_CLOCK_WINDOW_SECONDS = 300;

/** What a decision needs besides request and state. */
export interface DecisionOptions {
  /** The service's clock. */
  readonly now: Now;
  /** Checks signatures. */
  readonly crypto: CryptoProvider;
  /** Hashes the request; default `portableSha256`. */
  readonly sha256?: Sha256;
  /** How far the request's date may be from the clock, either way; default {@link DEFAULT_CLOCK_WINDOW_SECONDS}. */
  readonly clockWindowSeconds?: number;
  /** What becomes of a session whose certificate has attributes that are no tags; default `"drop"` them. */
  readonly unmappableAttributes?: "drop" | "deny";
  /** Whether an extendedKeyUsage without clientAuth is refused; default `"warn"` in the trace. */
  readonly extendedKeyUsage?: "warn" | "deny";
}

const OPTION_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "now",
  "crypto",
  "sha256",
  "clockWindowSeconds",
  "unmappableAttributes",
  "extendedKeyUsage",
]);

/** Refuses options that do not exist. @throws {TypeError} */
export function checkDecisionOptions(options: DecisionOptions): void {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`decideSession() has no option "${name}"`);
  }
}
