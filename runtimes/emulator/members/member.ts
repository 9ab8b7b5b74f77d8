/**
 * What a member of an operation's input may be: values of unknown origin become typed ones, or broken constraints.
 *
 * @module
 */

import type { ConstraintViolation } from "../../../core/decision/constraint-violation.ts";

/** The type of a member, in the words of the API models. */
export type MemberType = "string" | "integer" | "boolean" | "blob" | "list" | "structure";

/** A description of a member. */
export interface Member<T> {
  /** Its type. */
  readonly type: MemberType;
  /** Whether error messages and events must not repeat the value. */
  readonly sensitive?: boolean;
  /** What a list holds. */
  readonly element?: Member<unknown>;
  /** What a structure holds, by name. */
  readonly members?: Readonly<Record<string, Member<unknown>>>;
  /**
   * Reads a value that is there.
   *
   * @param path where it stands: `tags.1.member.key`
   * @param violations gets what is wrong with it
   * @returns undefined when something is wrong with it
   */
  read(value: unknown, path: string, violations: ConstraintViolation[]): T | undefined;
}

/** What events show of sensitive values. */
const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** Longest value that a message repeats, in characters. */
const MAX_SHOWN = 1024;

/** Adds a violation; the value is shown as it is safe to show. */
export function addViolation(
  violations: ConstraintViolation[],
  { sensitive = false }: { readonly sensitive?: boolean },
  path: string,
  value: unknown,
  constraint: string,
): void {
  violations.push({ member: path, value: value === null ? null : shown(value), constraint, sensitive });
}

/** The violation of a value of another JSON type. The service's own text for it is not public (assumption). */
export function addWrongType(
  violations: ConstraintViolation[],
  member: { readonly sensitive?: boolean },
  path: string,
  value: unknown,
  wanted: string,
): void {
  addViolation(violations, member, path, value, `Member must be ${wanted}`);
}

/**
 * The value as events show it: sensitive ones hidden, blobs left out, members that the input does not have left out.
 *
 * @param value what {@link Member.read} returned
 */
export function loggedValue(member: Member<unknown>, value: unknown): unknown {
  if (member.sensitive === true) return HIDDEN;
  const { element, members } = member;
  if (element !== undefined) return (value as readonly unknown[]).map((one) => loggedValue(element, one));
  if (members === undefined) return value;
  const logged: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value as object)) {
    const described = members[name]!;
    if (described.type !== "blob") logged[name] = loggedValue(described, one);
  }
  return logged;
}

function shown(value: unknown): string {
  if (typeof value === "object") return Array.isArray(value) ? "[…]" : "{…}";
  const text = String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
