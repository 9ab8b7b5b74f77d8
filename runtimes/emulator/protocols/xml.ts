/**
 * XML as the services write it (XML 1.0).
 *
 * @module
 */

/** What an element holds: text, other elements by name, or several elements called `member`; undefined: nothing. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | XmlRepeated
  | { readonly [name: string]: XmlValue };

/** Several elements of one name, without one around them. */
export class XmlRepeated {
  readonly values: readonly XmlValue[];

  /** These values, one element each. */
  constructor(values: readonly XmlValue[]) {
    this.values = values;
  }
}

/** A document with this root. */
export function writeXml(name: string, value: XmlValue, namespace?: string): string {
  const attribute = namespace === undefined ? "" : ` xmlns="${escapeXml(namespace)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${content(value)}</${name}>\n`;
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return "";
  if (value instanceof XmlRepeated) return value.values.map((one) => element(name, one)).join("");
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return escapeXml(String(value));
  if (Array.isArray(value)) return value.map((one) => element("member", one)).join("");
  return Object.entries(value as Readonly<Record<string, XmlValue>>).map(([name, one]) => element(name, one)).join("");
}

/** Text as element content: markup escaped, what XML does not allow (§2.2) replaced with U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;").replace(/\r/g, "&#13;");
}

// With the u flag a surrogate in a class is one that is not part of a pair.
// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu;
