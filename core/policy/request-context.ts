/**
 * The request context: what is known of a request, by condition key.
 *
 * Keys are case-insensitive, also behind the slash of `aws:PrincipalTag/x509Subject/CN`; values are not.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition", The request context
 * @module
 */

/** The values of a key; a key of a single value has one. */
export type ContextValues = readonly string[];

/** Condition keys and their values. */
export class RequestContext {
  readonly #entries: ReadonlyMap<string, readonly [spelling: string, values: ContextValues]>;

  /** Use {@linkcode requestContext}. */
  constructor(entries: Iterable<readonly [key: string, values: string | readonly string[]]>) {
    const map = new Map<string, readonly [string, ContextValues]>();
    for (const [key, given] of entries) {
      const values = typeof given === "string" ? [given] : [...given];
      if (typeof key !== "string" || values.some((value) => typeof value !== "string")) {
        throw new TypeError("Condition keys and their values must be strings");
      }
      map.set(key.toLowerCase(), [key, values]);
    }
    this.#entries = map;
  }

  /** The values of a key, in whatever case; undefined when the request has no such key. */
  get(key: string): ContextValues | undefined {
    return this.#entries.get(key.toLowerCase())?.[1];
  }

  /** The keys as they were spelt, in order. */
  keys(): readonly string[] {
    return Array.from(this.#entries.values(), ([spelling]) => spelling);
  }
}

/**
 * Makes a request context. Of a key that stands twice the last counts.
 *
 * @example
 * ```ts
 * import { requestContext } from "anyrole/policy";
 *
 * export const context = requestContext([
 *   ["aws:SourceAccount", "111122223333"],
 *   ["aws:TagKeys", ["x509Subject/CN", "x509Issuer/CN"]],
 * ]);
 * ```
 */
export function requestContext(
  entries: Iterable<readonly [key: string, values: string | readonly string[]]>,
): RequestContext {
  return new RequestContext(entries);
}
