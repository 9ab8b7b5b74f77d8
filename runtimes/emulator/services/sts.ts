/**
 * STS.
 *
 * @see STS API reference, "Actions", "Common errors"
 * @module
 */

import type { AwsService } from "../aws-service.ts";
import { bindQueryOperation, bindQueryService } from "../query-protocol.ts";
import { GET_CALLER_IDENTITY } from "../routes/sts.ts";
import { ASSUME_ROLE } from "../routes/sts-assume-role.ts";

/** The service. */
export const STS: AwsService = /* @__PURE__ */ bindQueryService({
  name: "sts",
  version: "2011-06-15",
  operations: [
    /* @__PURE__ */ bindQueryOperation(GET_CALLER_IDENTITY),
    /* @__PURE__ */ bindQueryOperation(ASSUME_ROLE),
  ],
});
