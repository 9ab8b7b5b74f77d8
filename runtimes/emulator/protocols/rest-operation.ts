/**
 * Operations of rest-json: where their input comes from, and how it is checked before they run.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 * @module
 */

import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { constraintMessage, type ConstraintViolation } from "../../../core/decision/constraint-violation.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { authorize, type ContextEntry } from "../access/authorize.ts";
import type { Call, Operation, RateGroup } from "../aws-service.ts";
import { loggedValue, type Member } from "../members/member.ts";
import type { Tag } from "../members/resource-members.ts";
import { jsonAnswer } from "./service-error.ts";
import { refuse, type ServiceRefusal } from "./service-refusal.ts";
import type { Service } from "../service.ts";

/** An operation that is called by method and path. */
export interface RestOperation<T extends object> {
  /** `CreateTrustAnchor`. */
  readonly name: string;
  /** HTTP method. */
  readonly method: string;
  /** `/crl/{crlId}/enable`: segments in braces are members of the input. */
  readonly path: string;
  /** Members that come in the query. */
  readonly query?: readonly string[];
  /** HTTP status of success. */
  readonly status: 200 | 201;
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
  /** The group of operations that it is counted with. */
  readonly rate: RateGroup;
  /** Members of path and query, and those of the body: whatever is neither. */
  readonly input: Member<T>;
  /** ARN of the resource that permission is needed for; absent: `*`. */
  resource?(call: Call, input: T): string;
  /** What the caller needs permission for besides. */
  permissions?(service: Service, call: Call, input: T): readonly Permission[];
  /**
   * Does it.
   *
   * @throws {ServiceRefusal} when the service refuses
   */
  run(service: Service, call: Call, input: T): RestAnswer | Promise<RestAnswer>;
}

/** An action on a resource. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the action. */
  readonly context?: readonly ContextEntry[];
}

/** What an operation answers. */
export interface RestAnswer {
  /** Members of the output; undefined ones are left out. */
  readonly output: object;
  /** What events show of it; default: all of the output. */
  readonly logged?: object;
}

/** The refusal of input that is well-formed and makes no sense. */
export function invalid(message: string): ServiceRefusal {
  return refuse(400, "ValidationException", message);
}

/** The values of the braces in an operation's path, percent-encoded as they came; undefined: it is another path. */
export function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index]!;
    if (segment.startsWith("{") && value !== "") values[segment.slice(1, -1)] = value;
    else if (segment !== value) return undefined;
  }
  return values;
}

/** The operation with the values of its path. */
export function bindRestOperation<T extends object>(
  rest: RestOperation<T>,
  pathValues: Readonly<Record<string, string>>,
): Operation {
  const { name, readOnly, rate, status } = rest;
  return {
    name,
    readOnly,
    rate,
    authentication: "signature",
    async run(service, call) {
      const input = readInput(rest, pathValues, call.request);
      authorizeRest(rest, service, call, input);
      const { output, logged = output } = await rest.run(service, call, input);
      return {
        response: jsonAnswer(status, output, call.requestId),
        requestParameters: loggedValue(rest.input, input),
        ...(readOnly ? {} : { responseElements: logged }),
      };
    },
  };
}

/**
 * Refuses a caller who may not do this.
 *
 * @see Service authorization reference, "Actions, resources, and condition keys for AWS Identity and Access Management
 * Roles Anywhere"
 */
function authorizeRest<T extends object>(rest: RestOperation<T>, service: Service, call: Call, input: T): void {
  const resource = rest.resource?.(call, input) ?? "*";
  const { tags = [], tagKeys = [] } = input as { readonly tags?: readonly Tag[]; readonly tagKeys?: readonly string[] };
  const keys = [...tags.map(({ key }) => key), ...tagKeys];
  const context: ContextEntry[] = tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value]);
  if (keys.length > 0) context.push(["aws:TagKeys", keys]);
  for (const { key, value } of service.store.get("tags", resource)?.tags ?? []) {
    context.push([`aws:ResourceTag/${key}`, value]);
  }
  authorize(service, call, `rolesanywhere:${rest.name}`, resource, context);
  if (tags.length > 0 && rest.name !== "TagResource") {
    authorize(service, call, "rolesanywhere:TagResource", resource, context);
  }
  for (const also of rest.permissions?.(service, call, input) ?? []) {
    authorize(service, call, also.action, also.resource, also.context);
  }
}

/**
 * The input of an operation, typed.
 *
 * @throws {ServiceRefusal} for what cannot be parsed, and with every broken constraint in one message
 */
function readInput<T extends object>(
  { input, query = [] }: RestOperation<T>,
  pathValues: Readonly<Record<string, string>>,
  request: SessionRequest,
): T {
  const members = Object.entries(input.members!);
  const inBody = members.some(([name]) => !query.includes(name) && !Object.hasOwn(pathValues, name));
  const body = inBody ? parseBody(request) : {};
  const parameters = query.length > 0 ? parseQuery(request.query) : [];
  const given: Record<string, unknown> = {};
  for (const [name, { type }] of members) {
    if (Object.hasOwn(pathValues, name)) given[name] = decodePercent(pathValues[name]!);
    else if (query.includes(name)) {
      const values = parameters.filter(([parameter]) => parameter === name).map(([, value]) => value);
      if (values.length > 0) given[name] = type === "list" ? values : values[0];
    } else if (Object.hasOwn(body, name)) given[name] = (body as Record<string, unknown>)[name];
  }
  const violations: ConstraintViolation[] = [];
  const read = input.read(given, "", violations);
  if (read === undefined) throw invalid(constraintMessage(violations));
  return read;
}

/** A body that is empty has no members. */
function parseBody({ headers, body }: SessionRequest): object {
  if (body.length === 0) return {};
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  if (type !== undefined && !JSON_TYPE.test(type)) {
    throw refuse(415, "UnsupportedMediaTypeException", "Cannot parse the request body: its Content-Type is not JSON");
  }
  const text = decodeUtf8(body);
  if (text === undefined) throw invalid("Cannot parse the request body: it is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the body; the refusal says all that the client needs.
    throw invalid("Cannot parse the request body: it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("Cannot parse the request body: it is not a JSON object");
  }
  return value;
}

/** Names and values of a raw query; `+` is a space, as it is for what verified the signature. */
function parseQuery(query: string): readonly (readonly [string, string])[] {
  return query.replaceAll("+", " ").split("&").filter((part) => part !== "").map((part) => {
    const equals = part.indexOf("=");
    if (equals < 0) return [decodePercent(part), ""];
    return [decodePercent(part.slice(0, equals)), decodePercent(part.slice(equals + 1))];
  });
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("Cannot parse the request: a percent escape of its path or query is malformed");
  }
}

/** `application/json` and the names that older clients give it. */
const JSON_TYPE = /^\s*application\/(json|x-amz-json-1\.[01])\s*(;|$)/i;
