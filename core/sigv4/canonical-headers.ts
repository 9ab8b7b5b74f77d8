/**
 * Canonical headers: names in lower case and sorted, white space of values trimmed and collapsed, repeated fields
 * joined with a comma.
 *
 * @module
 */

import type { HeaderFields } from "./canonical-request.ts";

/** Header fields under construction: two lists in step, sorted by name. */
export interface HeaderList {
  readonly names: string[];
  readonly values: string[];
}

/**
 * Adds the fields of a request to those that the signer sets itself, which take precedence. Fields that proxies and
 * clients change on the way are left out: they are not signed.
 */
export function collectHeaders(fields: HeaderFields, own: HeaderList): HeaderList {
  const list = { names: [...own.names], values: [...own.values] };
  const add = (field: string, value: string): void => {
    const name = field.toLowerCase();
    if (!UNSIGNED.has(name) && !own.names.includes(name)) addHeader(list, name, canonicalValue(value));
  };
  if (Symbol.iterator in fields) { for (const [name, value] of fields) add(name, value); }
  else for (const name of Object.keys(fields)) add(name, fields[name]!);
  return list;
}

/** Puts a field in its place; behind an earlier one of the same name, joined with a comma. */
export function addHeader({ names, values }: HeaderList, name: string, value: string): void {
  let at = names.length;
  while (at > 0 && names[at - 1]! > name) at--;
  if (at > 0 && names[at - 1] === name) values[at - 1] += "," + value;
  else {
    names.splice(at, 0, name);
    values.splice(at, 0, value);
  }
}

/** Trims white space at both ends and makes one space of every run of it. */
export function canonicalValue(value: string): string {
  const text = value.replace(/[ \t\r\n]+/g, " ");
  return text.slice(text.startsWith(" ") ? 1 : 0, text.endsWith(" ") ? -1 : undefined);
}

/** What the service's own clients never sign, and what belongs to one connection only (RFC 9110 §7.6.1, §10.1.1). */
const UNSIGNED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "authorization",
  "connection",
  "expect",
  "transfer-encoding",
  "user-agent",
  "x-amzn-trace-id",
]);
