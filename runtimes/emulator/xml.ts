/**
 * Text in XML (XML 1.0 §2.4).
 *
 * @module
 */

/** Text as element content: markup escaped, characters that XML does not allow replaced with U+FFFD. */
export function escapeXml(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
