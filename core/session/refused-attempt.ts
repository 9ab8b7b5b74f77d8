/**
 * What a refusal means: the error, and whether to try again. Apart from the call, because a session that is granted has
 * nothing to explain.
 *
 * @module
 */

import type { FetchResponse } from "../ports.ts";
import { isRetryable } from "./retry.ts";
import { readRefusal, type RefusalContext, ServiceError } from "./service-error.ts";

/**
 * Reads an error answer.
 *
 * @param body text of the answer; undefined when it was too long to read
 * @param last the limit of attempts, when this was the last one that it allows
 */
export function judgeRefusal(
  { status, headers }: FetchResponse,
  body: string | undefined,
  context: Omit<RefusalContext, "exhausted">,
  last: number | undefined,
): { readonly error: ServiceError; readonly retryable: boolean } {
  const refusal = readRefusal(status, headers, body);
  const retryable = isRetryable(refusal);
  const exhausted = retryable && last !== undefined ? { exhausted: last } : {};
  return { error: new ServiceError(refusal, { ...context, ...exhausted }), retryable };
}
