/**
 * The three ARNs of a CreateSession request, each held to the pattern of the API model:
 * `arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:trust-anchor.*)`, `…(:profile.*)` and `arn:aws(-[^:]+)?:iam(:.*){2}(:role.*)`,
 * at most 1011 characters. Region and account, which those patterns leave open, must be what every real ARN has there,
 * because the region of the trust anchor becomes part of a host name.
 *
 * @module
 */

import { type Arn, parseArn } from "./arn.ts";
import { ArnError } from "./arn-error.ts";
import { isRegion } from "./region.ts";

/** Longest ARN that the service accepts, in characters. */
export const MAX_ARN_LENGTH = 1011;

/**
 * Reads `arn:…:rolesanywhere:region:account:trust-anchor/id`.
 *
 * @throws {ArnError} when it is anything else
 */
export function parseTrustAnchorArn(text: string): Arn {
  return parseResourceArn(text, "trust anchor ARN", "rolesanywhere", "trust-anchor");
}

/**
 * Reads `arn:…:rolesanywhere:region:account:profile/id`.
 *
 * @throws {ArnError} when it is anything else
 */
export function parseProfileArn(text: string): Arn {
  return parseResourceArn(text, "profile ARN", "rolesanywhere", "profile");
}

/**
 * Reads `arn:…:iam::account:role/path/name`. The path is not looked into: the service compares whole ARNs.
 *
 * @throws {ArnError} when it is anything else
 */
export function parseRoleArn(text: string): Arn {
  return parseResourceArn(text, "role ARN", "iam", "role");
}

function parseResourceArn(text: string, reading: string, service: "rolesanywhere" | "iam", kind: string): Arn {
  const arn = parseArn(text, reading);
  if (text.length > MAX_ARN_LENGTH) {
    throw new ArnError("ERR_ARN_LENGTH", reading, text, `it is longer than ${MAX_ARN_LENGTH} characters`);
  }
  if (!/^aws(-[a-z0-9-]+)?$/.test(arn.partition)) {
    throw new ArnError("ERR_ARN_PARTITION", reading, text, `"${arn.partition}" is no partition`);
  }
  if (arn.service !== service) {
    throw new ArnError("ERR_ARN_SERVICE", reading, text, `the service is "${arn.service}" and should be "${service}"`);
  }
  if (service === "iam" ? arn.region !== "" : !isRegion(arn.region)) {
    const state = service === "iam"
      ? "IAM is global: the region must be empty"
      : arn.region === ""
      ? "the region is missing"
      : `"${arn.region}" is no region`;
    throw new ArnError("ERR_ARN_REGION", reading, text, state);
  }
  if (!/^[0-9]{12}$/.test(arn.account)) {
    throw new ArnError("ERR_ARN_ACCOUNT", reading, text, `"${arn.account}" is no account of twelve digits`);
  }
  if (!arn.resource.startsWith(`${kind}/`) || arn.resource.length === kind.length + 1) {
    const state = `the resource is "${arn.resource}" and should be "${kind}/…"`;
    throw new ArnError("ERR_ARN_RESOURCE", reading, text, state);
  }
  return arn;
}
