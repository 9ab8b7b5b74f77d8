/**
 * Results for people, in a terminal.
 *
 * @module
 */

import type { Slope } from "./growth.ts";
import { reaches, type Row } from "./harness.ts";

/** The rows of one group in one runtime, as lines of equal width. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const met = reaches(row);
    const limit = row.unit === "ops/s" ? "≥" : "≤";
    return [
      row.name,
      `${row.median.toLocaleString("en")} ${row.unit}`,
      `${row.ratio}× ${row.against}`,
      `± ${row.spread}`,
      met === undefined ? "" : `${met ? "reaches" : "MISSES"} ${limit} ${row.reach}`,
    ];
  });
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n");
}

/** The slopes of one group in one runtime, a line each. */
export function slopeLines(slopes: readonly Slope[]): string {
  return slopes.map(({ name, parameter, slope, lastStep, worse }) =>
    `${name}: grows with ${parameter} to the power of ${slope}, at last ${lastStep}${
      worse ? ", WORSE THAN LINEAR" : ""
    }`
  ).join("\n");
}
