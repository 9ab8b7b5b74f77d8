/**
 * Operations on trust anchors.
 *
 * @see IAM Roles Anywhere API reference, "CreateTrustAnchor" and its neighbours
 * @module
 */

import { LIST_INPUT, type ListInput, listPage } from "../roles-anywhere/list-page.ts";
import { listMember, structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { NAME, RESOURCE_ID, type Tag, TAGS } from "../members/resource-members.ts";
import { booleanMember } from "../members/scalar-members.ts";
import {
  DEFAULT_NOTIFICATION_SETTINGS,
  NOTIFICATION_SETTING,
  type NotificationSetting,
  putSettings,
} from "../roles-anywhere/notification-settings.ts";
import { checkQuota } from "../roles-anywhere/quotas.ts";
import { changeTime, newResource, ownRecord, ownRecords, resourceArn } from "../roles-anywhere/resource-scope.ts";
import type { RestAnswer, RestOperation } from "../protocols/rest-operation.ts";
import type { Service } from "../service.ts";
import type { TrustAnchorRecord } from "../store/records.ts";
import { readSource, SOURCE, type Source, sourceView } from "../roles-anywhere/trust-anchor-source.ts";
import { newTags } from "./tags.ts";

/** Input of operations on one trust anchor. */
export interface TrustAnchorInput {
  readonly trustAnchorId: string;
}

const TRUST_ANCHOR_INPUT: Member<TrustAnchorInput> = /* @__PURE__ */ structureMember<TrustAnchorInput>({
  trustAnchorId: RESOURCE_ID,
}, ["trustAnchorId"]);

/** Input of `CreateTrustAnchor`. */
export interface CreateTrustAnchorInput {
  readonly name: string;
  readonly source: Source;
  readonly enabled?: boolean;
  readonly tags?: readonly Tag[];
  readonly notificationSettings?: readonly NotificationSetting[];
}

/** Makes a trust anchor; it is disabled unless the input says otherwise. */
export const CREATE_TRUST_ANCHOR: RestOperation<CreateTrustAnchorInput> = {
  name: "CreateTrustAnchor",
  method: "POST",
  path: "/trustanchors",
  status: 201,
  readOnly: false,
  rate: "trust-anchors",
  input: /* @__PURE__ */ structureMember<CreateTrustAnchorInput>({
    name: NAME,
    source: SOURCE,
    enabled: /* @__PURE__ */ booleanMember(),
    tags: TAGS,
    notificationSettings: /* @__PURE__ */ listMember(NOTIFICATION_SETTING, 50),
  }, ["name", "source"]),
  resource: (call) => resourceArn(call, "trustAnchors", "*"),
  async run(service, call, { name, source, enabled = false, tags, notificationSettings = [] }) {
    checkQuota(service, "trust anchors", ownRecords(service, call, "trustAnchors").length + 1);
    const record: TrustAnchorRecord = {
      ...newResource(service, call, "trustAnchors"),
      name,
      enabled,
      ...readSource(service, call, source),
      notificationSettings: putSettings(DEFAULT_NOTIFICATION_SETTINGS, notificationSettings, call.caller!.account),
    };
    await service.store.commit([
      { table: "trustAnchors", key: record.arn, record },
      ...newTags(service, record.arn, tags),
    ]);
    return trustAnchorAnswer(record);
  },
};

/** One trust anchor. */
export const GET_TRUST_ANCHOR: RestOperation<TrustAnchorInput> = /* @__PURE__ */ onTrustAnchor({
  name: "GetTrustAnchor",
  method: "GET",
  readOnly: true,
  input: TRUST_ANCHOR_INPUT,
  run: (service, call, { trustAnchorId }) => trustAnchorAnswer(ownRecord(service, call, "trustAnchors", trustAnchorId)),
});

/** Trust anchors in pages. */
export const LIST_TRUST_ANCHORS: RestOperation<ListInput> = {
  name: "ListTrustAnchors",
  method: "GET",
  path: "/trustanchors",
  query: ["nextToken", "pageSize"],
  status: 200,
  readOnly: true,
  rate: "trust-anchors",
  input: LIST_INPUT,
  run(service, call, input) {
    const { records, nextToken } = listPage(service, call, "trustAnchors", input);
    return { output: { trustAnchors: records.map(trustAnchorView), nextToken } };
  },
};

/** Input of `UpdateTrustAnchor`. */
export interface UpdateTrustAnchorInput extends TrustAnchorInput {
  readonly name?: string;
  readonly source?: Source;
}

/** Changes name or source; a private CA is read anew. */
export const UPDATE_TRUST_ANCHOR: RestOperation<UpdateTrustAnchorInput> = /* @__PURE__ */ onTrustAnchor({
  name: "UpdateTrustAnchor",
  method: "PATCH",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<UpdateTrustAnchorInput>({
    trustAnchorId: RESOURCE_ID,
    name: NAME,
    source: SOURCE,
  }, ["trustAnchorId"]),
  async run(service, call, { trustAnchorId, name, source }) {
    const { acmPcaArn, certificatesPem, sourceType, ...kept } = ownRecord(
      service,
      call,
      "trustAnchors",
      trustAnchorId,
    );
    const before = { sourceType, certificatesPem, ...(acmPcaArn === undefined ? {} : { acmPcaArn }) };
    return await putTrustAnchor(service, {
      ...kept,
      ...(source === undefined ? before : readSource(service, call, source)),
      name: name ?? kept.name,
    });
  },
});

/** Lets sessions begin with certificates of the trust anchor. */
export const ENABLE_TRUST_ANCHOR: RestOperation<TrustAnchorInput> = /* @__PURE__ */ switchTrustAnchor(true);

/** Lets no session begin with certificates of the trust anchor. */
export const DISABLE_TRUST_ANCHOR: RestOperation<TrustAnchorInput> = /* @__PURE__ */ switchTrustAnchor(false);

/** Removes a trust anchor and its tags; its revocation lists stay, and count for nothing (assumption). */
export const DELETE_TRUST_ANCHOR: RestOperation<TrustAnchorInput> = /* @__PURE__ */ onTrustAnchor({
  name: "DeleteTrustAnchor",
  method: "DELETE",
  readOnly: false,
  input: TRUST_ANCHOR_INPUT,
  async run(service, call, { trustAnchorId }) {
    const record = ownRecord(service, call, "trustAnchors", trustAnchorId);
    await service.store.commit([
      { table: "trustAnchors", key: record.arn },
      { table: "tags", key: record.arn },
    ]);
    return trustAnchorAnswer(record);
  },
});

/** Puts a changed trust anchor and answers it as it is now. */
export async function putTrustAnchor(service: Service, changed: TrustAnchorRecord): Promise<RestAnswer> {
  const record = { ...changed, updatedAt: changeTime(service, changed) };
  await service.store.commit([{ table: "trustAnchors", key: record.arn, record }]);
  return trustAnchorAnswer(record);
}

/** An operation on one trust anchor. */
function onTrustAnchor<T extends TrustAnchorInput>(
  own: Omit<RestOperation<T>, "path" | "status" | "rate" | "resource"> & { readonly path?: string },
): RestOperation<T> {
  return {
    path: "/trustanchor/{trustAnchorId}",
    status: 200,
    rate: "trust-anchors",
    resource: (call, { trustAnchorId }) => resourceArn(call, "trustAnchors", trustAnchorId),
    ...own,
  };
}

function switchTrustAnchor(enabled: boolean): RestOperation<TrustAnchorInput> {
  return onTrustAnchor({
    name: enabled ? "EnableTrustAnchor" : "DisableTrustAnchor",
    method: "POST",
    path: `/trustanchor/{trustAnchorId}/${enabled ? "enable" : "disable"}`,
    readOnly: false,
    input: TRUST_ANCHOR_INPUT,
    run: (service, call, { trustAnchorId }) =>
      putTrustAnchor(service, { ...ownRecord(service, call, "trustAnchors", trustAnchorId), enabled }),
  });
}

function trustAnchorAnswer(record: TrustAnchorRecord): RestAnswer {
  return { output: { trustAnchor: trustAnchorView(record) } };
}

/** A trust anchor as the service shows it. */
function trustAnchorView(record: TrustAnchorRecord): object {
  const { id, arn, name, enabled, createdAt, updatedAt, notificationSettings } = record;
  return {
    trustAnchorId: id,
    trustAnchorArn: arn,
    name,
    source: sourceView(record),
    enabled,
    createdAt,
    updatedAt,
    notificationSettings,
  };
}
