/**
 * The roles that `serve` is asked to serve, by name.
 *
 * @module
 */

import type { Arn } from "../../core/aws/arn.ts";
import { parseRoleArn } from "../../core/aws/roles-anywhere-arn.ts";
import type { FlagValues } from "./flags.ts";
import { missingFlag } from "./flag-readings.ts";
import { UsageError } from "./usage-error.ts";

/** A role to serve. */
export interface ServedRole {
  /** In paths. */
  readonly name: string;
  readonly roleArn: string;
  readonly arn: Arn;
}

/**
 * Reads `ARN` or `NAME=ARN`. The name of a bare ARN is the role's, without its path, as in the original helper.
 *
 * @throws {UsageError} there is none, or two have one name
 * @throws {ArnError} for what is no ARN of a role
 */
export function servedRoles(values: FlagValues): readonly [ServedRole, ...ServedRole[]] {
  const roles = values.texts("role-arn").map((text): ServedRole => {
    const [, given, roleArn] = /^(?:([\w+,.@-]{1,64})=)?(arn:.*)$/s.exec(text) ?? [undefined, undefined, text];
    const arn = parseRoleArn(roleArn!);
    return { name: given ?? arn.resource.slice(arn.resource.lastIndexOf("/") + 1), roleArn: roleArn!, arn };
  });
  const [first, ...others] = roles;
  if (first === undefined) throw missingFlag("role-arn");
  const twice = roles.find(({ name }, i) => roles.findIndex((role) => role.name === name) !== i);
  if (twice !== undefined) {
    throw new UsageError(
      "ERR_USAGE_INVALID_VALUE",
      `two roles have the name ${twice.name}: give one another name with --role-arn NAME=${twice.roleArn}`,
    );
  }
  return [first, ...others];
}
