/**
 * Members that hold others: lists and structures.
 *
 * @module
 */

import { addViolation, addWrongType, type Member } from "./member.ts";

/**
 * A list.
 *
 * @param most most elements; default: any number
 */
export function listMember<T>(element: Member<T>, most: number = Infinity): Member<readonly T[]> {
  const { sensitive = false } = element;
  return {
    type: "list",
    element,
    read(value, path, violations) {
      if (!Array.isArray(value)) {
        addWrongType(violations, { sensitive }, path, value, "a list");
        return undefined;
      }
      const before = violations.length;
      if (value.length > most) {
        addViolation(violations, { sensitive }, path, value, `Member must have length less than or equal to ${most}`);
        return undefined;
      }
      const elements: T[] = [];
      for (const [index, one] of value.entries()) {
        const at = `${path}.${index + 1}.member`;
        if (one === null) addViolation(violations, {}, at, null, NOT_NULL);
        else {
          const read = element.read(one, at, violations);
          if (read !== undefined) elements.push(read);
        }
      }
      return violations.length === before ? elements : undefined;
    },
  };
}

/** The members of a structure. */
export type MembersOf<T> = { readonly [name in keyof T]-?: Member<Exclude<T[name], undefined>> };

/**
 * A structure. Members that it does not have are ignored, as the service does; null counts as absent.
 *
 * @param required names of the members that must be there
 */
export function structureMember<T extends object>(
  members: MembersOf<T>,
  required: readonly (keyof T & string)[] = [],
): Member<T> {
  return {
    type: "structure",
    members,
    read(value, path, violations) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        addWrongType(violations, {}, path, value, "a structure");
        return undefined;
      }
      const before = violations.length;
      const read: Partial<Record<keyof T, unknown>> = {};
      for (const name of Object.keys(members) as (keyof T & string)[]) {
        const at = path === "" ? name : `${path}.${name}`;
        const given = Object.hasOwn(value, name) ? (value as T)[name] : null;
        if (given !== null && given !== undefined) {
          const one = members[name].read(given, at, violations);
          if (one !== undefined) read[name] = one;
        } else if (required.includes(name)) addViolation(violations, {}, at, null, NOT_NULL);
      }
      return violations.length === before ? read as T : undefined;
    },
  };
}

const NOT_NULL = "Member must not be null";
