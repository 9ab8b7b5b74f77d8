/**
 * The selector language of the AWS credential helper: which certificate of a store is meant.
 *
 * @module
 */

import { type NameSpelling, readNameSpelling } from "./name-spelling.ts";
import { SelectionError } from "./selection-error.ts";

/** What a certificate must have; whatever is undefined does not matter. */
export interface CertificateSelector {
  /** Its subject. */
  readonly subject: NameSpelling | undefined;
  /** Its issuer. */
  readonly issuer: NameSpelling | undefined;
  /** Its serial number, lower-case hexadecimal without leading zeros; a negative one after a minus sign. */
  readonly serialNumber: string | undefined;
}

/** The selector that fits every certificate. */
export const EVERY_CERTIFICATE: CertificateSelector = {
  subject: undefined,
  issuer: undefined,
  serialNumber: undefined,
};

/**
 * Reads a selector as `--cert-selector` takes it: items `Key=x509Subject,Value=CN=edge-7` with white space between them,
 * or the JSON array of {@link parseSelectorFile}. Keys are `x509Subject`, `x509Issuer` and `x509Serial`.
 *
 * White space around a value does not count; a value has no line break, and not the text `Key=`. A selector that is in a
 * file is for {@link selectorFilePath} to tell.
 *
 * Public: variable time.
 *
 * @throws {SelectionError} `ERR_SELECTOR_SYNTAX`, `ERR_SELECTOR_KEY`, `ERR_SELECTOR_DUPLICATE` or `ERR_SELECTOR_SERIAL`
 */
export function parseCertificateSelector(text: string): CertificateSelector {
  requireLength(text);
  if (text[skipSpace(text, 0)] === "[") return parseSelectorFile(text);
  const items: Item[] = [];
  let at = skipSpace(text, 0);
  do {
    const comma = text.indexOf(",Value=", at + "Key=".length + 1);
    const start = skipSpace(text, comma + ",Value=".length);
    const next = text.indexOf("Key=", start);
    const end = next < 0 ? text.length : next;
    const value = text.slice(start, end).replace(/[\t\n\f\r ]+$/, "");
    if (!text.startsWith("Key=", at) || comma < 0 || value === "" || value.includes("\n")) {
      throw syntaxError(`at character ${at + 1} stands no item of the form Key=x509Subject,Value=CN=name`);
    }
    items.push({ key: text.slice(at + "Key=".length, comma), value });
    at = end;
  } while (at < text.length);
  return selectorOf(items);
}

/**
 * Reads the contents of a selector's file: a JSON array of `{ "Key": "x509Subject", "Value": "CN=edge-7" }`. The case of
 * the members' names does not matter, other members do not count, an empty value says nothing, and neither does an empty
 * array or `null`.
 *
 * @throws {SelectionError} as {@link parseCertificateSelector}
 */
export function parseSelectorFile(json: string): CertificateSelector {
  requireLength(json);
  let list: unknown;
  try {
    list = JSON.parse(json.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw syntaxError("it is not JSON", cause);
  }
  if (list === null) return EVERY_CERTIFICATE;
  if (!Array.isArray(list)) throw syntaxError("it is not a JSON array");
  return selectorOf(list.map((element, index) => readItem(element, index)));
}

/** The path of a selector that is in a file, `file:///etc/selector.json`; undefined: it is the selector itself. */
export function selectorFilePath(text: string): string | undefined {
  return text.startsWith("file://") ? text.slice("file://".length) : undefined;
}

/** Longest selector that is read, in UTF-16 units. */
const MAX_LENGTH = 65_536;

function skipSpace(text: string, at: number): number {
  while ("\t\n\f\r ".includes(text[at] ?? "x")) at++;
  return at;
}

interface Item {
  readonly key: string;
  readonly value: string;
}

function readItem(element: unknown, index: number): Item {
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    throw syntaxError(`element ${index + 1} is not an object with Key and Value`);
  }
  const members: { key: unknown; value: unknown } = { key: "", value: "" };
  for (const [name, member] of Object.entries(element)) {
    const lower = name.toLowerCase();
    if (lower === "key" || lower === "value") members[lower] = member;
  }
  const { key, value } = members;
  if (typeof key !== "string" || typeof value !== "string") {
    throw syntaxError(`Key or Value of element ${index + 1} is not a string`);
  }
  return { key, value };
}

function selectorOf(items: readonly Item[]): CertificateSelector {
  const found = new Map<string, string>();
  for (const { key, value } of items) {
    if (!KEYS.includes(key)) {
      const shown = JSON.stringify(key.slice(0, 80));
      throw new SelectionError(
        "ERR_SELECTOR_KEY",
        `Cannot read certificate selector: it contains the invalid key ${shown}; keys are ${KEYS.join(", ")}`,
      );
    }
    if (found.has(key)) {
      const message = `Cannot read certificate selector: duplicate ${key} keys can't be present in it`;
      throw new SelectionError("ERR_SELECTOR_DUPLICATE", message);
    }
    found.set(key, value);
  }
  const [subject, issuer, serial] = KEYS.map((key) => found.get(key) || undefined);
  return {
    subject: subject === undefined ? undefined : readNameSpelling(subject),
    issuer: issuer === undefined ? undefined : readNameSpelling(issuer),
    serialNumber: serial === undefined ? undefined : readSerialNumber(serial),
  };
}

/** Hexadecimal digits of either case, or octets with colons between them as OpenSSL and browsers show them. */
function readSerialNumber(text: string): string {
  const match = /^[\t\n\f\r ]*([+-]?)(?:0[xX])?([0-9a-fA-F]+|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})+)[\t\n\f\r ]*$/.exec(
    text,
  );
  if (match === null) {
    const message = `Cannot read certificate selector: the serial number ${JSON.stringify(text.slice(0, 80))} is not ` +
      "hexadecimal";
    throw new SelectionError("ERR_SELECTOR_SERIAL", message);
  }
  const digits = match[2]!.replace(/:/g, "").replace(/^0+(?=.)/, "").toLowerCase();
  return match[1] === "-" && digits !== "0" ? `-${digits}` : digits;
}

function requireLength({ length }: string): void {
  if (length > MAX_LENGTH) throw syntaxError(`it is ${length} characters long, at most ${MAX_LENGTH} are accepted`);
}

function syntaxError(state: string, cause?: unknown): SelectionError {
  const message = `Cannot read certificate selector: unable to parse cert selector string: ${state}`;
  return new SelectionError("ERR_SELECTOR_SYNTAX", message, { cause });
}

/** In the order of the members of {@link CertificateSelector}. */
const KEYS = ["x509Subject", "x509Issuer", "x509Serial"];
