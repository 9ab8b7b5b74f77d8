/**
 * What the operations of one emulator share.
 *
 * @module
 */

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import type { DecisionOptions, SessionState } from "../../core/decision/mod.ts";
import type { Now, Sleep } from "../../core/ports.ts";
import type { AuthorizationLog } from "./access/authorization-log.ts";
import type { EmulatorClock } from "./testing/clock.ts";
import type { DecisionLog } from "./roles-anywhere/decision-log.ts";
import type { EventLog } from "./testing/event-log.ts";
import type { FaultInjector } from "./testing/faults.ts";
import type { Identifiers } from "./identifiers.ts";
import type { Metrics } from "./testing/metrics.ts";
import type { RateLimits } from "./testing/rate-limits.ts";
import type { EmulatorStore } from "./store/emulator-store.ts";
import type { CredentialVendor } from "./access/vended-credentials.ts";

/** One emulated account. */
export interface Service {
  /** What is kept. */
  readonly store: EmulatorStore;
  /** Twelve digits. */
  readonly account: string;
  /** The region of requests whose signature names none. */
  readonly region: string;
  /** `strict`: every signature is verified; `permissive`: callers of everything but CreateSession are believed. */
  readonly authentication: "strict" | "permissive";
  /** Whether the documented quotas of resources hold. */
  readonly quotas: "enforce" | "ignore";
  /** How sessions are decided. */
  readonly decisionOptions: DecisionOptions;
  /** What decisions are made from, as it is now. */
  readonly sessionState: () => SessionState;
  /** Makes and recognises temporary credentials. */
  readonly vendor: CredentialVendor;
  /** The last decisions. */
  readonly log: DecisionLog;
  /** The last permissions that sessions asked for. */
  readonly authorizations: AuthorizationLog;
  /** What was called. */
  readonly events: EventLog;
  /** How often. */
  readonly metrics: Metrics;
  /** How often it may be called. */
  readonly rates: RateLimits;
  /** Failures on demand. */
  readonly faults: FaultInjector;
  /** Sets the service's clock. */
  readonly clock: EmulatorClock;
  /** The service's clock. */
  readonly now: Now;
  /** Waits, in the machine's time. */
  readonly sleep: Sleep;
  readonly sha256: Sha256;
  readonly crypto: CryptoProvider;
  readonly identifiers: Identifiers;
}
