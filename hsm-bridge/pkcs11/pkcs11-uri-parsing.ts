/**
 * Reading PKCS#11 URIs (RFC 7512 §2.3), strictly.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import {
  PATH_CHARACTERS,
  PATH_TEXTS,
  type Pkcs11ObjectType,
  Pkcs11Uri,
  type Pkcs11UriAttributes,
  type Pkcs11Version,
  QUERY_CHARACTERS,
  QUERY_TEXTS,
  type VendorAttribute,
} from "./pkcs11-uri.ts";
import { Pkcs11UriError, type Pkcs11UriErrorCode } from "./pkcs11-uri-error.ts";

/** Whether the text is meant as a PKCS#11 URI: it begins with the scheme, in any case of letters. */
export function isPkcs11Uri(text: string): boolean {
  return /^pkcs11:/i.test(text);
}

/**
 * Reads a PKCS#11 URI. Attributes that the standard does not know are kept and choose nothing.
 *
 * Secret: `pin-value`; no error repeats it.
 *
 * @throws {Pkcs11UriError} with the offset, and the attribute where the standard knows it
 * @see https://www.rfc-editor.org/rfc/rfc7512#section-2.3
 */
export function parsePkcs11Uri(text: string): Pkcs11Uri {
  if (!isPkcs11Uri(text)) {
    throw new Pkcs11UriError("ERR_PKCS11_URI_SCHEME", 0, undefined, `it does not begin with "pkcs11:"`);
  }
  if (text.length > MAX_LENGTH) {
    const state = `it is ${text.length} characters long, at most ${MAX_LENGTH} are accepted`;
    throw new Pkcs11UriError("ERR_PKCS11_URI_LENGTH", MAX_LENGTH, undefined, state);
  }
  const start = "pkcs11:".length;
  const mark = text.indexOf("?");
  const path = readAttributes(text, start, mark < 0 ? text.length : mark, ";");
  const query = mark < 0 ? [] : readAttributes(text, mark + 1, text.length, "&");
  return uriOf(path, query);
}

/** One attribute and where its value stands. */
interface Attribute {
  readonly name: string;
  readonly offset: number;
  readonly octets: Bytes;
  /** Whether the standard knows it. */
  readonly known: boolean;
}

function readAttributes(text: string, start: number, end: number, separator: ";" | "&"): readonly Attribute[] {
  if (start === end) return [];
  const inPath = separator === ";";
  const own: readonly string[] = inPath ? PATH_NAMES : QUERY_NAMES;
  const foreign: readonly string[] = inPath ? QUERY_NAMES : PATH_NAMES;
  const found: Attribute[] = [];
  for (let at = start; at <= end;) {
    const next = text.indexOf(separator, at);
    const stop = next < 0 || next > end ? end : next;
    const equals = text.indexOf("=", at);
    if (equals < 0 || equals >= stop) {
      const state = at === stop ? "an attribute is missing" : "an attribute has no value: it is written name=value";
      throw new Pkcs11UriError("ERR_PKCS11_URI_SYNTAX", at, undefined, state);
    }
    const name = text.slice(at, equals);
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      const state = "the name of an attribute is not of letters, digits, - and _";
      throw new Pkcs11UriError("ERR_PKCS11_URI_SYNTAX", at, undefined, state);
    }
    if (foreign.includes(name)) {
      const state = `"${name}" belongs ${inPath ? "behind" : "before"} the question mark`;
      throw new Pkcs11UriError("ERR_PKCS11_URI_MISPLACED", at, name, state);
    }
    const known = own.includes(name);
    // RFC 7512 §2.3: of the query, attributes that the standard does not know may stand several times.
    if ((known || inPath) && found.some((other) => other.name === name)) {
      const state = known ? `"${name}" stands twice` : "an attribute of the path stands twice";
      throw new Pkcs11UriError("ERR_PKCS11_URI_DUPLICATE", at, known ? name : undefined, state);
    }
    const octets = readOctets(text, equals + 1, stop, inPath ? PATH_CHARACTERS : QUERY_CHARACTERS, known ? name : "");
    found.push({ name, offset: equals + 1, octets, known });
    at = stop + 1;
    if (at > end) break;
  }
  return found;
}

function readOctets(text: string, start: number, end: number, allowed: RegExp, name: string): Bytes {
  const octets = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const character = text[at]!;
    if (character === "%") {
      const digits = text.slice(at + 1, Math.min(at + 3, end));
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) {
        throw new Pkcs11UriError(
          "ERR_PKCS11_URI_ENCODING",
          at,
          name || undefined,
          `${valueOf(name)} has a percent sign without two hexadecimal digits; a percent sign is written %25`,
        );
      }
      octets[length++] = parseInt(digits, 16);
      at += 2;
    } else if (allowed.test(character)) {
      octets[length++] = character.charCodeAt(0);
    } else {
      throw new Pkcs11UriError(
        "ERR_PKCS11_URI_CHARACTER",
        at,
        name || undefined,
        `${valueOf(name)} has a character that must be percent-encoded, as %20 for a blank`,
      );
    }
  }
  return octets.slice(0, length);
}

function uriOf(path: readonly Attribute[], query: readonly Attribute[]): Pkcs11Uri {
  const attributes: { -readonly [member in keyof Pkcs11UriAttributes]: Pkcs11UriAttributes[member] } = {};
  let pin: Bytes | undefined;
  const vendorPath: VendorAttribute[] = [];
  const vendorQuery: VendorAttribute[] = [];
  for (const attribute of path) {
    const member = PATH_TEXTS.find(([name]) => name === attribute.name)?.[1];
    if (member !== undefined) attributes[member] = textOf(attribute);
    else if (attribute.name === "id") attributes.id = attribute.octets;
    else if (attribute.name === "type") attributes.type = objectType(attribute);
    else if (attribute.name === "slot-id") attributes.slotId = slotId(attribute);
    else if (attribute.name === "library-version") attributes.libraryVersion = libraryVersion(attribute);
    else vendorPath.push({ name: attribute.name, value: textOf(attribute) });
  }
  for (const attribute of query) {
    const member = QUERY_TEXTS.find(([name]) => name === attribute.name)?.[1];
    if (member !== undefined) attributes[member] = textOf(attribute);
    else if (attribute.name === "pin-value") {
      textOf(attribute);
      pin = attribute.octets;
    } else vendorQuery.push({ name: attribute.name, value: textOf(attribute) });
    if (pin !== undefined && attributes.pinSource !== undefined) {
      throw wrong("ERR_PKCS11_URI_PIN", attribute, `"pin-value" and "pin-source" exclude each other`);
    }
    checkModule(attribute, attributes);
  }
  if (vendorPath.length > 0) attributes.vendorPath = vendorPath;
  if (vendorQuery.length > 0) attributes.vendorQuery = vendorQuery;
  return new Pkcs11Uri(attributes, pin);
}

function textOf(attribute: Attribute): string {
  const text = decodeUtf8(attribute.octets);
  if (text === undefined) throw wrong("ERR_PKCS11_URI_ENCODING", attribute, `${valueOf(shown(attribute))} is no UTF-8`);
  return text;
}

function objectType(attribute: Attribute): Pkcs11ObjectType {
  const type = OBJECT_TYPES.find((each) => each === textOf(attribute));
  if (type === undefined) {
    throw wrong("ERR_PKCS11_URI_VALUE", attribute, `"type" is none of ${OBJECT_TYPES.join(", ")}`);
  }
  return type;
}

function slotId(attribute: Attribute): bigint {
  const text = textOf(attribute);
  const id = /^[0-9]{1,40}$/.test(text) ? BigInt(text) : undefined;
  if (id === undefined || id > MAX_ULONG) {
    throw wrong("ERR_PKCS11_URI_VALUE", attribute, `"slot-id" is no decimal number of at most 64 bits`);
  }
  return id;
}

function libraryVersion(attribute: Attribute): Pkcs11Version {
  const match = /^([0-9]{1,9})(?:\.([0-9]{1,9}))?$/.exec(textOf(attribute));
  const major = Number(match?.[1]);
  const minor = Number(match?.[2] ?? 0);
  if (match === null || major > 255 || minor > 255) {
    const state = `"library-version" is not one or two decimal numbers below 256 with a point between`;
    throw wrong("ERR_PKCS11_URI_VALUE", attribute, state);
  }
  return { major, minor };
}

function checkModule(attribute: Attribute, { modulePath, moduleName }: Pkcs11UriAttributes): void {
  if (attribute.name === "module-path" && !/^(?:[/\\]|[A-Za-z]:[/\\])[^\0]*$/.test(modulePath!)) {
    throw wrong("ERR_PKCS11_URI_VALUE", attribute, `"module-path" is no absolute path`);
  }
  if (attribute.name === "module-name" && !/^[^/\\\0]+$/.test(moduleName!)) {
    throw wrong("ERR_PKCS11_URI_VALUE", attribute, `"module-name" is empty or a path; a path is for "module-path"`);
  }
}

function wrong(code: Pkcs11UriErrorCode, attribute: Attribute, state: string): Pkcs11UriError {
  return new Pkcs11UriError(code, attribute.offset, shown(attribute) || undefined, state);
}

/** The name where the standard knows it: any other may be a piece of a PIN with an unescaped `&`. */
function shown({ name, known }: Attribute): string {
  return known ? name : "";
}

function valueOf(name: string): string {
  return name === "" ? "the value of an attribute" : `the value of "${name}"`;
}

const OBJECT_TYPES: readonly Pkcs11ObjectType[] = ["public", "private", "cert", "secret-key", "data"];

const PATH_NAMES: readonly string[] = /* @__PURE__ */ [
  "id",
  "type",
  "slot-id",
  "library-version",
].concat(/* @__PURE__ */ PATH_TEXTS.map(([name]) => name));

const QUERY_NAMES: readonly string[] = /* @__PURE__ */ ["pin-value"].concat(
  /* @__PURE__ */ QUERY_TEXTS.map(([name]) => name),
);

/** UTF-16 units; texts of tokens have at most 64 octets, paths at most some thousands. */
const MAX_LENGTH = 16_384;

const MAX_ULONG = 0xffff_ffff_ffff_ffffn;
