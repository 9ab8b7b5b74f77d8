/**
 * Percent-encoding as Signature Version 4 wants it: every octet but the unreserved characters of RFC 3986 §2.3,
 * upper-case digits.
 *
 * @module
 */

/**
 * Encodes every octet of the text's UTF-8 that is not unreserved.
 *
 * @throws {URIError} for an unpaired surrogate
 */
export function encodeUri(text: string): string {
  return /^[\w.~-]*$/.test(text)
    ? text
    : encodeURIComponent(text).replace(/[!'()*]/g, (mark) => "%" + mark.charCodeAt(0).toString(16).toUpperCase());
}

/**
 * Decodes and encodes, so that every spelling of the same text is the same. `+` is a space, as it is in every query.
 *
 * @throws {URIError} when the text is not percent-encoded UTF-8
 */
export function reencodeUri(text: string): string {
  return encodeUri(decodeURIComponent(text.replaceAll("+", " ")));
}
