/**
 * The query protocol: the operation and its members in a form, answers in XML.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 * @module
 */

import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { constraintMessage, type ConstraintViolation } from "../../../core/decision/constraint-violation.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import type { AwsService, Call, Operation } from "../aws-service.ts";
import { loggedValue, type Member } from "../members/member.ts";
import type { ServiceFailure } from "./service-error.ts";
import { refuse } from "./service-refusal.ts";
import type { Service } from "../service.ts";
import { writeXml, type XmlValue } from "./xml.ts";

/** An operation that is called by `Action`. */
export interface QueryOperation<T extends object> {
  /** `AssumeRole`. */
  readonly name: string;
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
  /** Members of the input, their names with a small first letter, as messages and events have them. */
  readonly input: Member<T>;
  /**
   * Does it.
   *
   * @throws {ServiceRefusal} when the service refuses
   */
  run(service: Service, call: Call, input: T): QueryAnswer | Promise<QueryAnswer>;
}

/** What an operation answers. */
export interface QueryAnswer {
  /** Members of the output as they are named there; absent: the operation has no output. */
  readonly output?: Readonly<Record<string, XmlValue>>;
  /** What events show of it; default: nothing. */
  readonly logged?: object;
}

/** A service that speaks the query protocol. */
export interface QueryService {
  readonly name: string;
  /** Version of its API: a date. */
  readonly version: string;
  readonly operations: readonly QueryBinding[];
}

/** An operation that takes whatever input it is given. */
export interface QueryBinding {
  /** `AssumeRole`. */
  readonly name: string;
  /** The operation with its input, which nobody has checked. */
  bind(given: object, namespace: string): Operation;
}

/** The service as the dispatcher wants it. */
export function bindQueryService({ name, version, operations }: QueryService): AwsService {
  const namespace = `https://${name}.amazonaws.com/doc/${version}/`;
  return {
    name,
    eventSource: `${name}.amazonaws.com`,
    maxBodyOctets: MAX_BODY_OCTETS,
    failure: (failure, requestId) => queryFailure(failure, requestId, namespace),
    operation(request) {
      const parameters = queryParameters(request);
      const action = parameters.get("Action");
      if (action === undefined) throw refuse(400, "MissingAction", "The request is missing an Action parameter.");
      const wanted = parameters.get("Version") ?? version;
      const operation = operations.find((candidate) => candidate.name === action);
      if (operation === undefined || wanted !== version) {
        throw refuse(400, "InvalidAction", `Could not find operation ${action} for version ${wanted}`);
      }
      return operation.bind(queryInput(parameters), namespace);
    },
  };
}

/** The operation behind a check of its input. */
export function bindQueryOperation<T extends object>(operation: QueryOperation<T>): QueryBinding {
  return { name: operation.name, bind: (given, namespace) => boundOperation(operation, given, namespace) };
}

function boundOperation<T extends object>(operation: QueryOperation<T>, given: object, namespace: string): Operation {
  const { name, readOnly, input } = operation;
  return {
    name,
    readOnly,
    authentication: "signature",
    async run(service, call) {
      const violations: ConstraintViolation[] = [];
      const read = input.read(withEmptyLists(given, input), "", violations);
      if (read === undefined) throw refuse(400, "ValidationError", constraintMessage(violations));
      const { output, logged } = await operation.run(service, call, read);
      const result = output === undefined ? {} : { [`${name}Result`]: output };
      const answer = { ...result, ResponseMetadata: { RequestId: call.requestId } };
      return {
        response: xmlAnswer(200, writeXml(`${name}Response`, answer, namespace), call.requestId),
        requestParameters: loggedValue(input, read),
        ...(logged === undefined ? {} : { responseElements: logged }),
      };
    },
  };
}

/** An empty list is a parameter without value: `Tags=`. */
function withEmptyLists(given: object, { members = {} }: Member<unknown>): object {
  const lists = Object.entries(given).filter(([name, value]) => value === "" && members[name]?.type === "list");
  return { ...given, ...Object.fromEntries(lists.map(([name]) => [name, []])) };
}

/**
 * The parameters of query and form by name.
 *
 * @throws {ServiceRefusal} `MalformedQueryString` for what is not UTF-8, or names a parameter twice
 */
export function queryParameters(request: SessionRequest): ReadonlyMap<string, string> {
  const form = request.method === "POST" ? decodeUtf8(request.body) : "";
  if (form === undefined) throw refuse(404, "MalformedQueryString", "The form is not UTF-8.");
  const parameters = new Map<string, string>();
  for (const text of [request.query, form]) {
    for (const [name, value] of new URLSearchParams(text)) {
      if (parameters.has(name)) {
        throw refuse(404, "MalformedQueryString", "The query string contains a parameter twice.");
      }
      parameters.set(name, value);
    }
  }
  return parameters;
}

/**
 * Parameters as the structure that they stand for: `Tags.member.2.Key` is the member `key` of the second element of
 * the list `tags`.
 */
export function queryInput(parameters: ReadonlyMap<string, string>): object {
  const root = new Map<string, Branch>();
  for (const [name, value] of parameters) {
    const path = name.split(".");
    if (path.length > MAX_DEPTH) continue;
    let level = root;
    for (const [at, segment] of path.entries()) {
      const key = at === 0 || path[at - 1] !== "member" ? lowerFirst(segment) : segment;
      let branch = level.get(key);
      if (branch === undefined) level.set(key, branch = { below: new Map() });
      if (at === path.length - 1) branch.value = value;
      level = branch.below;
    }
  }
  return structureOf(root);
}

interface Branch {
  value?: string;
  readonly below: Map<string, Branch>;
}

function structureOf(level: ReadonlyMap<string, Branch>): object {
  // Names of strangers: an object without a prototype has no member that they did not give it.
  const structure: Record<string, unknown> = Object.create(null);
  for (const [name, branch] of level) structure[name] = valueOf(branch);
  return structure;
}

function valueOf({ value, below }: Branch): unknown {
  if (below.size === 0) return value;
  const elements = below.get("member")?.below;
  if (elements === undefined || below.size > 1) return structureOf(below);
  const numbers = [...elements.keys()].filter((number) => /^[1-9]\d{0,4}$/.test(number));
  return numbers.sort((one, other) => Number(one) - Number(other)).map((number) => valueOf(elements.get(number)!));
}

/** `RoleName` as `roleName`. */
function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

/** An error. */
export function queryFailure(
  { status, code, message }: ServiceFailure,
  requestId: string,
  namespace: string,
): Response {
  const error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message };
  return xmlAnswer(status, writeXml("ErrorResponse", { Error: error, RequestId: requestId }, namespace), requestId);
}

function xmlAnswer(status: number, body: string, requestId: string): Response {
  return new Response(body, { status, headers: { "content-type": "text/xml", "x-amzn-RequestId": requestId } });
}

/** Levels of the deepest member: `Tags.member.1.Key`. */
const MAX_DEPTH = 8;

const MAX_BODY_OCTETS = 262_144;
