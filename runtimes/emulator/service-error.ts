/**
 * Errors of the services, and their shape in rest-json, the protocol of IAM Roles Anywhere.
 *
 * @module
 */

/** An error of the service: what the client is told. */
export interface ServiceFailure {
  /** HTTP status. */
  readonly status: number;
  /** Error code: `AccessDeniedException`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
}

/** The failure for which there is no other word; says nothing about its cause. */
export const INTERNAL_FAILURE: ServiceFailure = {
  status: 500,
  code: "InternalFailure",
  message: "The request processing has failed because of an unknown error, exception or failure.",
};

/** A rest-json error: the code in a header and in the body, since clients read either. */
export function jsonFailure(failure: ServiceFailure, requestId: string): Response {
  return jsonAnswer(failure.status, { __type: failure.code, message: failure.message }, requestId, {
    "x-amzn-ErrorType": failure.code,
  });
}

/** A rest-json answer. */
export function jsonAnswer(
  status: number,
  body: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "x-amzn-RequestId": requestId, ...headers },
  });
}
