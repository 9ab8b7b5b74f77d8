/**
 * Members that hold one value: text, integers, booleans, octets.
 *
 * @module
 */

import { decodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { rangeViolations, textViolations } from "../../../core/decision/constraint-violation.ts";
import { addViolation, addWrongType, type Member } from "./member.ts";

/** What a text must be like. */
export interface TextLimits {
  /** Least length, in UTF-16 units; default 0. */
  readonly least?: number;
  /** Greatest length; default: none. */
  readonly most?: number;
  /** The pattern as the API model prints it; it applies to the whole text. */
  readonly pattern?: string;
  /** Whether a text of an accepted length matches the pattern; in time linear in its length. */
  readonly matches?: (text: string) => boolean;
  /** Whether messages and events must not repeat it. */
  readonly sensitive?: boolean;
}

/** Text. */
export function textMember(limits: TextLimits = {}): Member<string> {
  const { least = 0, most = Infinity, pattern, matches, sensitive = false } = limits;
  return {
    type: "string",
    sensitive,
    read(value, path, violations) {
      if (typeof value !== "string") {
        addWrongType(violations, { sensitive }, path, value, "a string");
        return undefined;
      }
      // Texts that are too long are not matched: a pattern need not be linear in more than `most`.
      const matched = value.length > most || matches === undefined || matches(value);
      const broken = textViolations(path, value, {
        least,
        most,
        ...(pattern === undefined ? {} : { pattern, matches: matched }),
      });
      for (const { constraint } of broken) addViolation(violations, { sensitive }, path, value, constraint);
      return broken.length === 0 ? value : undefined;
    },
  };
}

/** One of these texts. */
export function choiceMember<T extends string>(choices: readonly T[]): Member<T> {
  return {
    type: "string",
    read(value, path, violations) {
      const chosen = choices.find((choice) => choice === value);
      if (typeof value !== "string") addWrongType(violations, {}, path, value, "a string");
      else if (chosen === undefined) {
        addViolation(violations, {}, path, value, `Member must satisfy enum value set: [${choices.join(", ")}]`);
      }
      return chosen;
    },
  };
}

/**
 * An integer.
 *
 * @param from `text`: digits of a query; default: a JSON number
 */
export function integerMember(
  { least = -Infinity, most = Infinity, from = "json" }: {
    readonly least?: number;
    readonly most?: number;
    readonly from?: "json" | "text";
  },
): Member<number> {
  return {
    type: "integer",
    read(value, path, violations) {
      const number = from === "text" && typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      if (!Number.isSafeInteger(number)) {
        addWrongType(violations, {}, path, value, "an integer");
        return undefined;
      }
      const broken = rangeViolations(path, number as number, least, most);
      violations.push(...broken);
      return broken.length === 0 ? number as number : undefined;
    },
  };
}

/** True or false. */
export function booleanMember(): Member<boolean> {
  return {
    type: "boolean",
    read(value, path, violations) {
      if (typeof value === "boolean") return value;
      addWrongType(violations, {}, path, value, "a boolean");
      return undefined;
    },
  };
}

/** Octets, which JSON carries in base64. */
export function blobMember({ least, most }: { readonly least: number; readonly most: number }): Member<Bytes> {
  return {
    type: "blob",
    read(value, path, violations) {
      const octets = typeof value === "string" ? decodeBase64(value) : undefined;
      if (octets === undefined) {
        addWrongType(violations, {}, path, value, "octets in base64");
        return undefined;
      }
      if (octets.length < least) {
        addViolation(violations, {}, path, value, `Member must have length greater than or equal to ${least}`);
        return undefined;
      }
      if (octets.length > most) {
        addViolation(violations, {}, path, value, `Member must have length less than or equal to ${most}`);
        return undefined;
      }
      return octets;
    },
  };
}
