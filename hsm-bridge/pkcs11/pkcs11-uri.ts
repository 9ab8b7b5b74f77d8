/**
 * PKCS#11 URIs (RFC 7512): which module, slot, token and object are meant, and where the PIN comes from.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";

/** What `type` may say of an object. */
export type Pkcs11ObjectType = "public" | "private" | "cert" | "secret-key" | "data";

/** CK_VERSION. */
export interface Pkcs11Version {
  /** The integer part. */
  readonly major: number;
  /** The part behind the point; zero when the URI does not have one. */
  readonly minor: number;
}

/** An attribute that the standard does not know. */
export interface VendorAttribute {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  /** The value, decoded. */
  readonly value: string;
}

/** Members that are texts of the path. */
export type PathText =
  | "token"
  | "manufacturer"
  | "serial"
  | "model"
  | "libraryManufacturer"
  | "libraryDescription"
  | "object"
  | "slotDescription"
  | "slotManufacturer";

/** Members that are texts of the query. */
export type QueryText = "pinSource" | "moduleName" | "modulePath";

/** What a PKCS#11 URI says; whatever is undefined does not matter. */
export interface Pkcs11UriAttributes {
  /** CK_TOKEN_INFO.label. */
  readonly token?: string | undefined;
  /** CK_TOKEN_INFO.manufacturerID. */
  readonly manufacturer?: string | undefined;
  /** CK_TOKEN_INFO.serialNumber. */
  readonly serial?: string | undefined;
  /** CK_TOKEN_INFO.model. */
  readonly model?: string | undefined;
  /** CK_INFO.manufacturerID. */
  readonly libraryManufacturer?: string | undefined;
  /** CK_INFO.libraryDescription. */
  readonly libraryDescription?: string | undefined;
  /** CK_INFO.libraryVersion. */
  readonly libraryVersion?: Pkcs11Version | undefined;
  /** CKA_LABEL. */
  readonly object?: string | undefined;
  /** CKA_CLASS. */
  readonly type?: Pkcs11ObjectType | undefined;
  /** CKA_ID. */
  readonly id?: Bytes | undefined;
  /** CK_SLOT_INFO.slotDescription. */
  readonly slotDescription?: string | undefined;
  /** CK_SLOT_INFO.manufacturerID. */
  readonly slotManufacturer?: string | undefined;
  /** CK_SLOT_ID; zero is a slot like any other. */
  readonly slotId?: bigint | undefined;
  /** Where the PIN can be had: a `file:` URI, a path, or a command behind `|`. */
  readonly pinSource?: string | undefined;
  /** The module's name, without the system's prefix and suffix: `softhsm2` for `libsofthsm2.so`. */
  readonly moduleName?: string | undefined;
  /** The module's file, absolute. */
  readonly modulePath?: string | undefined;
  /** Attributes of the path that the standard does not know; they choose nothing. */
  readonly vendorPath?: readonly VendorAttribute[] | undefined;
  /** The same of the query, where a name may stand several times. */
  readonly vendorQuery?: readonly VendorAttribute[] | undefined;
}

/**
 * A PKCS#11 URI. The PIN is not among its enumerable members: neither JSON, inspection nor {@link Pkcs11Uri.toString}
 * shows it.
 *
 * Secret: the PIN.
 */
export class Pkcs11Uri {
  /** What it says, the PIN aside. */
  readonly attributes: Pkcs11UriAttributes;
  readonly #pin: Bytes | undefined;

  /**
   * Makes the URI of its attributes.
   *
   * Secret: the PIN.
   *
   * @param pin octets of `pin-value`
   */
  constructor(attributes: Pkcs11UriAttributes, pin?: Bytes) {
    this.attributes = attributes;
    this.#pin = pin;
  }

  /** Octets of `pin-value`; undefined: the URI has none. Secret: the result. */
  pinValue(): Bytes | undefined {
    return this.#pin;
  }

  /** The same URI with other attributes in place of, or besides, its own; undefined takes one away. */
  with(changes: Pkcs11UriAttributes): Pkcs11Uri {
    return new Pkcs11Uri({ ...this.attributes, ...changes }, this.#pin);
  }

  /** The path alone, as {@link formatPkcs11Uri} writes it: what is meant, and nothing of what may be secret. */
  toString(): string {
    const { pinSource: _, moduleName: __, modulePath: ___, vendorQuery: ____, ...path } = this.attributes;
    return formatPkcs11Uri(new Pkcs11Uri(path));
  }

  /** As {@link Pkcs11Uri.toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/**
 * Writes the URI: attributes of the path in the order of RFC 7512 §2.3, then those of the query, each percent-encoded
 * where it must be; `id` wholly, as the standard recommends. The PIN is left out.
 */
export function formatPkcs11Uri(uri: Pkcs11Uri): string {
  const { attributes } = uri;
  const { id, slotId, libraryVersion, vendorPath = [], vendorQuery = [] } = attributes;
  const path: (readonly [string, string | undefined])[] = PATH_TEXTS.map((
    [name, member],
  ) => [name, encoded(attributes[member], PATH_CHARACTERS)]);
  path.push(
    ["library-version", libraryVersion && `${libraryVersion.major}.${libraryVersion.minor}`],
    ["slot-id", slotId?.toString()],
    ["id", id && encodeHex(id).replace(/../g, "%$&")],
    ["type", attributes.type],
    ...vendorPath.map(({ name, value }) => [name, encoded(value, PATH_CHARACTERS)] as const),
  );
  const query = [
    ...QUERY_TEXTS.map(([name, member]) => [name, encoded(attributes[member], QUERY_CHARACTERS)] as const),
    ...vendorQuery.map(({ name, value }) => [name, encoded(value, QUERY_CHARACTERS)] as const),
  ];
  const written = joined(query, "&");
  return `pkcs11:${joined(path, ";")}${written === "" ? "" : `?${written}`}`;
}

function joined(attributes: readonly (readonly [string, string | undefined])[], separator: string): string {
  return attributes.flatMap(([name, value]) => value === undefined ? [] : [`${name}=${value}`]).join(separator);
}

function encoded(text: string | undefined, allowed: RegExp): string | undefined {
  return text === undefined ? undefined : Array.from(
    encodeUtf8(text),
    (octet) => {
      const character = String.fromCharCode(octet);
      return allowed.test(character) ? character : `%${encodeHex(Uint8Array.of(octet)).toUpperCase()}`;
    },
  ).join("");
}

/** Attributes of the path that are texts: the name in the URI, the member here. */
export const PATH_TEXTS: readonly (readonly [name: string, member: PathText])[] = [
  ["token", "token"],
  ["manufacturer", "manufacturer"],
  ["serial", "serial"],
  ["model", "model"],
  ["library-manufacturer", "libraryManufacturer"],
  ["library-description", "libraryDescription"],
  ["object", "object"],
  ["slot-description", "slotDescription"],
  ["slot-manufacturer", "slotManufacturer"],
];

/** Attributes of the query that are no secret. */
export const QUERY_TEXTS: readonly (readonly [name: string, member: QueryText])[] = [
  ["pin-source", "pinSource"],
  ["module-name", "moduleName"],
  ["module-path", "modulePath"],
];

/** pk11-pchar (RFC 7512 §2.3) without pct-encoded. */
export const PATH_CHARACTERS: RegExp = /^[A-Za-z0-9\-._~:[\]@!$'()*+,=&]$/;

/** pk11-qchar without pct-encoded. */
export const QUERY_CHARACTERS: RegExp = /^[A-Za-z0-9\-._~:[\]@!$'()*+,=/?|]$/;
