/**
 * One condition and what it comes to.
 *
 * @module
 */

/** Values of a request, by key; a key that is not there is not in the request. */
export type CaseContext = Readonly<Record<string, string | readonly string[]>>;

/** A condition on the key `test:Key`. */
export type ConditionRow = readonly [
  /** What the case shows. */
  shows: string,
  operator: string,
  /** What the policy asks for. */
  wanted: string | number | boolean | readonly (string | number | boolean)[],
  /** What the request has; undefined: the key is absent. */
  actual: string | readonly string[] | undefined,
  met: boolean,
  /** Other keys of the request. */
  context?: CaseContext,
];
