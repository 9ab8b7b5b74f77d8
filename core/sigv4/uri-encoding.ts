/**
 * Percent-encoding as Signature Version 4 wants it: every octet but the unreserved characters of RFC 3986 §2.3,
 * upper-case digits.
 *
 * @module
 */

/** Encodes every octet of the text's UTF-8 that is not unreserved. An unpaired surrogate counts as U+FFFD. */
export function encodeUri(text: string): string {
  return UNRESERVED.test(text) ? text : encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd"))
    .replace(/[!'()*]/g, (mark) => "%" + mark.charCodeAt(0).toString(16).toUpperCase());
}

/**
 * Brings text that is percent-encoded, well or badly, into the canonical form: decoded, then encoded, octet by octet.
 * `+` is a space, as it is in every query; a `%` that introduces no octet stands for itself. Never throws.
 */
export function reencodeUri(text: string): string {
  return CANONICAL.test(text)
    ? text
    : encodeUri(text.replaceAll("+", " ")).replace(/%25([\dA-Fa-f]{2})/g, (_, digits: string) => {
      const octet = String.fromCharCode(parseInt(digits, 16));
      return UNRESERVED.test(octet) ? octet : "%" + digits.toUpperCase();
    });
}

const UNRESERVED = /^[\w.~-]*$/;

/** Unreserved characters, and upper-case escapes of all others. */
const CANONICAL = /^(?:[\w.~-]|%(?:[0189A-F][\dA-F]|2[\dA-CF]|3[A-F]|[46]0|5[B-E]|7[B-DF]))*$/;
