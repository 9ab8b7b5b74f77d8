/**
 * Amazon Resource Names: `arn:partition:service:region:account:resource`.
 *
 * @see the "Amazon Resource Names (ARNs)" page of the IAM user guide
 * @module
 */

import { ArnError } from "./arn-error.ts";

/** An ARN taken apart; sections that the service leaves out are empty. */
export interface Arn {
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
  /** `iam`, `rolesanywhere`, … */
  readonly service: string;
  /** Empty for global services. */
  readonly region: string;
  /** Twelve digits, or empty. */
  readonly account: string;
  /** Everything behind the fifth colon; may itself contain colons. */
  readonly resource: string;
}

/**
 * Takes an ARN apart. Only the shape is checked: the prefix, six sections, and no character that could not travel
 * in a URL; what a service expects of each section is the caller's to check.
 *
 * @param text the ARN
 * @param reading what it is, for the message
 * @throws {ArnError} ERR_ARN_PREFIX, ERR_ARN_SECTIONS, ERR_ARN_CHARACTER
 */
export function parseArn(text: string, reading: string = "ARN"): Arn {
  if (typeof text !== "string") throw new TypeError(`The ${reading} must be a string`);
  if (text === "") throw new ArnError("ERR_ARN_PREFIX", reading, text, "it is empty");
  if (!text.startsWith("arn:")) throw new ArnError("ERR_ARN_PREFIX", reading, text, 'it does not begin with "arn:"');
  const sections = text.split(":");
  if (sections.length < 6) {
    const state = `it has ${sections.length} sections of six: arn:partition:service:region:account:resource`;
    throw new ArnError("ERR_ARN_SECTIONS", reading, text, state);
  }
  if (UNUSABLE.test(text)) {
    throw new ArnError("ERR_ARN_CHARACTER", reading, text, "it holds a control character or half a surrogate pair");
  }
  return {
    partition: sections[1]!,
    service: sections[2]!,
    region: sections[3]!,
    account: sections[4]!,
    resource: sections.slice(5).join(":"),
  };
}

/** Writes an ARN; the inverse of {@linkcode parseArn}. */
export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}

// In a pattern with the u flag, a surrogate is one that is not part of a pair.
// deno-lint-ignore no-control-regex
const UNUSABLE = /[\0-\x1f\x7f-\x9f\ud800-\udfff]/u;
