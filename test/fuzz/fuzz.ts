/**
 * Runs one target on mutated inputs and judges what it does: a value or a coded error, in time.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";
import { encodeBase64 } from "../../core/bytes/base64.ts";
import { Dice, type Material, mutate, type Octets } from "./mutate.ts";

/** A parser of hostile octets. */
export interface FuzzTarget {
  readonly name: string;
  /** What its inputs are made of. */
  readonly material: () => Material | Promise<Material>;
  /** Parses; a value, or a coded error. */
  readonly run: (input: Octets) => unknown;
  /** Milliseconds that one input may take; default {@link LIMIT_MS}. */
  readonly limitMs?: number;
}

/** Something that must not happen. */
export interface Finding {
  readonly what: string;
  /** Number of the input in its sequence. */
  readonly index: number;
  /** Base64. */
  readonly input: string;
}

/** What became of a target. */
export interface FuzzResult {
  readonly inputs: number;
  readonly accepted: number;
  /** Coded errors by their codes. */
  readonly refused: ReadonlyMap<string, number>;
  /** One of each kind. */
  readonly findings: readonly Finding[];
  /** The input that took longest; of the slow ones, the best of three tries counts. */
  readonly slowest: SlowInput;
}

/** An input and its time. */
export interface SlowInput {
  readonly milliseconds: number;
  readonly index: number;
  /** Base64. */
  readonly input: string;
}

/** An input may take so long. */
export const LIMIT_MS = 100;

/** How long to go on, and from where. */
export interface FuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly clock: () => number;
  /** Told of each input before it is parsed. */
  readonly onInput?: (input: Octets) => void;
}

/** Runs the target until the time is over. Unchanged seeds come first. */
export async function fuzz(target: FuzzTarget, { seed, seconds, clock, onInput }: FuzzOptions): Promise<FuzzResult> {
  const material = await target.material();
  const dice = new Dice(seed, target.name);
  const refused = new Map<string, number>();
  const findings = new Map<string, Finding>();
  const limitMs = target.limitMs ?? LIMIT_MS;
  let slowest: SlowInput = { milliseconds: 0, index: 0, input: "" };
  let accepted = 0;
  let index = 0;
  for (const end = clock() + seconds * 1000; clock() < end; index++) {
    const input = material.seeds[index] ?? mutate(material, dice);
    onInput?.(input);
    const find = (what: string): void => {
      // One of a kind: numbers in messages do not make another.
      const kind = what.replace(/\d+/g, "0");
      if (!findings.has(kind)) findings.set(kind, { what, index, input: encodeBase64(input) });
    };
    let took = Infinity;
    // A pause of the collector is not the parser's: the best of three counts.
    for (let attempt = 0; attempt < 3 && took > Math.min(limitMs, slowest.milliseconds); attempt++) {
      const startedAt = clock();
      const outcome = await runOne(target, input);
      took = Math.min(took, clock() - startedAt);
      if (attempt > 0) continue;
      if ("finding" in outcome) find(outcome.finding);
      else if (outcome.code === undefined) accepted++;
      else refused.set(outcome.code, (refused.get(outcome.code) ?? 0) + 1);
    }
    if (took > slowest.milliseconds) slowest = { milliseconds: took, index, input: encodeBase64(input) };
    if (took > limitMs) find(`${took.toFixed(0)} ms for ${input.length} octets, ${limitMs} are allowed`);
  }
  return { inputs: index, accepted, refused, findings: [...findings.values()], slowest };
}

type Outcome = { readonly finding: string } | { readonly code: string | undefined };

async function runOne(target: FuzzTarget, input: Octets): Promise<Outcome> {
  // A parser that writes into its input is a finding too.
  const copy = input.slice();
  try {
    await target.run(copy);
  } catch (error) {
    if (error instanceof BaseError && /^ERR_[A-Z0-9_]+$/.test(error.code)) return { code: error.code };
    const text = error instanceof Error ? (error.stack ?? String(error)).split("\n").slice(0, 4).join(" | ") : error;
    return { finding: `not a coded error: ${String(text)}` };
  }
  for (let i = 0; i < input.length; i++) if (input[i] !== copy[i]) return { finding: "the input was written to" };
  return { code: undefined };
}
