/**
 * From the flags of further roles to a chain of them.
 *
 * @module
 */

import { decodeUtf8 } from "../../core/bytes/text.ts";
import { chainRoles, type RoleChain } from "../../core/session/role-chain.ts";
import type { Host } from "../host.ts";
import { configuredEndpoint } from "../shared/endpoint-environment.ts";
import { type FlagValues, invalid } from "./flags.ts";
import { sessionOptions } from "./session-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Session policies are at most 2,048 characters long; files of them are not much longer, in octets. */
const MAX_POLICY_FILE_LENGTH = 65_536;

/** The chain. @throws as `roleChain` of `session-flags.ts` */
export function roleChainOfFlags(host: Host, values: FlagValues): RoleChain {
  // An empty variable of a shell is not to leave the session with the role before it.
  if (values.allTexts("assume-role-arn").includes("")) throw invalid("assume-role-arn", "", "it is empty");
  const roleArns = values.texts("assume-role-arn");
  const names = perRole(values, "assume-role-session-name", roleArns.length, "all");
  const externalIds = perRole(values, "external-id", roleArns.length, "last");
  const policies = perRole(values, "session-policy", roleArns.length, "last");
  const chain = chainRoles({
    roles: roleArns.map((roleArn, i) => ({
      roleArn,
      roleSessionName: names[i],
      externalId: externalIds[i],
      policy: policies[i] === undefined ? undefined : policyText(host, policies[i]),
    })),
    endpoint: configuredEndpoint(host, "STS"),
  });
  chain.check(sessionOptions(host, values));
  return chain;
}

/** A value for each role: of a flag given once, for all or the last; else one for each, empty ones for none. */
function perRole(
  values: FlagValues,
  name: string,
  count: number,
  single: "all" | "last",
): readonly (string | undefined)[] {
  const given = values.allTexts(name);
  if (given.length === 0) return [];
  if (count === 0) {
    throw new UsageError("ERR_USAGE_MISSING_FLAG", `--${name} is for roles that are assumed: add --assume-role-arn`);
  }
  if (given.length !== 1 && given.length !== count) {
    throw new UsageError(
      "ERR_USAGE_INVALID_VALUE",
      `--${name} is given ${given.length} times and --assume-role-arn ${count} times: give it once, or once for each ` +
        `role (--${name} "" for none)`,
    );
  }
  const all = given.length === count
    ? given
    : Array.from({ length: count }, (_, i) => single === "all" || i === count - 1 ? given[0] : undefined);
  return all.map((value) => value || undefined);
}

/** The policy itself, which begins with a brace, or the file that holds it. */
function policyText(host: Host, given: string): string {
  if (given.trimStart().startsWith("{")) return given;
  const path = given.startsWith("file://") ? given.slice("file://".length) : given;
  // What is no UTF-8 is no JSON either, and refused as that.
  return decodeUtf8(host.readFile(path, MAX_POLICY_FILE_LENGTH)) ?? "";
}
