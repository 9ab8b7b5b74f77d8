/**
 * What every check of one decision shares.
 *
 * @module
 */

import type { DecisionOptions, DecisionPreset } from "./decision-options.ts";
import type { TraceRecorder } from "./decision-trace.ts";
import type { SessionState } from "./session-state.ts";

/** What every check of one decision shares. */
export interface DecisionContext {
  readonly options: DecisionOptions;
  /** The rules, every one of them. */
  readonly rules: DecisionPreset;
  readonly state: SessionState;
  /** The service's time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly trace: TraceRecorder;
}
