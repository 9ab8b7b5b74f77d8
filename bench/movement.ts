/**
 * What moved between two results of a topic: ratios, never times, because times are the machine's.
 *
 * A row **moved** when the two ratios are further apart than the noise, which is the largest of
 *
 * - the sum of both rows' spreads: then the middle halves of the rounds are apart, with room between them;
 * - how far the controls of its group strayed from 1, in both results, with their spreads: what a contender over itself
 *   shows is no movement;
 * - a twentieth of the ratio: code that is compiled anew in each process differs by that.
 *
 * @module
 */

import { CONTROL, type Row } from "./harness.ts";

/** The least movement that is told, as a share of the ratio before. */
export const LEAST_SHARE = 0.05;

/** A row of both results. */
export interface Movement {
  readonly before: Row;
  readonly after: Row;
  /** How far apart ratios have to be. */
  readonly noise: number;
  /** `"still"`: within the noise. */
  readonly direction: "better" | "worse" | "still";
}

/** What two results have in common, and what one of them alone has. */
export interface Comparison {
  readonly movements: readonly Movement[];
  /** Rows that are no longer there, in runtimes and topics that were measured again. */
  readonly gone: readonly Row[];
  readonly added: readonly Row[];
}

/** Compares two results, controls aside. */
export function compareResults(before: readonly Row[], after: readonly Row[]): Comparison {
  const rowsBefore = new Map(before.map((row) => [keyOf(row), row]));
  const rowsAfter = new Map(after.map((row) => [keyOf(row), row]));
  const measured = new Set(after.map(({ topic, runtime }) => `${topic} ${runtime}`));
  const movements = [...rowsAfter].flatMap(([key, row]): Movement[] => {
    const other = rowsBefore.get(key);
    if (other === undefined || isControl(row)) return [];
    return [movementOf(other, row, strayed(other, before) + strayed(row, after))];
  });
  return {
    movements,
    gone: [...rowsBefore].filter(([key, { topic, runtime }]) =>
      !rowsAfter.has(key) && measured.has(`${topic} ${runtime}`)
    ).map(([, row]) => row),
    added: [...rowsAfter].filter(([key]) => !rowsBefore.has(key)).map(([, row]) => row),
  };
}

/** A comparison for people: the worse first, then the better, then how many stood still. */
export function comparisonText({ movements, gone, added }: Comparison): string {
  const told = (["worse", "better"] as const).flatMap((direction) =>
    movements.filter((each) => each.direction === direction)
      .sort((a, b) => shareOf(b) - shareOf(a))
      .map(({ before, after, noise }) =>
        `${direction}: ${after.topic}, ${after.runtime}: ${after.name} over ${after.against}: ` +
        `${before.ratio} before, ${after.ratio} now; noise ${Number(noise.toPrecision(2))}`
      )
  );
  const still = movements.filter(({ direction }) => direction === "still").length;
  const named = (what: string, rows: readonly Row[]): string[] =>
    rows.filter((row) => !isControl(row)).map((row) =>
      `${what}: ${row.topic}, ${row.runtime}: ${row.name} over ${row.against}`
    );
  return [
    ...told,
    ...named("gone", gone),
    ...named("new", added),
    `${told.length} of ${movements.length} ratios moved beyond the noise, ${still} did not`,
  ].join("\n");
}

function movementOf(before: Row, after: Row, controls: number): Movement {
  const noise = Math.max(before.spread + after.spread, controls * before.ratio, before.ratio * LEAST_SHARE);
  const difference = after.ratio - before.ratio;
  if (Math.abs(difference) <= noise) return { before, after, noise, direction: "still" };
  const improved = after.unit === "ops/s" ? difference > 0 : difference < 0;
  return { before, after, noise, direction: improved ? "better" : "worse" };
}

/** How far the control of a row's group is from 1; 0 without one. */
function strayed(row: Row, all: readonly Row[]): number {
  const control = all.find((each) =>
    isControl(each) && each.topic === row.topic && each.runtime === row.runtime && groupOf(each) === groupOf(row)
  );
  return control === undefined ? 0 : Math.abs(control.ratio - 1) + control.spread / 2;
}

function shareOf({ before, after }: Movement): number {
  return Math.abs(Math.log(after.ratio / before.ratio));
}

function isControl({ name }: Row): boolean {
  return name.endsWith(`: ${CONTROL}`);
}

/** Names of contenders may have colons, those of groups have none. */
function groupOf({ name }: Row): string {
  return name.slice(0, name.indexOf(": "));
}

function keyOf({ topic, name, runtime, against }: Row): string {
  return JSON.stringify([topic, name, runtime, against]);
}
