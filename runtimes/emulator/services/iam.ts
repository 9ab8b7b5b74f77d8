/**
 * IAM, as far as IAM Roles Anywhere needs it: roles and their policies.
 *
 * @see IAM API reference, "Actions", "Common errors"
 * @module
 */

import type { AwsService } from "../aws-service.ts";
import { bindQueryOperation, bindQueryService } from "../protocols/query-protocol.ts";
import { CREATE_POLICY, DELETE_POLICY, GET_POLICY, GET_POLICY_VERSION } from "../routes/iam-managed-policies.ts";
import {
  ATTACH_ROLE_POLICY,
  DELETE_ROLE_POLICY,
  DETACH_ROLE_POLICY,
  GET_ROLE_POLICY,
  LIST_ATTACHED_ROLE_POLICIES,
  LIST_ROLE_POLICIES,
  PUT_ROLE_POLICY,
} from "../routes/iam-role-policies.ts";
import {
  CREATE_ROLE,
  DELETE_ROLE,
  GET_ROLE,
  LIST_ROLES,
  UPDATE_ASSUME_ROLE_POLICY,
  UPDATE_ROLE,
} from "../routes/iam-roles.ts";

/** Version of the API. */
export const IAM_VERSION = "2010-05-08";

/** The service. */
export const IAM: AwsService = /* @__PURE__ */ bindQueryService({
  name: "iam",
  version: IAM_VERSION,
  operations: [
    /* @__PURE__ */ bindQueryOperation(CREATE_ROLE),
    /* @__PURE__ */ bindQueryOperation(GET_ROLE),
    /* @__PURE__ */ bindQueryOperation(UPDATE_ASSUME_ROLE_POLICY),
    /* @__PURE__ */ bindQueryOperation(UPDATE_ROLE),
    /* @__PURE__ */ bindQueryOperation(DELETE_ROLE),
    /* @__PURE__ */ bindQueryOperation(LIST_ROLES),
    /* @__PURE__ */ bindQueryOperation(PUT_ROLE_POLICY),
    /* @__PURE__ */ bindQueryOperation(GET_ROLE_POLICY),
    /* @__PURE__ */ bindQueryOperation(DELETE_ROLE_POLICY),
    /* @__PURE__ */ bindQueryOperation(LIST_ROLE_POLICIES),
    /* @__PURE__ */ bindQueryOperation(ATTACH_ROLE_POLICY),
    /* @__PURE__ */ bindQueryOperation(DETACH_ROLE_POLICY),
    /* @__PURE__ */ bindQueryOperation(LIST_ATTACHED_ROLE_POLICIES),
    /* @__PURE__ */ bindQueryOperation(CREATE_POLICY),
    /* @__PURE__ */ bindQueryOperation(GET_POLICY),
    /* @__PURE__ */ bindQueryOperation(GET_POLICY_VERSION),
    /* @__PURE__ */ bindQueryOperation(DELETE_POLICY),
  ],
});
