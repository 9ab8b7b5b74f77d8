/**
 * Distinguished names (RFC 5280 §4.1.2.4) and their comparison (§7.1).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { DerReader } from "../der/reader.ts";
import { decodeString } from "../der/strings.ts";
import { TAG } from "../der/tag.ts";
import { ATTRIBUTE_TYPES, readObjectIdentifier } from "./known-object-identifier.ts";

/** One attribute of a name. */
export class NameAttribute {
  /** Attribute type, dotted. */
  readonly oid: string;
  /** Identifier octet of the value. */
  readonly tag: number;
  /** The value as text; undefined when it is no character string, or breaks the rules of its string type. */
  readonly text: string | undefined;
  private readonly octets: Bytes;
  private readonly start: number;
  private readonly end: number;

  /** Makes an attribute. @param octets where the contents of the value stand; @param start their first octet; @param end the one after */
  constructor(oid: string, tag: number, octets: Bytes, start: number, end: number) {
    this.oid = oid;
    this.tag = tag;
    this.text = decodeText(tag, octets, start, end);
    this.octets = octets;
    this.start = start;
    this.end = end;
  }

  /** Contents octets of the value, a view. */
  get value(): Bytes {
    return this.octets.subarray(this.start, this.end);
  }
}

/** Attributes that stand together; usually one. In the order of the certificate, which need not be DER's. */
export type RelativeDistinguishedName = readonly NameAttribute[];

/** A distinguished name: never malformed in structure, possibly empty. */
export class Name {
  /** The relative distinguished names, most general first. */
  readonly rdns: readonly RelativeDistinguishedName[];
  private readonly octets: Bytes;
  private readonly start: number;
  private readonly end: number;
  private comparable: string | false | undefined;

  /** Makes a name. @param rdns what it holds; @param octets where the element stands; @param start its start; @param end its end */
  constructor(rdns: readonly RelativeDistinguishedName[], octets: Bytes, start: number, end: number) {
    this.rdns = rdns;
    this.octets = octets;
    this.start = start;
    this.end = end;
    this.comparable = undefined;
  }

  /** The whole element, a view. */
  get der(): Bytes {
    return this.octets.subarray(this.start, this.end);
  }

  /** Whether it holds no attribute at all. */
  get empty(): boolean {
    return this.rdns.length === 0;
  }

  /** The text of the last attribute of this type; undefined when there is none or it is no text. */
  attribute(oid: string): string | undefined {
    for (let i = this.rdns.length - 1; i >= 0; i--) {
      const rdn = this.rdns[i]!;
      for (let k = rdn.length - 1; k >= 0; k--) if (rdn[k]!.oid === oid) return rdn[k]!.text;
    }
    return undefined;
  }

  /**
   * Whether both are the same name by RFC 5280 §7.1: the same relative names in the same order, the attributes of
   * each in any order, text without regard to case and white space. A name with malformed text equals no name, not
   * even itself.
   */
  equals(other: Name): boolean {
    const key = this.comparisonKey;
    return key !== undefined && key === other.comparisonKey;
  }

  /** Text that is the same for exactly the names that {@link Name.equals} calls equal; undefined: equals none. */
  get comparisonKey(): string | undefined {
    if (this.comparable === undefined) this.comparable = comparisonKey(this.rdns) ?? false;
    return this.comparable === false ? undefined : this.comparable;
  }

  /**
   * The same for subtrees of names, which hold a name in whatever type of string it is written: text of every type is
   * prepared.
   */
  get subtreeKey(): string | undefined {
    return comparisonKey(this.rdns, isString);
  }
}

/**
 * Reads a Name.
 *
 * @throws {DerError} when it is not a SEQUENCE OF non-empty SET OF { type, value }
 */
export function readName(reader: DerReader, reading: string): Name {
  const start = reader.position;
  const sequence = reader.sequence(reading);
  const rdns: RelativeDistinguishedName[] = [];
  while (!sequence.done) rdns.push(readShortName(sequence) ?? readRelativeName(sequence, TAG.set, reading));
  return new Name(rdns, reader.octets, start, reader.position);
}

/**
 * Reads a Name that is the whole input.
 *
 * @throws {DerError} when it is not a Name, or something follows it
 */
export function parseName(der: Bytes): Name {
  const reader = new DerReader(der);
  const name = readName(reader, "Name");
  reader.finish("Name");
  return name;
}

/**
 * Reads a relative name of the form that nearly all have, SET { SEQUENCE { 2.5.4.n, value } } of less than 128 octets.
 * undefined: it has another one or is malformed, and the cursor stays.
 */
function readShortName(reader: DerReader): RelativeDistinguishedName | undefined {
  const { octets, position: at } = reader;
  const length = octets[at + 1]!;
  const end = at + 2 + length;
  if (
    octets[at] !== TAG.set || length > 0x7f || end > reader.end || octets[at + 2] !== TAG.sequence ||
    octets[at + 3] !== length - 2 || octets[at + 4] !== TAG.objectIdentifier || octets[at + 5] !== 3 ||
    octets[at + 6] !== 0x55 || octets[at + 7] !== 4 || octets[at + 10] !== length - 9
  ) return undefined;
  const oid = ATTRIBUTE_TYPES[octets[at + 8]!];
  const tag = octets[at + 9]!;
  // Tag numbers above 30 are refused where errors are raised.
  if (oid === undefined || (tag & 0x1f) === 0x1f) return undefined;
  reader.position = end;
  return [new NameAttribute(oid, tag, octets, at + 11, end)];
}

/** Reads a RelativeDistinguishedName: a SET OF at least one attribute, under its own or a context tag. */
export function readRelativeName(reader: DerReader, tag: number, reading: string): RelativeDistinguishedName {
  const offset = reader.position;
  const start = reader.next(tag, reading);
  const end = reader.position;
  if (start === end) reader.fail("ERR_DER_VALUE", reading, offset, "a relative distinguished name is empty");
  // Names are most of what is decoded of a certificate: one cursor walks them, and each level checks its own end.
  reader.position = start;
  const attributes = [readAttribute(reader, reading)];
  while (reader.position < end) attributes.push(readAttribute(reader, reading));
  if (reader.position !== end) misfit(reader, end, reading);
  return attributes;
}

function readAttribute(reader: DerReader, reading: string): NameAttribute {
  const start = reader.next(TAG.sequence, reading);
  const end = reader.position;
  reader.position = start;
  const oid = readObjectIdentifier(reader, reading);
  const tag = reader.peek();
  const value = reader.next(-1, reading);
  if (reader.position !== end) misfit(reader, end, reading);
  return new NameAttribute(oid, tag, reader.octets, value, end);
}

function misfit(reader: DerReader, end: number, reading: string): never {
  return reader.fail(
    reader.position < end ? "ERR_DER_TRAILING_DATA" : "ERR_DER_TRUNCATED",
    reading,
    end,
    "an element does not end where what holds it ends",
  );
}

/** Text of a value. Nearly all of it is within PrintableString, which three of the string types share. */
function decodeText(tag: number, octets: Bytes, start: number, end: number): string | undefined {
  const codes = CODES[end - start];
  if (codes !== undefined && (tag === TAG.printableString || tag === TAG.utf8String || tag === TAG.ia5String)) {
    let at = start;
    for (; at < end && PRINTABLE[octets[at]!] === 1; at++) codes[at - start] = octets[at]!;
    if (at === end) return String.fromCharCode.apply(undefined, codes);
  }
  return decodeString(tag, octets.subarray(start, end));
}

/** Scratch memory for the characters of one text, by its length: up to 64, as X.520 allows. Longer text takes the ordinary way. */
const CODES: readonly number[][] = /* @__PURE__ */ Array.from({ length: 65 }, (_, length) => new Array(length).fill(0));

/** Which octets are characters of PrintableString. */
const PRINTABLE = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, code) => isPrintableCode(code) ? 1 : 0);

/** X.680 §41.4. */
function isPrintableCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x2b && code <= 0x3a) ||
    code === 0x20 || (code >= 0x27 && code <= 0x29) || code === 0x3d || code === 0x3f;
}

/** Whether the value's type is a character string whose text is malformed. */
export function isMalformedText(attribute: NameAttribute): boolean {
  return attribute.text === undefined && isString(attribute.tag);
}

/** Each part is preceded by its length, so that no two names share a key. */
function comparisonKey(
  rdns: readonly RelativeDistinguishedName[],
  isPrepared: (tag: number) => boolean = isFolded,
): string | undefined {
  let key = "";
  for (const rdn of rdns) {
    const parts: string[] = [];
    for (const attribute of rdn) {
      if (isMalformedText(attribute)) return undefined;
      const { text } = attribute;
      const folded = text !== undefined && isPrepared(attribute.tag);
      if (folded && !isAscii(text) && MANY_MARKS.test(text)) return undefined;
      const value = folded ? prepareText(text) : `#${attribute.tag}#${encodeHex(attribute.value)}`;
      parts.push(`${attribute.oid}=${value.length}:${value}`);
    }
    key += parts.length === 1 ? `${parts[0]};` : `${parts.sort().join("+")};`;
  }
  return key;
}

/**
 * Prepares text for comparison as RFC 4518 §2 says, by the means of the language: compatibility composition, case
 * folding (upper, then lower case, which also joins letters such as ß and ss), white space at the ends dropped and
 * elsewhere one blank.
 */
export function prepareText(text: string): string {
  const folded = isAscii(text)
    ? text.toLowerCase()
    : text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
  return folded.replace(/\s{2,}|[^\S ]/g, " ").trim();
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/**
 * More marks in a row than a name of any script needs: to put them in order takes time that grows with the square of
 * their number. The two that are no marks become some when they are composed.
 */
const MANY_MARKS = /[\p{M}\uff9e\uff9f]{9}/u;

/** Types whose text is compared prepared (RFC 5280 §7.1, §7.3). All others are compared as octets. */
function isFolded(tag: number): boolean {
  return tag === TAG.printableString || tag === TAG.utf8String || tag === TAG.ia5String || tag === TAG.bmpString ||
    tag === TAG.universalString;
}

function isString(tag: number): boolean {
  return isFolded(tag) || tag === TAG.teletexString || tag === TAG.numericString || tag === TAG.visibleString;
}
