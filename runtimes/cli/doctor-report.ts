/**
 * What `doctor` prints.
 *
 * @module
 */

import { type Finding, FINDING_AREAS, type Findings } from "./doctor-finding.ts";

/** For people: a group for each area; ends with a line break. */
export function findingsText(findings: Findings): string {
  const lines = FINDING_AREAS.flatMap((area) => {
    const inside = findings.list.filter((finding) => finding.area === area);
    return inside.length === 0 ? [] : [area, ...inside.flatMap(findingLines)];
  });
  return [...lines, totals(findings), ""].join("\n");
}

function findingLines({ id, severity, what, why, fix }: Finding): readonly string[] {
  return [
    `  ${severity.padEnd(7)}  ${id}: ${what}`,
    ...(why === undefined ? [] : [`           why: ${why}`]),
    ...(fix === undefined ? [] : [`           ${severity === "ok" ? "next" : "fix"}: ${fix}`]),
  ];
}

function totals(findings: Findings): string {
  const word = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`;
  const [errors, warnings] = [findings.count("error"), findings.count("warning")];
  return `${word(errors, "error")}, ${word(warnings, "warning")}, ${findings.count("ok")} ok`;
}

/** One JSON object and a line break. @param more members in front, of which `outcome` replaces the findings' own */
export function findingsJson(findings: Findings, more: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    outcome: findings.count("error") > 0 ? "errors" : findings.count("warning") > 0 ? "warnings" : "ok",
    ...more,
    errors: findings.count("error"),
    warnings: findings.count("warning"),
    findings: findings.list,
  }) + "\n";
}
