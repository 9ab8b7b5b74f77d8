/**
 * Welch's t-test, as dudect uses it for timing leaks (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?",
 * 2017).
 *
 * @module
 */

/** Beyond this, two classes of timings differ: the threshold of dudect and of TVLA. */
export const THRESHOLD = 4.5;

/** Shares of the timings that are kept, from the fastest on: interruptions lengthen some of them, and hide what counts. */
const CROPS: readonly number[] = [1, 0.95, 0.9, 0.75, 0.5];

/**
 * Student's t of two samples whose variances may differ. 0 when neither varies and both are the same, infinity when they
 * are not.
 *
 * @throws {RangeError} when a sample has fewer than two values
 */
export function welchT(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2 || b.length < 2) throw new RangeError("a sample has at least two values");
  const [meanA, varianceA] = moments(a);
  const [meanB, varianceB] = moments(b);
  const difference = meanA - meanB;
  return difference === 0 ? 0 : difference / Math.sqrt(varianceA / a.length + varianceB / b.length);
}

/** The largest |t| over all crops; each crop's limit is one of both samples together, so that it favours neither. */
export function largestT(a: readonly number[], b: readonly number[]): number {
  const both = [...a, ...b].sort((x, y) => x - y);
  return Math.max(...CROPS.map((share) => {
    const limit = both[Math.ceil(both.length * share) - 1]!;
    const kept = (sample: readonly number[]): readonly number[] => sample.filter((value) => value <= limit);
    const [keptA, keptB] = [kept(a), kept(b)];
    // One class is all but cropped away: that is a difference by itself, which the larger crops see.
    return keptA.length < 2 || keptB.length < 2 ? 0 : Math.abs(welchT(keptA, keptB));
  }));
}

function moments(sample: readonly number[]): [mean: number, variance: number] {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, squares / (sample.length - 1)];
}
