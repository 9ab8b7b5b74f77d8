/**
 * A string or a list of strings, as most elements of the policy language are.
 *
 * @module
 */

import { type JsonValue, memberPointer } from "./json-reader.ts";
import { PolicyError } from "./policy-error.ts";

/** A string with its place. */
export interface PlacedString {
  /** The string. */
  readonly text: string;
  /** JSON pointer to it. */
  readonly pointer: string;
}

/**
 * Reads a string or a list of at least one.
 *
 * @param scalars whether numbers, true and false count as strings, as they do in conditions
 * @throws {PolicyError} ERR_POLICY_TYPE, ERR_POLICY_EMPTY
 */
export function readStrings(value: JsonValue, pointer: string, scalars: boolean = false): readonly PlacedString[] {
  if (!Array.isArray(value)) return [readString(value as Exclude<JsonValue, readonly JsonValue[]>, pointer, scalars)];
  if (value.length === 0) throw new PolicyError("ERR_POLICY_EMPTY", pointer, "the list is empty; remove it or fill it");
  return value.map((one: JsonValue, i) => readString(one, memberPointer(pointer, i), scalars));
}

function readString(value: JsonValue, pointer: string, scalars: boolean): PlacedString {
  if (typeof value === "string") return { text: value, pointer };
  if (scalars && typeof value === "boolean") return { text: String(value), pointer };
  if (scalars && value !== null && typeof value === "object" && "digits" in value) {
    return { text: value.digits, pointer };
  }
  const wanted = scalars ? "a string, a number, true, false, or a list of them" : "a string or a list of strings";
  throw new PolicyError("ERR_POLICY_TYPE", pointer, `it must be ${wanted}`);
}
