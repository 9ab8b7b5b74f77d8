/**
 * JSON (RFC 8259) as a policy is read from it: strict, with a bound on nesting, and with every member that stands
 * twice refused. `JSON.parse` keeps the last of two, so that a reviewer and the service could see different policies.
 *
 * Objects become maps: a member called `__proto__` is a member like any other. Numbers keep the text they have.
 *
 * @module
 */

import { PolicyError, quoted } from "./policy-error.ts";

/** A number, as it was written. */
export interface JsonNumber {
  /** `10`, `1.5e3`. */
  readonly digits: string;
}

/** Members by name, in order. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** What JSON can say. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;

/** Deeper than any policy is nested; the language itself needs six levels. */
export const MAX_JSON_DEPTH = 16;

/**
 * Reads one JSON value and nothing behind it.
 *
 * @throws {PolicyError} ERR_POLICY_SYNTAX, ERR_POLICY_DUPLICATE, ERR_POLICY_DEPTH
 */
export function readJson(text: string): JsonValue {
  return new JsonReader(text).read();
}

/** The pointer of a member (RFC 6901 §3). */
export function memberPointer(pointer: string, member: string | number): string {
  return `${pointer}/${String(member).replace(/~/g, "~0").replace(/\//g, "~1")}`;
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    const value = this.#value("", 0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("", "something follows the end of the document; remove it");
    return value;
  }

  #value(pointer: string, depth: number): JsonValue {
    this.#skipSpace();
    if (depth > MAX_JSON_DEPTH) {
      throw new PolicyError("ERR_POLICY_DEPTH", pointer, `it is nested deeper than ${MAX_JSON_DEPTH} levels`);
    }
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(pointer, depth);
    if (first === "[") return this.#array(pointer, depth);
    if (first === '"') return this.#string(pointer);
    for (const [word, value] of WORDS) if (this.#take(word)) return value;
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) this.#fail(pointer, "a value is expected here");
    this.#at += digits.length;
    return { digits };
  }

  #object(pointer: string, depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.#at++;
    this.#skipSpace();
    if (this.#take("}")) return members;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') this.#fail(pointer, "a member's name in double quotes is expected here");
      const name = this.#string(pointer);
      const place = memberPointer(pointer, name);
      if (members.has(name)) {
        throw new PolicyError("ERR_POLICY_DUPLICATE", place, "the member stands twice; merge the two");
      }
      this.#skipSpace();
      if (!this.#take(":")) this.#fail(place, "a colon is expected here");
      members.set(name, this.#value(place, depth + 1));
      this.#skipSpace();
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail(pointer, 'a comma or "}" is expected here');
    return members;
  }

  #array(pointer: string, depth: number): readonly JsonValue[] {
    const values: JsonValue[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#take("]")) return values;
    do {
      values.push(this.#value(memberPointer(pointer, values.length), depth + 1));
      this.#skipSpace();
    } while (this.#take(","));
    if (!this.#take("]")) this.#fail(pointer, 'a comma or "]" is expected here');
    return values;
  }

  #string(pointer: string): string {
    let value = "";
    this.#at++;
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text)?.[0] ?? "";
      value += plain;
      this.#at += plain.length;
      if (this.#take('"')) return value;
      if (this.#at >= this.#text.length) this.#fail(pointer, "the text ends within a string");
      if (this.#text[this.#at] !== "\\") this.#fail(pointer, "a control character in a string must be escaped");
      ESCAPE.lastIndex = this.#at;
      const escape = ESCAPE.exec(this.#text);
      if (escape === null) this.#fail(pointer, `${quoted(this.#text.slice(this.#at, this.#at + 2))} is no escape`);
      value += escape[1] === undefined ? ESCAPED.get(escape[0])! : String.fromCharCode(parseInt(escape[1], 16));
      this.#at += escape[0].length;
    }
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #skipSpace(): void {
    while (SPACE.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++;
  }

  #fail(pointer: string, state: string): never {
    throw new PolicyError("ERR_POLICY_SYNTAX", pointer, `${state} (offset ${this.#at})`, this.#at);
  }
}

const WORDS: readonly (readonly [string, boolean | null])[] = [["true", true], ["false", false], ["null", null]];
const SPACE = " \n\r\t";
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// deno-lint-ignore no-control-regex
const PLAIN = /[^"\\\0-\x1f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u([0-9A-Fa-f]{4}))/y;
const ESCAPED: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['\\"', '"'],
  ["\\\\", "\\"],
  ["\\/", "/"],
  ["\\b", "\b"],
  ["\\f", "\f"],
  ["\\n", "\n"],
  ["\\r", "\r"],
  ["\\t", "\t"],
]);
