/**
 * Operations on subjects, which the service makes itself when certificates are shown.
 *
 * @see IAM Roles Anywhere API reference, "GetSubject", "ListSubjects"
 * @module
 */

import { LIST_INPUT, type ListInput, listPage } from "../roles-anywhere/list-page.ts";
import { structureMember } from "../members/compound-members.ts";
import { RESOURCE_ID } from "../members/resource-members.ts";
import { ownRecord, resourceArn } from "../roles-anywhere/resource-scope.ts";
import type { RestOperation } from "../protocols/rest-operation.ts";
import type { SubjectRecord } from "../store/records.ts";

/** Input of `GetSubject`. */
export interface SubjectInput {
  readonly subjectId: string;
}

/** One subject with its certificates. */
export const GET_SUBJECT: RestOperation<SubjectInput> = {
  name: "GetSubject",
  method: "GET",
  path: "/subject/{subjectId}",
  status: 200,
  readOnly: true,
  rate: "subjects",
  input: /* @__PURE__ */ structureMember<SubjectInput>({ subjectId: RESOURCE_ID }, ["subjectId"]),
  resource: (call, { subjectId }) => resourceArn(call, "subjects", subjectId),
  run(service, call, { subjectId }) {
    const record = ownRecord(service, call, "subjects", subjectId);
    const { credentials, instanceProperties } = record;
    return { output: { subject: { ...subjectSummary(record), credentials, instanceProperties } } };
  },
};

/** Subjects in pages, without their certificates. */
export const LIST_SUBJECTS: RestOperation<ListInput> = {
  name: "ListSubjects",
  method: "GET",
  path: "/subjects",
  query: ["nextToken", "pageSize"],
  status: 200,
  readOnly: true,
  rate: "subjects",
  input: LIST_INPUT,
  run(service, call, input) {
    const { records, nextToken } = listPage(service, call, "subjects", input);
    return { output: { subjects: records.map(subjectSummary), nextToken } };
  },
};

/** A subject as lists show it; nothing in the API disables one. */
function subjectSummary({ arn, id, x509Subject, createdAt, updatedAt, lastSeenAt }: SubjectRecord): object {
  return { subjectArn: arn, subjectId: id, enabled: true, x509Subject, createdAt, updatedAt, lastSeenAt };
}
