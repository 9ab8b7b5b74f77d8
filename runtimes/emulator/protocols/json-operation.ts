/**
 * Operations of the JSON protocol (AWS JSON 1.1): one path, the operation in `X-Amz-Target`, all input in the body.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 * @module
 */

import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { constraintMessage, type ConstraintViolation } from "../../../core/decision/constraint-violation.ts";
import { authorize } from "../access/authorize.ts";
import type { Call, Operation } from "../aws-service.ts";
import { loggedValue, type Member } from "../members/member.ts";
import { refuse, type ServiceRefusal } from "./service-refusal.ts";
import type { ServiceFailure } from "./service-error.ts";
import type { Service } from "../service.ts";

/** An operation that is called by its target. */
export interface JsonOperation<T extends object> {
  /** `DescribeCertificateAuthority`. */
  readonly name: string;
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
  /** Members of the input. */
  readonly input: Member<T>;
  /** ARN of the resource that permission is needed for; absent: `*`. */
  resource?(input: T): string;
  /**
   * Does it.
   *
   * @returns members of the output; undefined: it has none
   * @throws {ServiceRefusal} when the service refuses
   */
  run(service: Service, call: Call, input: T): object | undefined | Promise<object | undefined>;
}

/** The operation as the dispatcher wants it. @param actionPrefix of its permission: `acm-pca` */
export function bindJsonOperation<T extends object>(operation: JsonOperation<T>, actionPrefix: string): Operation {
  const { name, readOnly } = operation;
  return {
    name,
    readOnly,
    authentication: "signature",
    async run(service, call) {
      const input = readInput(operation.input, call.request.body);
      authorize(service, call, `${actionPrefix}:${name}`, operation.resource?.(input) ?? "*");
      const output = await operation.run(service, call, input);
      return {
        response: jsonProtocolAnswer(200, output, call.requestId),
        requestParameters: loggedValue(operation.input, input),
        ...(readOnly || output === undefined ? {} : { responseElements: output }),
      };
    },
  };
}

/**
 * The input, typed.
 *
 * @throws {ServiceRefusal} for what cannot be parsed, and with every broken constraint in one message
 */
function readInput<T extends object>(input: Member<T>, body: Uint8Array<ArrayBuffer>): T {
  const text = body.length === 0 ? "{}" : decodeUtf8(body);
  if (text === undefined) throw unserializable("it is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the body; the refusal says all that the client needs.
    throw unserializable("it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unserializable("it is not a JSON object");
  }
  const violations: ConstraintViolation[] = [];
  const read = input.read(value, "", violations);
  if (read === undefined) throw refuse(400, "ValidationException", constraintMessage(violations));
  return read;
}

function unserializable(state: string): ServiceRefusal {
  return refuse(400, "SerializationException", `Cannot parse the request body: ${state}`);
}

/** An error: its code in the body. */
export function jsonProtocolFailure({ status, code, message }: ServiceFailure, requestId: string): Response {
  return jsonProtocolAnswer(status, { __type: code, message }, requestId);
}

/** An answer; without output its body is empty. */
export function jsonProtocolAnswer(status: number, output: object | undefined, requestId: string): Response {
  return new Response(output === undefined ? "" : JSON.stringify(output), {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-RequestId": requestId },
  });
}
