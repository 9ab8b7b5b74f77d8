/**
 * Canonical headers: names in lower case and sorted, white space of values trimmed and collapsed, repeated fields
 * joined with a comma.
 *
 * @module
 */

/** A field: name in lower case, canonical value. */
export type HeaderLine = readonly [name: string, value: string];

/** Header fields: a record, or pairs such as an array, a `Map` or `Headers`. Names in any case. */
export type HeaderFields = Readonly<Record<string, string>> | Iterable<readonly [name: string, value: string]>;

/** The fields one by one. */
export function headerPairs(fields: HeaderFields): Iterable<readonly [name: string, value: string]> {
  // V8 keeps the names that it is asked for with the object's shape, and makes the entries several times as fast with them.
  Object.keys(fields);
  return Symbol.iterator in fields ? fields : Object.entries(fields);
}

/** Puts a field in its place by name, behind those of the same name. */
export function insertHeader(lines: HeaderLine[], name: string, value: string): void {
  let at = lines.length;
  for (; at && lines[at - 1]![0] > name; at--) lines[at] = lines[at - 1]!;
  lines[at] = [name, value];
}

/** Trims white space at both ends and makes one space of every run of it. */
export function canonicalValue(value: string): string {
  return /\s/.test(value) ? value.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "") : value;
}
