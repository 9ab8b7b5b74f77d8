/**
 * The parameters of CreateSession, from query and body, as the API reference limits them.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { decodeUtf8 } from "../bytes/text.ts";
import { type ConstraintViolation, rangeViolations, textViolations } from "./constraint-violation.ts";
import { parseQuery } from "./query-parameters.ts";
import { malformed, violated } from "./session-denial.ts";

/** What a client asks for. */
export interface SessionParameters {
  /** ARN of the profile. */
  readonly profileArn: string;
  /** ARN of the role. */
  readonly roleArn: string;
  /** ARN of the trust anchor. */
  readonly trustAnchorArn: string;
  /** 900 to 43,200 seconds; undefined: the profile's. */
  readonly durationSeconds: number | undefined;
  /** 2 to 64 characters; undefined: the certificate's serial number. */
  readonly roleSessionName: string | undefined;
  /** At most fifty properties, which the service stores with the subject. */
  readonly instanceProperties: Readonly<Record<string, string>>;
}

/**
 * Reads and checks the parameters. Names that the API does not know are ignored, `sessionName` among them; a
 * parameter may be in the query, in the body, or the same in both.
 *
 * @param query the raw query, without the question mark
 * @param body a JSON object in UTF-8, or nothing
 * @throws {SessionDenial} `ValidationException` with every broken constraint
 */
export function parseSessionParameters(query: string, body: Bytes): SessionParameters {
  const given = mergeParameters(parseQuery(query), parseBody(body));
  const violations: ConstraintViolation[] = [];
  const profileArn = arnParameter(given, "profileArn", "rolesanywhere", "profile", violations);
  const roleArn = arnParameter(given, "roleArn", "iam", "role", violations);
  const trustAnchorArn = arnParameter(given, "trustAnchorArn", "rolesanywhere", "trust-anchor", violations);
  const durationSeconds = integerParameter(given, "durationSeconds", violations);
  const roleSessionName = textParameter(given, "roleSessionName", violations);
  if (durationSeconds !== undefined) {
    violations.push(...rangeViolations("durationSeconds", durationSeconds, 900, 43_200));
  }
  if (roleSessionName !== undefined) {
    violations.push(...textViolations("roleSessionName", roleSessionName, {
      least: 2,
      most: 64,
      pattern: "[\\w+=,.@-]*",
      matches: /^[\w+=,.@-]*$/.test(roleSessionName),
    }));
  }
  const instanceProperties = instancePropertiesParameter(given, violations);
  if (violations.length > 0) throw violated(violations);
  return { profileArn, roleArn, trustAnchorArn, durationSeconds, roleSessionName, instanceProperties };
}

/** Values by name; a Map, so that no name collides with a member of `Object`. */
type Parameters = ReadonlyMap<string, unknown>;

const QUERY_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "profileArn",
  "roleArn",
  "trustAnchorArn",
  "durationSeconds",
  "roleSessionName",
]);

function parseBody(body: Bytes): Parameters {
  if (body.length === 0) return new Map();
  const text = decodeUtf8(body);
  if (text === undefined) throw malformed("parameters", "Cannot parse the request body: it is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the body; the refusal says all that the client needs.
    throw malformed("parameters", "Cannot parse the request body: it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed("parameters", "Cannot parse the request body: it is not a JSON object");
  }
  // A member that is null counts as absent.
  return new Map(Object.entries(value).filter(([, member]) => member !== null));
}

function mergeParameters(query: readonly (readonly [string, string])[], body: Parameters): Parameters {
  const merged = new Map(body);
  const seen = new Map<string, string>();
  for (const [name, value] of query) {
    if (!QUERY_NAMES.has(name)) continue;
    const other = seen.get(name) ?? (body.has(name) ? bodyText(body.get(name)) : value);
    if (other !== value) throw malformed("parameters", `Parameter '${name}' is given twice with different values`);
    seen.set(name, value);
    merged.set(name, value);
  }
  return merged;
}

/** A body value as a query would carry it; undefined when a query cannot. */
function bodyText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function arnParameter(
  given: Parameters,
  member: string,
  service: string,
  resource: string,
  violations: ConstraintViolation[],
): string {
  const value = textParameter(given, member, violations);
  if (value === undefined) {
    if (!given.has(member)) violations.push({ member, value: null, constraint: "Member must not be null" });
    return "";
  }
  violations.push(...textViolations(member, value, {
    least: 1,
    most: 1011,
    pattern: `arn:aws(-[^:]+)?:${service}(:.*){2}(:${resource}.*)`,
    matches: matchesArnPattern(value, service, resource),
  }));
  return value;
}

function textParameter(given: Parameters, member: string, violations: ConstraintViolation[]): string | undefined {
  const value = given.get(member);
  if (value === undefined || typeof value === "string") return value;
  violations.push(wrongType(member, value, "a string"));
  return undefined;
}

function integerParameter(given: Parameters, member: string, violations: ConstraintViolation[]): number | undefined {
  const value = given.get(member);
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number)) return number;
  violations.push(wrongType(member, value, "an integer"));
  return undefined;
}

function instancePropertiesParameter(given: Parameters, violations: ConstraintViolation[]): Record<string, string> {
  const member = "instanceProperties";
  const value = given.get(member);
  if (value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    violations.push(wrongType(member, value, "a map"));
    return {};
  }
  const entries = Object.entries(value as object);
  if (entries.length > 50) {
    violations.push({
      member,
      value: `${entries.length} entries`,
      constraint: "Member must have length less than or equal to 50",
    });
    return {};
  }
  const limits = { least: 1, most: 200 };
  for (const [name, property] of entries) {
    violations.push(...textViolations(`${member}.key`, name, limits));
    if (typeof property === "string") violations.push(...textViolations(`${member}.value`, property, limits));
    else violations.push(wrongType(`${member}.value`, property, "a string"));
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The framework's text for a wrong JSON type is not public; this one has the form of its neighbours. */
function wrongType(member: string, value: unknown, wanted: string): ConstraintViolation {
  const shown = typeof value === "object" ? (Array.isArray(value) ? "[…]" : "{…}") : String(value);
  return { member, value: shown, constraint: `Member must be ${wanted}` };
}

/**
 * Whether the whole text matches `arn:aws(-[^:]+)?:{service}(:.*){2}(:{resource}.*)`, in time linear in its length:
 * backtracking over the two open parts would be quadratic.
 */
export function matchesArnPattern(text: string, service: string, resource: string): boolean {
  const head = /^arn:aws(-[^:]+)?:([^:]*):/.exec(text);
  // `.` matches no line terminator.
  if (head === null || head[2] !== service || /[\n\r\u2028\u2029]/.test(text.slice(head[0].length))) return false;
  const second = text.indexOf(":", head[0].length);
  return second >= 0 && text.indexOf(`:${resource}`, second + 1) >= 0;
}
