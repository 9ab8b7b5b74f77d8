/**
 * The environment variables by which programs get credentials.
 *
 * @module
 */

import { parseArn } from "../../core/aws/arn.ts";
import type { Session } from "../../core/session/create-session.ts";
import type { Host } from "../host.ts";
import { wholeConfigText } from "../shared/config-file/config-text.ts";
import { profileRegion } from "../shared/config-file/profile-environment.ts";
import type { Variable } from "./environment-text.ts";
import type { FlagValues } from "./flags.ts";

/** Their names, in the order in which they are written. */
export const CREDENTIAL_VARIABLES: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_REGION",
  // What boto3 and the first AWS CLI read in its place.
  "AWS_DEFAULT_REGION",
];

/** Variables that would keep SDKs from using those: other credentials, and profiles that have their own. */
export const RIVAL_VARIABLES: readonly string[] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"];

/**
 * A session as variables. The region is the one of `--region`, of `AWS_REGION` or `AWS_DEFAULT_REGION`, of the AWS profile,
 * or of the trust anchor, whichever is given first.
 *
 * Secret: the values.
 */
export function credentialVariables(
  host: Host,
  values: FlagValues,
  { credentials }: Session,
): readonly (readonly [string, string])[] {
  const region = values.text("region") ||
    host.environment("AWS_REGION") ||
    host.environment("AWS_DEFAULT_REGION") ||
    profileRegion(host, wholeConfigText(host) ?? "") ||
    parseArn(values.text("trust-anchor-arn") ?? "", "trust anchor ARN").region;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  const texts = [accessKeyId, secretAccessKey, sessionToken, expiration, region, region];
  return CREDENTIAL_VARIABLES.map((name, i) => [name, texts[i]!] as const);
}

/** The variables, taken away. */
export function withoutCredentials(): readonly Variable[] {
  return CREDENTIAL_VARIABLES.map((name) => [name, undefined]);
}
