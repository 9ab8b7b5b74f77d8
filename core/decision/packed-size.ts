/**
 * How much of STS's room for session tags a session takes.
 *
 * STS packs tags with a method that is not public. The formula fits the published figures: nine tags with values of
 * 250 characters take 498 %, the six tags of EKS Pod Identity 74 %.
 *
 * @module
 */

import type { SessionTag } from "../policy/attribute-mapping.ts";

/** Characters of keys and values that fill the room. */
const ROOM = 457;

/** Per cent of the room that the tags take, rounded up; above 100 STS refuses. */
export function packedTagPercent(tags: readonly SessionTag[]): number {
  let characters = 0;
  for (const tag of tags) characters += tag.key.length + tag.value.length;
  return Math.ceil((100 * characters) / ROOM);
}
