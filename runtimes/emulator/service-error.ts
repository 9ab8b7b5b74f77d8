/**
 * Error answers in the shapes of the AWS protocols: rest-json for IAM Roles Anywhere, query (XML) for STS.
 *
 * @module
 */

import { escapeXml } from "./xml.ts";

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

/** An STS error. */
export function xmlFailure(failure: ServiceFailure, requestId: string): Response {
  const type = failure.status < 500 ? "Sender" : "Receiver";
  return xmlAnswer(
    failure.status,
    `<ErrorResponse xmlns="${STS_NAMESPACE}"><Error><Type>${type}</Type><Code>${escapeXml(failure.code)}</Code>` +
      `<Message>${escapeXml(failure.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

/** An STS answer. */
export function xmlAnswer(status: number, body: string, requestId: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`, {
    status,
    headers: { "content-type": "text/xml", "x-amzn-RequestId": requestId },
  });
}

/** The namespace of STS answers. */
export const STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
