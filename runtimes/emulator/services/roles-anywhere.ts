/**
 * IAM Roles Anywhere (rest-json): its operations by method and path.
 *
 * @see IAM Roles Anywhere API reference, "Actions"
 * @module
 */

import type { AwsService } from "../aws-service.ts";
import { bindRestOperation, matchPath, type RestOperation } from "../rest-operation.ts";
import { CREATE_SESSION } from "../routes/create-session.ts";
import { LIST_TAGS_FOR_RESOURCE, TAG_RESOURCE, UNTAG_RESOURCE } from "../routes/tags.ts";
import {
  CREATE_TRUST_ANCHOR,
  DELETE_TRUST_ANCHOR,
  DISABLE_TRUST_ANCHOR,
  ENABLE_TRUST_ANCHOR,
  GET_TRUST_ANCHOR,
  LIST_TRUST_ANCHORS,
  UPDATE_TRUST_ANCHOR,
} from "../routes/trust-anchors.ts";
import { jsonFailure } from "../service-error.ts";
import { refuse } from "../service-refusal.ts";

/** Every operation but CreateSession, which sees to its input itself. */
export const CONTROL_PLANE: readonly RestOperation<object>[] = [
  CREATE_TRUST_ANCHOR,
  GET_TRUST_ANCHOR,
  LIST_TRUST_ANCHORS,
  UPDATE_TRUST_ANCHOR,
  ENABLE_TRUST_ANCHOR,
  DISABLE_TRUST_ANCHOR,
  DELETE_TRUST_ANCHOR,
  TAG_RESOURCE,
  UNTAG_RESOURCE,
  LIST_TAGS_FOR_RESOURCE,
];

/** The service. */
export const ROLES_ANYWHERE: AwsService = {
  name: "rolesanywhere",
  eventSource: "rolesanywhere.amazonaws.com",
  maxBodyOctets: 1_048_576,
  failure: jsonFailure,
  operation({ method, path }) {
    if (method === "POST" && path === "/sessions") return CREATE_SESSION;
    for (const operation of CONTROL_PLANE) {
      const values = operation.method === method ? matchPath(operation.path, path) : undefined;
      if (values !== undefined) return bindRestOperation(operation, values);
    }
    throw refuse(404, "UnknownOperationException", `Unknown operation: ${method} ${path}`);
  },
};
