/**
 * Distinguished names as people copy them: from the credential helper, RFC 4514, OpenSSL and Windows.
 *
 * @module
 */

import { type Bytes, concatBytes, equalBytes } from "../bytes/bytes.ts";
import { decodeHex } from "../bytes/hex.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/text.ts";
import { DerReader } from "../der/reader.ts";
import { decodeString } from "../der/strings.ts";
import { helperNameText } from "../x509/helper-name-text.ts";
import type { Name, NameAttribute, RelativeDistinguishedName } from "../x509/name.ts";
import { attributeTypeOf } from "./attribute-keyword.ts";

/** A name as it was written. */
export interface NameSpelling {
  /** The text itself: the canonical form of the helper is compared as such. */
  readonly text: string;
  /** What it says by the rules of RFC 4514 and its relatives; undefined: it follows none of them. */
  readonly rdns: readonly (readonly SpelledAttribute[])[] | undefined;
}

/** One attribute of a spelled name. */
export interface SpelledAttribute {
  /** Attribute type, dotted. */
  readonly oid: string;
  /** The value: text, or the octets of its DER where it was written as such. */
  readonly value: string | Bytes;
}

/**
 * Reads a name in any of these spellings:
 *
 * - `CN=edge-7,OU=a+OU=b,O=Example\, Inc.,C=US`, RFC 4514 and the helper's canonical form; also with blanks around the
 *   separators, semicolons, quoted values, dotted types with or without `OID.`, and values as `#` and hexadecimal DER
 * - `C = US, O = Example, CN = edge-7`, as OpenSSL writes it
 * - `/C=US/O=Example/CN=edge-7`, as old versions of OpenSSL did
 *
 * Every text is a spelling; one that follows no rule fits where it is the helper's text to the letter.
 *
 * Public: variable time.
 */
export function readNameSpelling(text: string): NameSpelling {
  return { text, rdns: text.startsWith("/") ? readSlashes(text) : new SpellingReader(text).read() };
}

/**
 * Whether the certificate's name is the one that was spelled: its canonical text of the helper is that to the letter, or
 * it has the same relative names, the first one first or last. Values are the same to the letter: nothing is folded.
 */
export function fitsSpelling(name: Name, { text, rdns }: NameSpelling): boolean {
  if (helperNameText(name) === text) return true;
  if (rdns === undefined || rdns.length !== name.rdns.length) return false;
  const last = rdns.length - 1;
  return name.rdns.every((rdn, index) => fitsRelativeName(rdn, rdns[index]!)) ||
    name.rdns.every((rdn, index) => fitsRelativeName(rdn, rdns[last - index]!));
}

function fitsRelativeName(rdn: RelativeDistinguishedName, spelled: readonly SpelledAttribute[]): boolean {
  if (rdn.length !== spelled.length) return false;
  const left = [...spelled];
  for (const attribute of rdn) {
    const at = left.findIndex((candidate) => fitsAttribute(attribute, candidate));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}

function fitsAttribute(attribute: NameAttribute, { oid, value }: SpelledAttribute): boolean {
  if (oid !== attribute.oid) return false;
  if (typeof value === "string") return value === attribute.text;
  const reader = new DerReader(value);
  const tag = reader.peek();
  const content = reader.content(-1, "the value");
  if (tag === attribute.tag && equalBytes(content, attribute.value)) return true;
  // The helper forgets the string type of the certificate.
  const text = decodeString(tag, content);
  return text !== undefined && text === attribute.text;
}

/** `/TYPE=value/TYPE=value`; a slash that no type follows belongs to the value. */
function readSlashes(text: string): SpelledAttribute[][] | undefined {
  const rdns: SpelledAttribute[][] = [];
  for (const part of text.slice(1).split(/\/(?=[A-Za-z0-9.]+=)/)) {
    const match = /^([A-Za-z0-9.]+)=([^]*)$/.exec(part);
    const oid = match === null ? undefined : attributeTypeOf(match[1]!);
    if (oid === undefined) return undefined;
    rdns.push([{ oid, value: match![2]! }]);
  }
  return rdns;
}

class SpellingReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole text, or undefined. */
  read(): SpelledAttribute[][] | undefined {
    const rdns: SpelledAttribute[][] = [[]];
    for (;;) {
      const attribute = this.#attribute();
      if (attribute === undefined) return undefined;
      rdns.at(-1)!.push(attribute);
      const separator = this.#text[this.#at++];
      if (separator === undefined) return rdns;
      if (separator === "," || separator === ";") rdns.push([]);
      else if (separator !== "+") return undefined;
    }
  }

  #attribute(): SpelledAttribute | undefined {
    const type = this.#match(/[\t ]*([A-Za-z][A-Za-z0-9.-]*|[0-9][0-9.]*)[\t ]*=[\t ]*/y);
    const oid = type === undefined ? undefined : attributeTypeOf(type);
    if (oid === undefined) return undefined;
    const value = this.#text[this.#at] === '"'
      ? this.#quoted()
      : this.#text[this.#at] === "#"
      ? this.#hexadecimal()
      : this.#plain();
    return value === undefined ? undefined : { oid, value };
  }

  /** `"value"`; a quotation mark in it is doubled (Windows) or escaped. */
  #quoted(): string | undefined {
    const body = this.#match(/"((?:[^"\\]|""|\\[^])*)"[\t ]*/y);
    return body === undefined ? undefined : unescaped(body.replace(/""/g, '\\"'));
  }

  /** `#` and the DER of the value. */
  #hexadecimal(): Bytes | undefined {
    const octets = decodeHex(this.#match(/#([0-9A-Fa-f]*)[\t ]*/y)!);
    return octets !== undefined && isOneElement(octets) ? octets : undefined;
  }

  /** Up to a separator that is not escaped; white space around it does not count unless escaped. */
  #plain(): string | undefined {
    const body = this.#match(/((?:[^,;+\\"]+|\\[^])*)/y)!;
    return unescaped(body.slice(0, endOf(body)));
  }

  /** The first group of what stands here; undefined: something else. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[1];
  }
}

/** Where a value ends without the blanks behind it; one that is escaped belongs to it. */
function endOf(body: string): number {
  let end = body.length;
  while (end > 0 && (body[end - 1] === " " || body[end - 1] === "\t")) end--;
  let slashes = 0;
  while (body[end - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1 ? end + 1 : end;
}

/** RFC 4514 §3: a backslash before two hexadecimal digits makes an octet of UTF-8, before anything else nothing special. */
function unescaped(text: string): string | undefined {
  const parts = text.match(/\\[0-9A-Fa-f]{2}|\\[^]|[^\\]+/g) ?? [];
  return decodeUtf8(
    concatBytes(
      parts.map((part) =>
        /^\\[0-9A-Fa-f]{2}$/.test(part)
          ? Uint8Array.of(parseInt(part.slice(1), 16))
          : encodeUtf8(part.startsWith("\\") ? part.slice(1) : part)
      ),
    ),
  );
}

function isOneElement(octets: Bytes): boolean {
  try {
    const reader = new DerReader(octets);
    reader.skip("the value");
    return reader.done;
  } catch {
    return false; // Whatever it is, it is no value.
  }
}
