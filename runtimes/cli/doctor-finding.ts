/**
 * What `doctor` finds.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";

/** What a finding is about; the groups of the report, in its order. */
export const FINDING_AREAS = [
  "command line",
  "files",
  "certificate",
  "chain",
  "request",
  "environment",
  "network",
  "service",
] as const;

/** What a finding is about. */
export type FindingArea = (typeof FINDING_AREAS)[number];

/** One thing that was looked at. Public: it holds no secret, and no character that a terminal would act on. */
export interface Finding {
  readonly area: FindingArea;
  /** The check, in words and hyphens. */
  readonly id: string;
  readonly severity: "ok" | "warning" | "error";
  /** What is so. */
  readonly what: string;
  /** Why it matters; absent when it is as it should be. */
  readonly why?: string;
  /** What to do; absent when there is nothing to do. */
  readonly fix?: string;
}

/** Collects findings. */
export class Findings {
  /** All of them in the order in which they were found. */
  readonly list: Finding[] = [];

  /** It is as it should be. */
  ok(area: FindingArea, id: string, what: string, next?: string): void {
    this.#add({ area, id, severity: "ok", what, ...(next === undefined ? {} : { fix: next }) });
  }

  /** It works, perhaps not for long or not everywhere. */
  warning(area: FindingArea, id: string, what: string, why: string, fix: string): void {
    this.#add({ area, id, severity: "warning", what, why, fix });
  }

  /** It does not work. */
  error(area: FindingArea, id: string, what: string, why: string, fix: string): void {
    this.#add({ area, id, severity: "error", what, why, fix });
  }

  /** An error of ours as a finding; errors of others are thrown on: they are mistakes of this program. */
  failure(area: FindingArea, id: string, error: unknown, fix: string): void {
    if (!isCoded(error)) throw error;
    const colon = error.message.indexOf(": ");
    const what = colon < 0 ? error.message : error.message.slice(0, colon);
    this.error(area, id, what, colon < 0 ? error.code : `${error.message.slice(colon + 2)} [${error.code}]`, fix);
  }

  /** How many there are of a severity. */
  count(severity: Finding["severity"]): number {
    return this.list.filter((finding) => finding.severity === severity).length;
  }

  #add(finding: Finding): void {
    const shown = Object.entries(finding).map(([name, text]) => [name, visibleText(text, MAX_TEXT_LENGTH)]);
    this.list.push(Object.fromEntries(shown) as Finding);
  }
}

const MAX_TEXT_LENGTH = 2000;
