/**
 * Attributes of objects on a token (PKCS#11 v3.1 §4): what is asked for, and what the token answers.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";

/** A value as it is written: boolean as `CK_BBOOL`, number as `CK_ULONG`, text as UTF-8, octets as they are. */
export type AttributeValue = boolean | number | string | Bytes;

/** One attribute of a template. */
export interface Attribute {
  /** A number of `CKA`. */
  readonly type: number;
  /** Its value. */
  readonly value: AttributeValue;
}

/** What objects are found by, or made with. */
export type Template = readonly Attribute[];

/**
 * What became of an attribute that was asked for: `present`; `absent`: objects of this kind have none
 * (`CKR_ATTRIBUTE_TYPE_INVALID`); `sensitive`: it does not leave the token (`CKR_ATTRIBUTE_SENSITIVE`).
 */
export type AttributeOutcome = "present" | "absent" | "sensitive";

/** The attributes of one object that were asked for. */
export class AttributeSet {
  readonly #values: ReadonlyMap<number, Bytes | "absent" | "sensitive">;

  /** Makes a set out of what the token answered for each type. */
  constructor(values: ReadonlyMap<number, Bytes | "absent" | "sensitive">) {
    this.#values = values;
  }

  /** What became of an attribute; one that was not asked for is absent. */
  outcome(type: number): AttributeOutcome {
    const value = this.#values.get(type);
    return value === undefined ? "absent" : typeof value === "string" ? value : "present";
  }

  /** The octets; undefined when not present. */
  bytes(type: number): Bytes | undefined {
    const value = this.#values.get(type);
    return typeof value === "object" ? value : undefined;
  }

  /** The value as text; undefined when not present or no UTF-8. */
  text(type: number): string | undefined {
    const value = this.bytes(type);
    return value === undefined ? undefined : decodeUtf8(value);
  }

  /** The value as `CK_BBOOL`; undefined when not present or not one octet. */
  boolean(type: number): boolean | undefined {
    const value = this.bytes(type);
    return value?.length === 1 ? value[0] !== 0 : undefined;
  }

  /** The value as `CK_ULONG` of this machine; undefined when not present, not 4 or 8 octets, or above 2^53. */
  number(type: number): number | undefined {
    const value = this.bytes(type);
    if (value === undefined || (value.length !== 4 && value.length !== 8)) return undefined;
    const number = value.reduceRight((high, octet) => high * 256 + octet, 0);
    return Number.isSafeInteger(number) ? number : undefined;
  }
}
