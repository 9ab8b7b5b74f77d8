/**
 * Principals of a statement: who it is about.
 *
 * Everything is compared exactly; the one wildcard is `*` as a whole, which is everybody, services included. The ARN of a
 * role stands for every session of the role. An account stands for every principal of it in `Principal`, and for itself
 * alone in `NotPrincipal`: there, who is spared must be named besides the account.
 *
 * @see IAM user guide, "AWS JSON policy elements: Principal" and "… NotPrincipal"
 * @module
 */

import { type JsonValue, memberPointer } from "./json-reader.ts";
import { PolicyError, quoted } from "./policy-error.ts";
import { readStrings } from "./read-strings.ts";

/** Whoever makes a request. */
export interface RequestPrincipal {
  /** `Service` for AWS services, `AWS` for accounts, users, roles and role sessions, `Federated` for identity providers. */
  readonly type: "Service" | "AWS" | "Federated";
  /** `rolesanywhere.amazonaws.com`, an ARN, an account. */
  readonly value: string;
}

/** One principal of a statement. */
export interface StatementPrincipal {
  /** Its type; `*` for `"Principal": "*"`. */
  readonly type: "*" | "AWS" | "Service" | "Federated" | "CanonicalUser";
  /** As written. */
  readonly value: string;
  /** JSON pointer to it. */
  readonly pointer: string;
}

/** `Principal` or `NotPrincipal`. */
export interface StatementPrincipals {
  /** Whether the element is `NotPrincipal`. */
  readonly negated: boolean;
  /** Any of them; of `NotPrincipal`, none. */
  readonly values: readonly StatementPrincipal[];
}

/** Reads the element. */
export function readPrincipals(value: JsonValue, pointer: string, negated: boolean): StatementPrincipals {
  if (value === "*") return { negated, values: [{ type: "*", value: "*", pointer }] };
  if (!(value instanceof Map)) {
    const state = `it must be "*" or an object such as {"Service": "rolesanywhere.amazonaws.com"}`;
    throw new PolicyError(typeof value === "string" ? "ERR_POLICY_PRINCIPAL" : "ERR_POLICY_TYPE", pointer, state);
  }
  const values: StatementPrincipal[] = [];
  for (const [type, members] of value) {
    const place = memberPointer(pointer, type);
    if (type !== "AWS" && type !== "Service" && type !== "Federated" && type !== "CanonicalUser") {
      const state = `${quoted(type)} is no type of principal; use AWS, Service, Federated or CanonicalUser`;
      throw new PolicyError("ERR_POLICY_PRINCIPAL", place, state);
    }
    for (const one of readStrings(members, place)) {
      const fault = principalFault(type, one.text);
      if (fault !== undefined) throw new PolicyError("ERR_POLICY_PRINCIPAL", one.pointer, fault);
      values.push({ type, value: one.text, pointer: one.pointer });
    }
  }
  if (values.length === 0) throw new PolicyError("ERR_POLICY_EMPTY", pointer, "it names no principal; name one");
  return { negated, values };
}

/** Whether the principal is everybody: `"*"` or `{"AWS": "*"}`. */
export function isEverybody({ type, value }: StatementPrincipal): boolean {
  return type === "*" || (type === "AWS" && value === "*");
}

/** Whether the element is about the principal; without one, only `*` is. */
export function matchesPrincipals(element: StatementPrincipals, principal: RequestPrincipal | undefined): boolean {
  const { values, negated } = element;
  return values.some((one) => isEverybody(one) || matchesPrincipal(one, principal, negated)) !== negated;
}

function matchesPrincipal(
  one: StatementPrincipal,
  principal: RequestPrincipal | undefined,
  negated: boolean,
): boolean {
  if (principal === undefined || one.type !== principal.type) return false;
  if (one.value === principal.value) return true;
  if (one.type !== "AWS") return false;
  const account = ACCOUNT.exec(one.value);
  if (account !== null) {
    return account[1] === (negated ? ACCOUNT.exec(principal.value)?.[1] : accountOf(principal.value));
  }
  const role = ROLE.exec(one.value);
  const session = SESSION.exec(principal.value);
  // The ARN of a session leaves the role's path out; names of roles are unique in an account.
  return role !== null && session !== null && [1, 2, 3].every((i) => role[i] === session[i]);
}

function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1];
}

function principalFault(type: StatementPrincipal["type"], value: string): string | undefined {
  if (type === "AWS") {
    return AWS_PRINCIPAL.test(value)
      ? undefined
      : `${
        quoted(value)
      } is no AWS principal; use an account of 12 digits, an ARN of IAM or STS without wildcards, or "*"`;
  }
  if (value !== "" && !/[*?\s]/.test(value)) return undefined;
  return `${quoted(value)} can never be a principal: it must be an exact name, such as "rolesanywhere.amazonaws.com"`;
}

const AWS_PRINCIPAL = /^(?:\*|\d{12}|A[A-Z0-9]{15,127}|arn:[\w-]+:(?:iam|sts)::[\w-]+:[^*?\s]+)$/;
const ACCOUNT = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/;
const ROLE = /^arn:([\w-]+):iam::(\d{12}):role\/(?:[^/]+\/)*([^/]+)$/;
const SESSION = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;
