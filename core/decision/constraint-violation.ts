/**
 * The message of a `ValidationException`: one sentence that lists every constraint that the request breaks, in the
 * form that AWS services share.
 *
 * @module
 */

/** One broken constraint. */
export interface ConstraintViolation {
  /** Path of the member: `durationSeconds`, `tags.1.member.key`. */
  readonly member: string;
  /** What was sent, as text; null: nothing was. */
  readonly value: string | null;
  /** What the service demands: `Member must not be null`. */
  readonly constraint: string;
  /** Whether the value must not be repeated, as with tags. */
  readonly sensitive?: boolean;
}

/** The sentence for these violations; at least one. */
export function constraintMessage(violations: readonly ConstraintViolation[]): string {
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected: `;
  return count + violations.map(sentence).join("; ");
}

/** The violations of a text that must have a length between `least` and `most` characters and match a pattern. */
export function textViolations(
  member: string,
  value: string,
  limits: { readonly least: number; readonly most: number; readonly pattern?: string; readonly matches?: boolean },
): ConstraintViolation[] {
  const violations: ConstraintViolation[] = [];
  if (limits.pattern !== undefined && limits.matches === false) {
    violations.push({ member, value, constraint: `Member must satisfy regular expression pattern: ${limits.pattern}` });
  }
  if (value.length < limits.least) {
    violations.push({ member, value, constraint: `Member must have length greater than or equal to ${limits.least}` });
  }
  if (value.length > limits.most) {
    violations.push({ member, value, constraint: `Member must have length less than or equal to ${limits.most}` });
  }
  return violations;
}

/** The violations of an integer that must lie between `least` and `most`. */
export function rangeViolations(member: string, value: number, least: number, most: number): ConstraintViolation[] {
  if (value < least) {
    return [{
      member,
      value: String(value),
      constraint: `Member must have value greater than or equal to ${least}`,
    }];
  }
  if (value > most) {
    return [{ member, value: String(value), constraint: `Member must have value less than or equal to ${most}` }];
  }
  return [];
}

function sentence(violation: ConstraintViolation): string {
  const value = violation.value === null
    ? "Value null"
    : violation.sensitive === true
    ? "Value"
    : `Value '${violation.value}'`;
  return `${value} at '${violation.member}' failed to satisfy constraint: ${violation.constraint}`;
}
