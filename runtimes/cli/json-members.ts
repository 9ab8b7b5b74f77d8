/**
 * Members of a JSON object that somebody else wrote, by their types.
 *
 * @module
 */

import type { AttributeMapping } from "../../core/policy/attribute-mapping.ts";
import { unusable } from "./input-files.ts";

/** A JSON object of a file; a member of another type than is asked for makes the file unusable. */
export class JsonMembers {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** @param path of the file, for messages */
  constructor(members: object, path: string) {
    this.#members = members as Record<string, unknown>;
    this.#path = path;
  }

  /** Text; undefined: it is not there. @throws {InputFileError} */
  text(name: string): string | undefined {
    return this.#typed(name, "a string", (value) => typeof value === "string");
  }

  /** A number; undefined: it is not there. @throws {InputFileError} */
  number(name: string): number | undefined {
    return this.#typed(name, "a number", (value) => typeof value === "number");
  }

  /** True or false; undefined: it is not there. @throws {InputFileError} */
  boolean(name: string): boolean | undefined {
    return this.#typed(name, "true or false", (value) => typeof value === "boolean");
  }

  /** A list of texts; undefined: it is not there. @throws {InputFileError} */
  texts(name: string): readonly string[] | undefined {
    const texts = (value: unknown): value is readonly string[] =>
      Array.isArray(value) && value.every((one) => typeof one === "string");
    return this.#typed(name, "a list of strings", texts);
  }

  /** An object; undefined: it is not there. @throws {InputFileError} */
  object(name: string): JsonMembers | undefined {
    const value = this.#typed<object>(name, "an object", isObject);
    return value === undefined ? undefined : new JsonMembers(value, this.#path);
  }

  /**
   * A policy as JSON text: the AWS CLI prints an object, the API percent-encoded text. Undefined: it is not there.
   *
   * @throws {InputFileError}
   */
  document(name: string): string | undefined {
    const document = (value: unknown): value is string | object => typeof value === "string" || isObject(value);
    const value = this.#typed<string | object>(name, "a policy", document);
    if (typeof value !== "string") return value === undefined ? undefined : JSON.stringify(value);
    if (!value.startsWith("%7B")) return value;
    try {
      return decodeURIComponent(value);
    } catch {
      throw unusable(this.#path, `${name} is not percent-encoded`);
    }
  }

  /** The attribute mappings of a profile; undefined: they are not there. @throws {InputFileError} */
  attributeMappings(name: string): readonly AttributeMapping[] | undefined {
    return this.#typed(name, "a list of attribute mappings", isAttributeMappings);
  }

  #typed<T>(name: string, wanted: string, is: (value: unknown) => boolean): T | undefined {
    const value = Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw unusable(this.#path, `${name} is not ${wanted}`);
    return value as T;
  }
}

/**
 * The JSON object in a text.
 *
 * @throws {InputFileError} when it is none
 */
export function jsonMembers(text: string, path: string): JsonMembers {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(path, "it is not JSON", cause);
  }
  if (!isObject(value)) throw unusable(path, "it is no JSON object");
  return new JsonMembers(value, path);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAttributeMappings(value: unknown): boolean {
  return Array.isArray(value) && value.every((mapping: unknown) => {
    if (!isObject(mapping)) return false;
    const { certificateField, mappingRules } = mapping as Partial<AttributeMapping>;
    return FIELDS.includes(String(certificateField)) && Array.isArray(mappingRules) &&
      mappingRules.every((rule: unknown) =>
        isObject(rule) && typeof (rule as { specifier?: unknown }).specifier === "string"
      );
  });
}

const FIELDS: readonly string[] = ["x509Subject", "x509Issuer", "x509SAN"];
