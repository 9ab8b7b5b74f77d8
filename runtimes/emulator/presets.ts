/**
 * How strict an emulator is: what belongs together, under three names.
 *
 * @module
 */

import { DECISION_PRESETS, type DecisionPreset } from "../../core/decision/decision-options.ts";

/**
 * - `lenient`: no quotas, no rates, callers of everything but CreateSession are believed, every doubt is settled for
 *   the client
 * - `documented`: every documented quota and rate, every signature verified, doubts settled as the evidence is
 * - `paranoid`: the same, and every doubt is settled against the client
 */
export type PresetName = "lenient" | "documented" | "paranoid";

/** What a preset decides. */
export interface Preset {
  /** `strict`: every signature is verified; `permissive`: callers of everything but CreateSession are believed. */
  readonly authentication: "strict" | "permissive";
  /** Whether there may be no more than fifty trust anchors, and so on. */
  readonly quotas: "enforce" | "ignore";
  /** Whether there may be no more than ten CreateSession a second, and so on. */
  readonly rates: "enforce" | "ignore";
  /** How CreateSession settles what is not known about the service; absent: as documented. */
  readonly decision?: DecisionPreset;
}

/** What an emulator is without a preset: as documented, but no test meets a rate. */
const NO_PRESET: Preset = { authentication: "strict", quotas: "enforce", rates: "ignore" };

/** What a preset's name stands for. @throws {TypeError} for a name that there is not */
export function presetNamed(name: PresetName | undefined): Preset {
  switch (name) {
    case undefined:
      return NO_PRESET;
    case "lenient":
      return {
        authentication: "permissive",
        quotas: "ignore",
        rates: "ignore",
        decision: DECISION_PRESETS.lenient,
      };
    case "documented":
    case "paranoid":
      return { authentication: "strict", quotas: "enforce", rates: "enforce", decision: DECISION_PRESETS[name] };
    default:
      throw new TypeError(`"preset" must be one of lenient, documented, paranoid: ${String(name)}`);
  }
}
