/**
 * Answers of the credential endpoints.
 *
 * @module
 */

import type { PlainAnswer } from "../listeners.ts";

/** Nothing here may be kept by anybody, nor be taken for what it is not. */
const TEXT: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-type": "text/plain; charset=utf-8",
};

const JSON_TYPE: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-type": "application/json",
};

/** A text. Secret: it may be a token. */
export function textAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): PlainAnswer {
  return { status, headers: { ...TEXT, ...headers }, body };
}

/** A JSON text. Secret: it may hold credentials. */
export function jsonAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): PlainAnswer {
  return { status, headers: { ...JSON_TYPE, ...headers }, body };
}

/** A failure as the SDKs read it: `Code` and `Message`. Public: no secret goes into either. */
export function failureAnswer(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): PlainAnswer {
  return jsonAnswer(status, `${JSON.stringify({ Code: code, Message: message })}\n`, headers);
}

/** There is no such path; in Go's words, which the original helper has. */
export function notFoundAnswer(): PlainAnswer {
  return textAnswer(404, "404 page not found\n");
}

/** The path has another method (RFC 9110 §15.5.6). */
export function wrongMethodAnswer(allowed: string): PlainAnswer {
  return textAnswer(405, "", { allow: allowed });
}
