/**
 * What CreateSession refuses: minimal set-ups, each one change away from one that is allowed, with the check that fails
 * and the service's answer, word for word.
 *
 * @module
 */

import type { CheckName } from "../../../core/decision/mod.ts";
import { REQUEST_DENIALS } from "./request-denials.ts";
import { type Scene, type SessionSetup, sessionSetup } from "./session-setup.ts";
import { SET_UP_DENIALS } from "./set-up-denials.ts";
import { TRUST_POLICY_DENIALS } from "./trust-policy-denials.ts";

/** A refusal. */
export interface Denial {
  /** What is wrong. */
  readonly name: string;
  /** `request`: only a request can show it, since a question has no signature and no headers. */
  readonly about: "request" | "set-up";
  /** Everything that the decision depends on. */
  readonly setup: SessionSetup;
  /** The first check that fails. */
  readonly check: CheckName;
  /** HTTP status of the answer. */
  readonly status: 400 | 403;
  /** Error code of the answer. */
  readonly code: "ValidationException" | "AccessDeniedException";
  /** Sentence of the answer. */
  readonly message: string;
}

/** A row: what is wrong, the check that fails, the sentence of the answer, and the scene. */
export type DenialRow = readonly [
  name: string,
  check: CheckName,
  message: string,
  scene: () => Scene | Promise<Scene>,
];

/** Makes the table. */
export async function makeDenials(): Promise<readonly Denial[]> {
  return [
    ...await Promise.all(REQUEST_DENIALS.map((row) => makeDenial(row, "request"))),
    ...await Promise.all([...SET_UP_DENIALS, ...TRUST_POLICY_DENIALS].map((row) => makeDenial(row, "set-up"))),
  ];
}

async function makeDenial([name, check, message, scene]: DenialRow, about: Denial["about"]): Promise<Denial> {
  const validation = check === "parameters" || check === "certificate" || check === "chain";
  return {
    name,
    about,
    setup: await sessionSetup(await scene()),
    check,
    status: validation ? 400 : 403,
    code: validation ? "ValidationException" : "AccessDeniedException",
    message,
  };
}
