/**
 * Time limits of calls of a service.
 *
 * @module
 */

import type { Abort } from "../ports.ts";
import { limitTime, type TimeLimit } from "../time-limit.ts";
import { SessionError } from "./session-error.ts";

/** Does the work as {@link limitTime} does, and says of work that was aborted without a reason that it is a session's. */
export function withinTime<T>(
  work: (signal: Abort) => Promise<T>,
  limit: Omit<TimeLimit, "aborted">,
): Promise<T> {
  return limitTime(work, { ...limit, aborted });
}

/** Throws the signal's reason when it is aborted. */
export function throwIfAborted(signal: Abort | undefined): void {
  if (signal?.aborted) throw signal.reason ?? aborted();
}

function aborted(): SessionError {
  return new SessionError("ERR_SESSION_ABORTED", "the caller aborted it");
}
