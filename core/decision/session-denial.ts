/**
 * How one check of the decision refuses: the service's answer, and the real reason for the trace.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";
import { constraintMessage, type ConstraintViolation } from "./constraint-violation.ts";
import type { CheckName, TraceInputs } from "./decision-trace.ts";

/** Error codes of CreateSession that a decision produces. */
export type SessionDenialCode = "AccessDeniedException" | "ValidationException";

/** A refusal on its way from a check to `decideSession`, which turns it into a decision; it goes no further. */
export class SessionDenial extends BaseError<SessionDenialCode> {
  override readonly name: string = "SessionDenial";
  /** The check that refuses. */
  readonly check: CheckName;
  /** The real reason, for the trace. */
  readonly detail: string;
  /** What the check looked at. */
  readonly inputs: TraceInputs;

  /** @param message the service's message, word for word */
  constructor(code: SessionDenialCode, check: CheckName, message: string, detail: string, inputs: TraceInputs = {}) {
    super(code, message);
    this.check = check;
    this.detail = detail;
    this.inputs = inputs;
  }

  /** HTTP status of the answer. */
  get httpStatus(): number {
    return this.code === "ValidationException" ? 400 : 403;
  }
}

/** 403 with one of the service's sentences. */
export function accessDenied(check: CheckName, message: string, detail: string, inputs?: TraceInputs): SessionDenial {
  return new SessionDenial("AccessDeniedException", check, message, detail, inputs);
}

/** 403 `Invalid signature`, the one sentence for everything that is wrong with a signature. */
export function invalidSignature(check: CheckName, detail: string, inputs?: TraceInputs): SessionDenial {
  return accessDenied(check, "Invalid signature", detail, inputs);
}

/** How a check refuses a role: the reason for the trace, and what the service's sentence says about it, if anything. */
export type RefuseRole = (check: CheckName, detail: string, inputs: TraceInputs, reason?: string) => SessionDenial;

/** 400 with a sentence of our own: the service's text for malformed input is not public. */
export function malformed(check: CheckName, message: string, inputs?: TraceInputs): SessionDenial {
  return new SessionDenial("ValidationException", check, message, message, inputs);
}

/** 400 with the broken constraints. */
export function violated(violations: readonly ConstraintViolation[]): SessionDenial {
  const message = constraintMessage(violations);
  return new SessionDenial("ValidationException", "parameters", message, message);
}
