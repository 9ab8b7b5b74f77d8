/**
 * AWS Private CA (JSON 1.1): its operations by target.
 *
 * @see AWS Private CA API reference, "Actions"
 * @module
 */

import type { AwsService, Operation } from "../aws-service.ts";
import { headerField } from "../protocols/header-field.ts";
import { bindJsonOperation, type JsonOperation, jsonProtocolFailure } from "../protocols/json-operation.ts";
import { CREATE_AUDIT_REPORT, DESCRIBE_AUDIT_REPORT } from "../routes/acm-pca-audit-reports.ts";
import {
  CREATE_CERTIFICATE_AUTHORITY,
  DELETE_CERTIFICATE_AUTHORITY,
  DESCRIBE_CERTIFICATE_AUTHORITY,
  GET_CERTIFICATE_AUTHORITY_CERTIFICATE,
  GET_CERTIFICATE_AUTHORITY_CSR,
  IMPORT_CERTIFICATE_AUTHORITY_CERTIFICATE,
  LIST_CERTIFICATE_AUTHORITIES,
  RESTORE_CERTIFICATE_AUTHORITY,
  UPDATE_CERTIFICATE_AUTHORITY,
} from "../routes/acm-pca-authorities.ts";
import { GET_CERTIFICATE, ISSUE_CERTIFICATE, REVOKE_CERTIFICATE } from "../routes/acm-pca-certificates.ts";
import {
  CREATE_PERMISSION,
  DELETE_PERMISSION,
  LIST_PERMISSIONS,
  LIST_TAGS,
  TAG_CERTIFICATE_AUTHORITY,
  UNTAG_CERTIFICATE_AUTHORITY,
} from "../routes/acm-pca-tags.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** What targets begin with. */
export const ACM_PCA_TARGET = "ACMPrivateCA.";

/** The operation as the dispatcher wants it. */
function bind<T extends object>(operation: JsonOperation<T>): Operation {
  return bindJsonOperation(operation, "acm-pca");
}

const OPERATIONS: readonly Operation[] = [
  /* @__PURE__ */ bind(CREATE_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(DESCRIBE_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(LIST_CERTIFICATE_AUTHORITIES),
  /* @__PURE__ */ bind(GET_CERTIFICATE_AUTHORITY_CSR),
  /* @__PURE__ */ bind(GET_CERTIFICATE_AUTHORITY_CERTIFICATE),
  /* @__PURE__ */ bind(IMPORT_CERTIFICATE_AUTHORITY_CERTIFICATE),
  /* @__PURE__ */ bind(UPDATE_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(DELETE_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(RESTORE_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(ISSUE_CERTIFICATE),
  /* @__PURE__ */ bind(GET_CERTIFICATE),
  /* @__PURE__ */ bind(REVOKE_CERTIFICATE),
  /* @__PURE__ */ bind(CREATE_AUDIT_REPORT),
  /* @__PURE__ */ bind(DESCRIBE_AUDIT_REPORT),
  /* @__PURE__ */ bind(TAG_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(UNTAG_CERTIFICATE_AUTHORITY),
  /* @__PURE__ */ bind(LIST_TAGS),
  /* @__PURE__ */ bind(CREATE_PERMISSION),
  /* @__PURE__ */ bind(DELETE_PERMISSION),
  /* @__PURE__ */ bind(LIST_PERMISSIONS),
];

/** The service. */
export const ACM_PCA: AwsService = {
  name: "acm-pca",
  eventSource: "acm-pca.amazonaws.com",
  maxBodyOctets: 4_194_304,
  failure: jsonProtocolFailure,
  operation(request) {
    const target = headerField(request, "x-amz-target") ?? "";
    const operation = target.startsWith(ACM_PCA_TARGET)
      ? OPERATIONS.find(({ name }) => name === target.slice(ACM_PCA_TARGET.length))
      : undefined;
    if (operation === undefined) {
      throw refuse(
        400,
        "UnknownOperationException",
        `Unknown operation: ${target === "" ? "no X-Amz-Target" : target}`,
      );
    }
    return operation;
  },
};
