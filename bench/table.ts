/**
 * Results for people.
 *
 * @module
 */

import { reaches, type Row, type Samples } from "./harness.ts";

/** The rows of one group in one runtime, as lines of equal width. */
export function tableOf(rows: readonly Row[], samples: Samples): string {
  const lines = rows.map((row) => {
    const promise = reaches(row, samples);
    const limit = row.unit === "ops/s" ? "≥" : "≤";
    return [
      row.name,
      `${row.median.toLocaleString("en")} ${row.unit}`,
      `${row.ratio}× ${row.against}`,
      `± ${row.spread}`,
      promise === undefined ? "" : `${promise.met ? "reaches" : "MISSES"} ${limit} ${promise.promised}`,
    ];
  });
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n");
}
