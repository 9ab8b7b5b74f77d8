/**
 * What the routes of one emulator share.
 *
 * @module
 */

import type { Sha256 } from "../../core/crypto/sha256.ts";
import type { DecisionOptions, SessionState } from "../../core/decision/mod.ts";
import type { Now } from "../../core/ports.ts";
import type { DecisionLog } from "./decision-log.ts";
import type { CredentialVendor } from "./vended-credentials.ts";

/** One emulated service. */
export interface Service {
  readonly state: SessionState;
  readonly decisionOptions: DecisionOptions;
  readonly vendor: CredentialVendor;
  readonly log: DecisionLog;
  readonly now: Now;
  readonly sha256: Sha256;
}
