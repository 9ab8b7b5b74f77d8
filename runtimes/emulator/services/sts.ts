/**
 * STS.
 *
 * @see STS API reference, "Actions", "Common errors"
 * @module
 */

import type { AwsService } from "../aws-service.ts";
import { bindQueryOperation, bindQueryService, queryParameters } from "../protocols/query-protocol.ts";
import { GET_CALLER_IDENTITY } from "../routes/sts.ts";
import { ASSUME_ROLE } from "../routes/sts-assume-role.ts";
import { IAM, IAM_VERSION } from "./iam.ts";

/** The service. A form that nobody signed may be meant for IAM: its version tells. */
export const STS: AwsService = /* @__PURE__ */ stsService();

function stsService(): AwsService {
  const own = bindQueryService({
    name: "sts",
    version: "2011-06-15",
    operations: [bindQueryOperation(GET_CALLER_IDENTITY), bindQueryOperation(ASSUME_ROLE)],
  });
  return {
    ...own,
    operation: (request) => (queryParameters(request).get("Version") === IAM_VERSION ? IAM : own).operation(request),
  };
}
