/**
 * The service's refusals: how an error answer is read (rest-json error shapes), classified and told.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";
import { adviceOn } from "./service-advice.ts";
import { clean, failureText, operationText } from "./attempt-text.ts";
import { isThrottling } from "./throttling.ts";

/**
 * - `ERR_SERVICE_ACCESS_DENIED`: AccessDeniedException, of STS AccessDenied; `serviceMessage` says why, `advice` what to do
 * - `ERR_SERVICE_VALIDATION`: ValidationException: a parameter is malformed; of STS ValidationError, MalformedPolicyDocument, PackedPolicyTooLarge
 * - `ERR_SERVICE_RESOURCE_NOT_FOUND`: ResourceNotFoundException
 * - `ERR_SERVICE_THROTTLED`: status 429 or a code of the throttling family, also after every attempt
 * - `ERR_SERVICE_UNAVAILABLE`: status 500 or above, also after every attempt
 * - `ERR_SERVICE_OTHER`: any other answer
 */
export type ServiceErrorCode =
  | "ERR_SERVICE_ACCESS_DENIED"
  | "ERR_SERVICE_VALIDATION"
  | "ERR_SERVICE_RESOURCE_NOT_FOUND"
  | "ERR_SERVICE_THROTTLED"
  | "ERR_SERVICE_UNAVAILABLE"
  | "ERR_SERVICE_OTHER";

/** An error answer, read. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** The service's own code: `AccessDeniedException`; `UnknownError` when it gave none. */
  readonly serviceCode: string;
  /** The service's own message; `UnknownError` when it gave none. */
  readonly serviceMessage: string;
  /** `X-Amzn-RequestId`; empty when it gave none. */
  readonly requestId: string;
  /** Whether the body was what every answer of the service is: a JSON object, of STS an XML document. */
  readonly decoded: boolean;
  /** What to do about it; absent: what is known of CreateSession. */
  readonly advice?: string | undefined;
}

/** What is known about an answer besides itself. */
export interface RefusalContext {
  /** Requests sent so far, this one included. */
  readonly attempts: number;
  /** The limit of attempts, when it is what ended the trying. */
  readonly exhausted?: number;
  /** The service's clock minus ours in milliseconds, 0 when they agree within four minutes. */
  readonly clockSkewMs: number;
  /** The role that AssumeRole was asked for; absent: the call was CreateSession. */
  readonly assumedRoleArn?: string | undefined;
}

/**
 * The service refused. The message has the shape that the AWS SDKs give it
 * (`operation error RolesAnywhere: CreateSession, https response error StatusCode: 403, RequestID: …,
 * AccessDeniedException: …`), with advice behind it in parentheses.
 */
export class ServiceError extends BaseError<ServiceErrorCode> {
  /** The class, also where code is minified. */
  override readonly name: string = "ServiceError";
  /** HTTP status. */
  readonly status: number;
  /** The service's own code: `AccessDeniedException`. */
  readonly serviceCode: string;
  /** The service's own message. */
  readonly serviceMessage: string;
  /** For AWS support; empty when the answer named none. */
  readonly requestId: string;
  /** Requests sent, this one included. */
  readonly attempts: number;
  /** The service's clock minus ours in milliseconds, 0 when they agree within four minutes. */
  readonly clockSkewMs: number;
  /** What to do about it, when the message is one that we know. */
  readonly advice: string | undefined;
  /** The role that AssumeRole was asked for; undefined: the call was CreateSession. */
  readonly assumedRoleArn: string | undefined;

  /** Makes the error of an answer and how it came about. */
  constructor(refusal: Refusal, context: RefusalContext) {
    const advice = "advice" in refusal ? refusal.advice : adviceOn(refusal, context.clockSkewMs);
    const state = `${describe(refusal, context)}${advice ? ` (${advice})` : ""}`;
    super(classify(refusal), failureText(context.assumedRoleArn, state));
    this.status = refusal.status;
    this.serviceCode = refusal.serviceCode;
    this.serviceMessage = refusal.serviceMessage;
    this.requestId = refusal.requestId;
    this.attempts = context.attempts;
    this.clockSkewMs = context.clockSkewMs;
    this.advice = advice;
    this.assumedRoleArn = context.assumedRoleArn;
  }
}

/**
 * Reads an error answer. The code is `X-Amzn-ErrorType`, else the body's `code`, else its `__type`, cut at the first
 * `:` and then behind the first `#`.
 *
 * @param body text of the answer; undefined when it was too long to read
 */
export function readRefusal(
  status: number,
  headers: { get(name: string): string | null },
  body: string | undefined,
): Refusal {
  const members = parseObject(body);
  const named = [headers.get("x-amzn-errortype"), members?.["code"], members?.["__type"]];
  const code = named.find((value): value is string => typeof value === "string" && value !== "");
  const cut = code?.split(":", 1)[0] ?? "";
  const message = Object.entries(members ?? {}).find(([name]) => name.toLowerCase() === "message")?.[1];
  return {
    status,
    serviceCode: clean(cut.slice(cut.indexOf("#") + 1), 100) || UNKNOWN,
    serviceMessage: (typeof message === "string" && clean(message, 1000)) || UNKNOWN,
    requestId: clean(headers.get("x-amzn-requestid") ?? "", 100),
    decoded: members !== undefined,
  };
}

function describe(refusal: Refusal, context: RefusalContext): string {
  const operation = operationText(context.assumedRoleArn, refusal.status, refusal.requestId, context.exhausted);
  const { serviceCode, serviceMessage } = refusal;
  if (!refusal.decoded && serviceCode === UNKNOWN) {
    return `${operation}, deserialization failed, failed to decode response body, the answer is not ${
      context.assumedRoleArn === undefined ? "JSON" : "XML"
    }`;
  }
  return `${operation}, ${Object.hasOwn(MODELLED, serviceCode) ? "" : "api error "}${serviceCode}: ${serviceMessage}`;
}

function classify(refusal: Refusal): ServiceErrorCode {
  const { serviceCode } = refusal;
  const modelled = Object.hasOwn(MODELLED, serviceCode) ? MODELLED[serviceCode] : QUERY_CODES.get(serviceCode);
  if (modelled !== undefined) return modelled;
  if (refusal.status === 429 || isThrottling(refusal.serviceCode)) return "ERR_SERVICE_THROTTLED";
  return refusal.status >= 500 ? "ERR_SERVICE_UNAVAILABLE" : "ERR_SERVICE_OTHER";
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined; // `decoded` tells the caller.
  }
}

const UNKNOWN = "UnknownError";

const MODELLED: Readonly<Record<string, ServiceErrorCode>> = {
  AccessDeniedException: "ERR_SERVICE_ACCESS_DENIED",
  ValidationException: "ERR_SERVICE_VALIDATION",
  ResourceNotFoundException: "ERR_SERVICE_RESOURCE_NOT_FOUND",
};

/** Of STS, whose operations model few errors. */
const QUERY_CODES: ReadonlyMap<string, ServiceErrorCode> = /* @__PURE__ */ new Map([
  ["AccessDenied", "ERR_SERVICE_ACCESS_DENIED"],
  ["ValidationError", "ERR_SERVICE_VALIDATION"],
  ["MalformedPolicyDocument", "ERR_SERVICE_VALIDATION"],
  ["PackedPolicyTooLarge", "ERR_SERVICE_VALIDATION"],
]);
