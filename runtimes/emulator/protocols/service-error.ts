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

/** The answer to what arrived and is no request of HTTP; which service it was meant for, nobody knows. */
export function malformedRequest(status: 400 | 408 | 431): {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
} {
  const [code, message] = MALFORMED[status];
  return {
    headers: { "content-type": "application/json", "x-amzn-ErrorType": code },
    text: JSON.stringify({ __type: code, message }),
  };
}

const MALFORMED: { readonly [status in 400 | 408 | 431]: readonly [code: string, message: string] } = {
  400: ["BadRequestException", "The request is not a request of HTTP/1.1"],
  408: ["RequestTimeoutException", "The request took too long to arrive"],
  431: ["RequestHeaderFieldsTooLargeException", "The header fields are too large"],
};

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
