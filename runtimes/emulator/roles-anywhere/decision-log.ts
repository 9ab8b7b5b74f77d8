/**
 * The last decisions of an emulator, for people who want to know why.
 *
 * @module
 */

import type { SessionDecision, TraceEntry } from "../../../core/decision/mod.ts";

/** One decision, ready for JSON; holds no secret. */
export interface LoggedDecision {
  /** The request id that the client got. */
  readonly requestId: string;
  /** When: ISO 8601, UTC. */
  readonly at: string;
  /** Allowed or refused. */
  readonly outcome: "allow" | "deny";
  /** HTTP status of the answer. */
  readonly httpStatus: number;
  /** Error code; absent when allowed. */
  readonly code?: string;
  /** Error message; absent when allowed. */
  readonly message?: string;
  /** What was granted; absent when refused. */
  readonly session?: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly sourceIdentity: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly durationSeconds: number;
    readonly expiration: string;
    readonly packedPolicySize: number;
  };
  /** Every check. */
  readonly trace: readonly TraceEntry[];
}

/** How many decisions are kept. */
const KEPT = 100;

/** A ring of decisions, the oldest first. */
export class DecisionLog {
  readonly #decisions: LoggedDecision[] = [];

  /** Keeps a decision; the oldest makes room. */
  add(decision: LoggedDecision): void {
    this.#decisions.push(decision);
    if (this.#decisions.length > KEPT) this.#decisions.shift();
  }

  /** The decision that this request led to; undefined when it is not kept. */
  decision(requestId: string): LoggedDecision | undefined {
    return this.#decisions.find((decision) => decision.requestId === requestId);
  }

  /** Forgets all. */
  reset(): void {
    this.#decisions.length = 0;
  }

  /** What is kept, the oldest first. */
  decisions(): readonly LoggedDecision[] {
    return this.#decisions.slice();
  }
}

/** A decision as it is logged. */
export function loggedDecision(decision: SessionDecision, requestId: string, nowMs: number): LoggedDecision {
  const common = { requestId, at: new Date(nowMs).toISOString(), outcome: decision.outcome, trace: decision.trace };
  if (decision.outcome === "deny") {
    const { httpStatus, code, message } = decision;
    return { ...common, httpStatus, code, message };
  }
  const { role, sessionName, sourceIdentity, tags, durationSeconds, expiration, packedPolicySize } = decision;
  return {
    ...common,
    httpStatus: 201,
    session: {
      roleArn: role.arn,
      sessionName,
      sourceIdentity,
      tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
      durationSeconds,
      expiration,
      packedPolicySize,
    },
  };
}
