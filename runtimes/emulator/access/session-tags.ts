/**
 * The tags of a session that assumes a role: those that are passed, and those that the calling session hands on.
 *
 * @see IAM user guide, "Pass session tags in AWS STS", Chaining roles with session tags
 * @module
 */

import type { SessionTag } from "../../../core/policy/mod.ts";
import type { CallerSession } from "./caller.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** Tags, and which of them go further. */
export interface SessionTags {
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
}

/**
 * Joins the tags of a request with those that the calling session hands on. Tag keys are compared without case.
 *
 * @throws {ServiceRefusal} `InvalidParameterValue` for keys that stand twice, are reserved or replace an inherited tag,
 * and for transitive keys that no tag has
 */
export function sessionTags(
  tags: readonly SessionTag[],
  transitiveTagKeys: readonly string[],
  session: CallerSession | undefined,
): SessionTags {
  const passed = new Set<string>();
  for (const { key } of tags) {
    if (/^aws:/i.test(key)) throw invalid("Tag keys must not begin with aws:.");
    if (passed.has(key.toLowerCase())) {
      throw invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    passed.add(key.toLowerCase());
  }
  const handedOn = new Set(session?.transitiveTagKeys?.map((key) => key.toLowerCase()));
  const inherited = session?.tags.filter(({ key }) => handedOn.has(key.toLowerCase())) ?? [];
  if (inherited.some(({ key }) => passed.has(key.toLowerCase()))) {
    throw invalid(
      "One of the specified tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  if (transitiveTagKeys.some((key) => !passed.has(key.toLowerCase()))) {
    throw invalid("The specified transitive tag key must be included in the requested tags.");
  }
  return {
    tags: [...inherited, ...tags],
    transitiveTagKeys: [...inherited.map(({ key }) => key), ...transitiveTagKeys],
  };
}

function invalid(message: string) {
  return refuse(400, "InvalidParameterValue", message);
}
