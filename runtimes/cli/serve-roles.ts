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
  /** The role of the session. */
  readonly roleArn: string;
  /** The role that the credentials are of. */
  readonly arn: Arn;
}

/**
 * Reads `ARN` or `NAME=ARN`. The name of a bare ARN is the role's, without its path, as in the original helper; of a single
 * one that others are assumed after, the last one's.
 *
 * @throws {UsageError} there is none, or two have one name
 * @throws {ArnError} for what is no ARN of a role
 */
export function servedRoles(values: FlagValues): readonly [ServedRole, ...ServedRole[]] {
  const roles = values.texts("role-arn").map((text): ServedRole => {
    const [, given, roleArn] = /^(?:([\w+,.@-]{1,64})=)?(arn:.*)$/s.exec(text) ?? [undefined, undefined, text];
    const arn = parseRoleArn(roleArn!);
    return { name: given ?? roleName(arn), roleArn: roleArn!, arn };
  });
  const last = values.texts("assume-role-arn").at(-1);
  const [first, ...others] = last === undefined ? roles : assumed(roles, parseRoleArn(last), values);
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

/** With roles that are assumed after them: the credentials are the last one's, and a single bare role has its name. */
function assumed(roles: readonly ServedRole[], last: Arn, values: FlagValues): readonly ServedRole[] {
  const bare = roles.length === 1 && values.texts("role-arn")[0]!.startsWith("arn:");
  return roles.map((role) => ({ ...role, ...(bare ? { name: roleName(last) } : {}), arn: last }));
}

function roleName({ resource }: Arn): string {
  return resource.slice(resource.lastIndexOf("/") + 1);
}
