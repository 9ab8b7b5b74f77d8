/**
 * IAM Roles Anywhere (rest-json): its operations by method and path.
 *
 * @see IAM Roles Anywhere API reference, "Actions"
 * @module
 */

import type { AwsService } from "../aws-service.ts";
import { bindRestOperation, matchPath, type RestOperation } from "../protocols/rest-operation.ts";
import { DELETE_ATTRIBUTE_MAPPING, PUT_ATTRIBUTE_MAPPING } from "../routes/attribute-mappings.ts";
import { CREATE_SESSION } from "../routes/create-session.ts";
import { DELETE_CRL, DISABLE_CRL, ENABLE_CRL, GET_CRL, IMPORT_CRL, LIST_CRLS, UPDATE_CRL } from "../routes/crls.ts";
import { PUT_NOTIFICATION_SETTINGS, RESET_NOTIFICATION_SETTINGS } from "../routes/notification-settings.ts";
import {
  CREATE_PROFILE,
  DELETE_PROFILE,
  DISABLE_PROFILE,
  ENABLE_PROFILE,
  GET_PROFILE,
  LIST_PROFILES,
  UPDATE_PROFILE,
} from "../routes/profiles.ts";
import { GET_SUBJECT, LIST_SUBJECTS } from "../routes/subjects.ts";
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
import { jsonFailure } from "../protocols/service-error.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** Every operation but CreateSession, which sees to its input itself. */
export const CONTROL_PLANE: readonly RestOperation<object>[] = [
  CREATE_TRUST_ANCHOR,
  GET_TRUST_ANCHOR,
  LIST_TRUST_ANCHORS,
  UPDATE_TRUST_ANCHOR,
  ENABLE_TRUST_ANCHOR,
  DISABLE_TRUST_ANCHOR,
  DELETE_TRUST_ANCHOR,
  PUT_NOTIFICATION_SETTINGS,
  RESET_NOTIFICATION_SETTINGS,
  CREATE_PROFILE,
  GET_PROFILE,
  LIST_PROFILES,
  UPDATE_PROFILE,
  ENABLE_PROFILE,
  DISABLE_PROFILE,
  DELETE_PROFILE,
  PUT_ATTRIBUTE_MAPPING,
  DELETE_ATTRIBUTE_MAPPING,
  IMPORT_CRL,
  GET_CRL,
  LIST_CRLS,
  UPDATE_CRL,
  ENABLE_CRL,
  DISABLE_CRL,
  DELETE_CRL,
  GET_SUBJECT,
  LIST_SUBJECTS,
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
