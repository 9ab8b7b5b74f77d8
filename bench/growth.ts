/**
 * How a cost grows with the size of what is worked on: its slope in a plot whose axes are both logarithmic.
 *
 * 1 is linear, 0 no growth at all. The slope over all sizes is that of the straight line of least squares through the
 * medians; that of the last step, from the second largest size to the largest, says where it is heading, because what is
 * done once, whatever the size, flattens the beginning.
 *
 * @module
 */

import { quantile, type Samples, significant, type Unit } from "./harness.ts";

/** The contenders of a group that do the same on more and more. */
export interface Growth {
  /** What there is more and more of: `entries`. */
  readonly parameter: string;
  /** How much of it, by contender, from the least to the most. */
  readonly sizes: { readonly [contender: string]: number };
  /** Times are of one of so many operations at once, not of all of them. */
  readonly each?: true;
}

/** The growth of one group in one runtime. */
export interface Slope {
  readonly topic: string;
  /** The group's. */
  readonly name: string;
  readonly runtime: string;
  readonly parameter: string;
  readonly unit: Unit;
  /** Size and cost, which is the median time of all of it in milliseconds, or the memory. */
  readonly points: readonly (readonly [size: number, cost: number])[];
  /** Of the line through all points. */
  readonly slope: number;
  /** Of the last two. */
  readonly lastStep: number;
  /** Whether this is more than linear: {@link WORSE_THAN_LINEAR}. */
  readonly worse: boolean;
}

/** From which slope on a growth is called worse than linear: less is within the noise of medians. */
export const WORSE_THAN_LINEAR = { slope: 1.1, lastStep: 1.2 } as const;

/** The slope of a group; none for a group that does not grow. */
export function slopesOf(topic: string, runtime: string, { name, unit, growth, times }: Samples): Slope[] {
  if (growth === undefined) return [];
  const { parameter, sizes, each } = growth;
  const points = Object.entries(sizes).filter(([, size]) => size > 0).map(([contender, size]) => {
    const cost = quantile(times[contender]!, 0.5) * (each ? size : 1);
    return [size, significant(cost)] as const;
  });
  const slope = slopeOf(points);
  const lastStep = slopeOf(points.slice(-2));
  const worse = slope > WORSE_THAN_LINEAR.slope || lastStep > WORSE_THAN_LINEAR.lastStep;
  return [{
    topic,
    name,
    runtime,
    parameter,
    unit: unit === "ops/s" ? "ms" : unit,
    points,
    slope: significant(slope),
    lastStep: significant(lastStep),
    worse,
  }];
}

/** The slope of the straight line of least squares through the logarithms. @throws {RangeError} for less than two points */
export function slopeOf(points: readonly (readonly [size: number, cost: number])[]): number {
  if (points.length < 2) throw new RangeError("Cannot tell a slope: it takes at least two points");
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(Math.max(cost, Number.MIN_VALUE))] as const);
  const mean = (at: 0 | 1): number => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const over = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return over / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
}
