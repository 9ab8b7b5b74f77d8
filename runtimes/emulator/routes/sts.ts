/**
 * Operations of STS that say who calls.
 *
 * @see STS API reference, "GetCallerIdentity"
 * @module
 */

import { structureMember } from "../members/compound-members.ts";
import type { QueryOperation } from "../protocols/query-protocol.ts";

/** The one call that everybody may make. */
export const GET_CALLER_IDENTITY: QueryOperation<object> = {
  name: "GetCallerIdentity",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<object>({}),
  run(_, call) {
    const { arn, userId, account } = call.caller!;
    return { output: { Arn: arn, UserId: userId, Account: account } };
  },
};
