/**
 * What `explain` decides from when it is given the state file of the emulator.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { ExplainRequest } from "./explain-flags.ts";
import type { KnownService } from "./explain-inputs.ts";
import { missingFlag } from "./flag-readings.ts";

/**
 * Reads a state file. Secret: it holds keys, none of which is looked at.
 *
 * @throws {HostError} when it cannot be read
 * @throws {StateError} when it is damaged, or no state file
 * @throws {UsageError} when a flag does not say which of several is meant
 */
export async function readKnownState(host: Host, path: string, request: ExplainRequest): Promise<KnownService> {
  const { readKeptState } = await import("../emulator/kept-state.ts");
  const { state, rolePolicies } = readKeptState(host, path);
  const arnsOf = (all: readonly { readonly arn: string }[]): readonly string[] => all.map(({ arn }) => arn);
  const trustAnchorArn = request.trustAnchorArn ?? only(arnsOf(state.trustAnchors), "trust-anchor-arn", request);
  const profileArn = request.profileArn ?? only(arnsOf(state.profiles), "profile-arn", request);
  const listed = state.profiles.find(({ arn }) => arn === profileArn)?.roleArns ?? [];
  const roleArn = request.roleArn ?? only(listed, "role-arn", request);
  return { state, arns: { trustAnchorArn, profileArn, roleArn }, rolePolicies: rolePolicies(roleArn) };
}

/** The only one; a whole request says itself which it means. */
function only([first, ...others]: readonly string[], flag: string, { asker }: ExplainRequest): string {
  if (first !== undefined && others.length === 0) return first;
  if ("request" in asker) return "";
  throw missingFlag(flag);
}
