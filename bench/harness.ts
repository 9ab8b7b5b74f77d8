/**
 * Timing of things that do the same work, side by side.
 *
 * Machines are noisy and so are absolute times; ratios of things timed in turn, in one process, are not. Each group is
 * warmed up and calibrated until a batch takes long enough to be timed and short enough that most batches are not
 * interrupted by other processes; then, in every round, each contender runs one batch, and the order changes from round
 * to round. A ratio is the median of the rounds' ratios, its spread the distance
 * between their quartiles. The group's first contender runs twice a round: the ratio of it and itself, the control,
 * shows the noise.
 *
 * **Ratio** is this over that, in the row's unit: of two speeds (`ops/s`) above 1 is faster than `against`, of two
 * durations (`ms`) or sizes (`MB`, `B`) above 1 is more. What is held against can also be a fixed figure, a limit; it is no
 * contender, and has no row of its own.
 *
 * No runtime API is used here but the clock that the caller brings, so that the same rounds are run inside Node, Deno
 * and Bun, over loopback against a worker, whose own clock stands still within a request, and with whole processes.
 *
 * @module
 */

import type { Growth } from "./growth.ts";

/** What is told: operations a second, milliseconds each, 10^6 octets, octets each, or Welch's t. */
export type Unit = "ops/s" | "ms" | "MB" | "B" | "|t|";

/** One of the things that are timed. */
export interface Contender {
  readonly name: string;
  /** One operation; a promise is awaited before the next one starts. */
  run(): unknown;
  /** Milliseconds that went into the part of its operations that counts, since the start. Absent: all of it counts. */
  readonly spent?: () => number;
  /** Does so many operations itself and answers how many milliseconds they took; `run` is not called then. */
  readonly batch?: (operations: number) => number | Promise<number>;
}

/** Which contender is held against which. */
export interface Comparison {
  readonly name: string;
  readonly against: string;
  /** The ratio to reach, by runtime: at least it for `ops/s`, at most it for the others. */
  readonly reach?: { readonly [runtime: string]: number };
}

/** What is compared, by name. */
export interface GroupPlan {
  readonly name: string;
  readonly unit: Unit;
  /** Names, the first of which is also the control. */
  readonly contenders: readonly string[];
  readonly comparisons: readonly Comparison[];
  /** Figures to hold contenders against, by name: milliseconds an operation, or 10^6 octets. */
  readonly limits?: { readonly [name: string]: number };
  /** Which contenders do the same work on more and more. */
  readonly growth?: Growth;
  /** At most so many rounds, where one takes long. */
  readonly rounds?: number;
}

/** Contenders that do the same work. */
export interface Group extends Omit<GroupPlan, "contenders"> {
  readonly contenders: readonly Contender[];
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** Least duration of a batch; 0: a batch is one operation. */
  readonly batchMs: number;
  /** Least duration of each contender's warm-up. */
  readonly warmUpMs: number;
  /**
   * The runtime's name. Given: a group of which nothing is promised there has {@link UNPROMISED_SHARE} of the rounds, and
   * half of the warm-up and of the longest time.
   */
  readonly runtime?: string;
  /** A group whose batches have taken so long has no further round, once it had {@link FEWEST_ROUNDS}. Absent: it has all. */
  readonly longestMs?: number;
}

/** Of the rounds, where no figure hangs on them. */
export const UNPROMISED_SHARE: number = 1 / 3;

/** However long a group takes, or little is promised of it, unless fewer are asked for. */
export const FEWEST_ROUNDS = 7;

/** Runs so many operations of a contender and answers how many milliseconds they took. */
export type BatchClock = (contender: string, operations: number) => Promise<number>;

/** What a group's rounds gave: of each contender, milliseconds per operation (or 10^6 octets), round by round. */
export interface Samples extends GroupPlan {
  readonly times: { readonly [contender: string]: readonly number[] };
}

/** One line of the result. */
export interface Row {
  readonly topic: string;
  /** Group and contender. */
  readonly name: string;
  readonly runtime: string;
  /** Of this contender, in `unit`. */
  readonly median: number;
  readonly unit: Unit;
  readonly against: string;
  /** This over that, in `unit`: the median of the rounds. */
  readonly ratio: number;
  /** Distance between the quartiles of the rounds' ratios. */
  readonly spread: number;
  /** How many there were. */
  readonly rounds: number;
  /** The ratio that is promised for this runtime: at least it for `ops/s`, at most it for the others. */
  readonly reach?: number;
}

/** The name under which a group's first contender runs a second time. */
export const CONTROL = "control";

/** The names of a group. */
export function planOf({ contenders, ...rest }: Group): GroupPlan {
  return { ...rest, contenders: contenders.map((contender) => contender.name) };
}

/** A clock for contenders of this process. */
export function inProcessClock(group: Group, now: () => number): BatchClock {
  const byName = new Map(group.contenders.map((contender) => [contender.name, contender]));
  return async (name, operations) => {
    const contender = byName.get(name)!;
    if (contender.batch !== undefined) return await contender.batch(operations);
    const clock = contender.spent ?? now;
    const start = clock();
    await runBatch(contender, operations);
    return clock() - start;
  };
}

/** Runs operations one after the other. What answers at once is never awaited. */
export async function runBatch(contender: Contender, operations: number): Promise<void> {
  for (let left = operations; left > 0; left--) {
    const result = contender.run();
    if (result instanceof Promise) await result;
  }
}

/** Warms up, calibrates and runs the rounds of one group. */
export async function measureGroup(plan: GroupPlan, clock: BatchClock, effort: Effort): Promise<Samples> {
  const [first] = plan.contenders;
  const entrants = [...plan.contenders, CONTROL];
  const timed = (entrant: string, operations: number) => clock(entrant === CONTROL ? first! : entrant, operations);
  const operations = new Map<string, number>();
  const timeShare = isPromised(plan, effort) ? 1 : 0.5;
  const warmUpMs = effort.warmUpMs * timeShare;
  for (const name of plan.contenders) {
    operations.set(name, await calibrate((count) => timed(name, count), { ...effort, warmUpMs }));
  }
  operations.set(CONTROL, operations.get(first!)!);

  const times: Record<string, number[]> = {};
  for (const name of entrants) times[name] = [];
  // One round more than asked for: the first is the last of the warm-up.
  const rounds = roundsOf(plan, effort);
  const longestMs = (effort.longestMs ?? Infinity) * timeShare;
  let spent = 0;
  for (let round = 0; round <= rounds && (round <= FEWEST_ROUNDS || spent < longestMs); round++) {
    // Rotated, and every other round backwards: what one leaves behind, garbage above all, is not always the next one's.
    const order = entrants.map((_, turn) => entrants[(round + turn) % entrants.length]!);
    if (round % 2 === 1) order.reverse();
    for (const name of order) {
      const count = operations.get(name)!;
      const time = await timed(name, count);
      spent += time;
      if (round > 0) times[name]!.push(time / count);
    }
  }
  return { ...plan, times };
}

/** How many rounds a group has at most. */
export function roundsOf(plan: GroupPlan, effort: Effort): number {
  const least = Math.max(Math.ceil(effort.rounds * UNPROMISED_SHARE), FEWEST_ROUNDS);
  return Math.min(effort.rounds, isPromised(plan, effort) ? Infinity : least, plan.rounds ?? Infinity);
}

function isPromised({ comparisons }: GroupPlan, { runtime }: Effort): boolean {
  return runtime === undefined || comparisons.some(({ reach }) => reach?.[runtime] !== undefined);
}

/** Runs ever larger batches for the time of the warm-up; answers how many operations a batch needs. */
async function calibrate(run: (operations: number) => Promise<number>, effort: Effort): Promise<number> {
  let operations = 1;
  let spent = 0;
  for (;;) {
    const time = await run(operations);
    spent += time;
    if (effort.batchMs === 0) return 1;
    const wanted = Math.ceil(operations * Math.min(effort.batchMs / Math.max(time, 0.001), 8));
    if (spent >= effort.warmUpMs && time >= effort.batchMs / 4) return Math.max(1, wanted);
    operations = Math.max(1, wanted);
  }
}

/** Puts the rounds of several processes together. */
export function poolSamples(runs: readonly Samples[]): Samples {
  const times: Record<string, readonly number[]> = {};
  for (const name of Object.keys(runs[0]!.times)) times[name] = runs.flatMap((run) => run.times[name]!);
  return { ...runs[0]!, times };
}

/** The result of a group, the control's row last; what was not timed in rounds has none. */
export function rowsOf(topic: string, runtime: string, samples: Samples): Row[] {
  const { name, unit, times, limits } = samples;
  const control: Comparison[] = times[CONTROL] === undefined
    ? []
    : [{ name: CONTROL, against: samples.contenders[0]! }];
  return [...samples.comparisons, ...control].map((comparison): Row => {
    const these = times[comparison.name]!;
    const ratios = these.map((time, round) => {
      const that = limits?.[comparison.against] ?? times[comparison.against]![round]!;
      return unit === "ops/s" ? that / time : time / that;
    });
    const median = quantile(these, 0.5);
    return {
      topic,
      name: `${name}: ${comparison.name}`,
      runtime,
      median: significant(unit === "ops/s" ? 1000 / median : median),
      unit,
      against: comparison.against,
      ratio: significant(quantile(ratios, 0.5)),
      spread: significant(quantile(ratios, 0.75) - quantile(ratios, 0.25)),
      rounds: these.length,
      ...comparison.reach?.[runtime] === undefined ? {} : { reach: comparison.reach[runtime] },
    };
  });
}

/** Whether a row reaches what is promised; undefined: nothing is. */
export function reaches({ unit, ratio, reach }: Row): boolean | undefined {
  if (reach === undefined) return undefined;
  return unit === "ops/s" ? ratio >= reach : ratio <= reach;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** Four significant digits: more would be noise. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}
