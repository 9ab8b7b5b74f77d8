/**
 * Whether the certificates of a path may have been revoked: what the path validator is told, and what the trace says.
 *
 * @module
 */

import { formatTime } from "../path/checks/validity.ts";
import type { RevocationChecker, RevocationStatus, UnknownStatus } from "../path/revocation/revocation-checker.ts";
import type { RevocationChoice } from "../path/validation-options.ts";
import { nameText } from "../x509/name-text.ts";
import { type AnchorLists, isExpired, makeAnchorLists } from "./anchor-lists.ts";
import type { DecisionContext } from "./decision-context.ts";
import type { DecisionPreset } from "./decision-options.ts";
import type { TraceInputs, TraceRecorder } from "./decision-trace.ts";
import type { RevocationListState, TrustAnchorState } from "./session-state.ts";

/** The check of one path. */
export interface AnchorRevocation {
  /** For the path validator. */
  readonly choice: RevocationChoice;
  /** What it looks at, for the trace. */
  inputs(): TraceInputs;
  /** Notes that no certificate of the path was refused, and the doubts that were met. */
  pass(trace: TraceRecorder): void;
}

/** Prepares the check against the enabled lists of a trust anchor. */
export function anchorRevocation(anchor: TrustAnchorState, context: DecisionContext): AnchorRevocation {
  const { rules, state, nowMs, options: { memory } } = context;
  const make = () => makeAnchorLists(state.crls, anchor.arn, rules.expiredCrl);
  const found = memory?.madeOf(state.crls, `${rules.expiredCrl} ${anchor.arn}`, make) ?? make();
  if (found.lists.length === 0) return NO_LISTS;
  const doubts = new Set<string>();
  const inputs = (): TraceInputs => ({ lists: found.lists.map((one) => listText(one, nowMs)) });
  return {
    choice: { checker: new TolerantChecker(found, rules, doubts), unknown: "deny", depth: "chain" },
    inputs,
    pass(trace) {
      for (const { list } of found.lists) {
        if (isExpired(list, nowMs) && rules.expiredCrl === "honour") {
          doubts.add(
            `the list of "${nameText(list.issuer)}" expired at ${formatTime(list.nextUpdate!)} and is used still`,
          );
        }
      }
      const warning = doubts.size === 0 ? undefined : [...doubts].join("; ");
      trace.pass("revocation", "no list names a certificate of the path", inputs, warning);
    },
  };
}

/** Turns a status that is not known into a good one where the rules say so, and remembers the doubt. */
class TolerantChecker implements RevocationChecker {
  readonly #lists: AnchorLists;
  readonly #rules: DecisionPreset;
  readonly #doubts: Set<string>;

  constructor(lists: AnchorLists, rules: DecisionPreset, doubts: Set<string>) {
    this.#lists = lists;
    this.#rules = rules;
    this.#doubts = doubts;
  }

  async check(...question: Parameters<RevocationChecker["check"]>): Promise<RevocationStatus> {
    const status = await this.#lists.checker.check(...question);
    if (status.status !== "unknown" || this.#denies(status)) return status;
    if (!SILENT.includes(status.code)) {
      this.#doubts.add(`the status of "${nameText(question[0].subject)}" is not known: ${status.why}`);
    }
    return { status: "good" };
  }

  #denies({ code }: UnknownStatus): boolean {
    if (SILENT.includes(code)) return false;
    return code === "expired" ? this.#rules.expiredCrl === "deny" : this.#rules.unusableCrl === "deny";
  }
}

/** There is no list that is about the certificate: it passes. */
const SILENT: readonly UnknownStatus["code"][] = ["no-list", "scope"];

const NO_LISTS: AnchorRevocation = {
  choice: "skip",
  inputs: () => ({ lists: [] }),
  pass: (trace) => trace.pass("revocation", "the trust anchor has no enabled revocation list", { lists: [] }),
};

function listText({ arn, list }: RevocationListState, nowMs: number): string {
  const { issuer, thisUpdate, nextUpdate } = list;
  const end = nextUpdate === undefined
    ? ""
    : ` to ${formatTime(nextUpdate)}${isExpired(list, nowMs) ? ", expired" : ""}`;
  return `${arn}: "${nameText(issuer)}", ${formatTime(thisUpdate)}${end}`;
}
