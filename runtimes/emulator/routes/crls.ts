/**
 * Operations on revocation lists.
 *
 * @see IAM Roles Anywhere API reference, "ImportCrl" and its neighbours
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { Call } from "../aws-service.ts";
import { LIST_INPUT, type ListInput, listPage } from "../roles-anywhere/list-page.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { NAME, RESOURCE_ID, type Tag, TAGS, TRUST_ANCHOR_ARN } from "../members/resource-members.ts";
import { blobMember, booleanMember } from "../members/scalar-members.ts";
import { checkQuota } from "../roles-anywhere/quotas.ts";
import {
  arnPrefix,
  changeTime,
  newResource,
  ownRecord,
  ownRecords,
  resourceArn,
} from "../roles-anywhere/resource-scope.ts";
import { invalid, type RestAnswer, type RestOperation } from "../protocols/rest-operation.ts";
import { checkImportedList } from "../roles-anywhere/revocation-list-import.ts";
import type { Service } from "../service.ts";
import type { CrlRecord, TrustAnchorRecord } from "../store/records.ts";
import { newTags } from "./tags.ts";

/** Input of operations on one list. */
export interface CrlInput {
  readonly crlId: string;
}

const CRL_INPUT: Member<CrlInput> = /* @__PURE__ */ structureMember<CrlInput>({ crlId: RESOURCE_ID }, ["crlId"]);

const CRL_DATA: Member<Bytes> = /* @__PURE__ */ blobMember({ least: 1, most: 300_000 });

/** Input of `ImportCrl`. */
export interface ImportCrlInput {
  readonly name: string;
  readonly crlData: Bytes;
  readonly trustAnchorArn: string;
  readonly enabled?: boolean;
  readonly tags?: readonly Tag[];
}

/** Imports a list; it is disabled unless the input says otherwise. An unknown trust anchor is invalid, not missing. */
export const IMPORT_CRL: RestOperation<ImportCrlInput> = {
  name: "ImportCrl",
  method: "POST",
  path: "/crls",
  status: 201,
  readOnly: false,
  rate: "crls",
  input: /* @__PURE__ */ structureMember<ImportCrlInput>({
    name: NAME,
    crlData: CRL_DATA,
    enabled: /* @__PURE__ */ booleanMember(),
    tags: TAGS,
    trustAnchorArn: TRUST_ANCHOR_ARN,
  }, ["name", "crlData", "trustAnchorArn"]),
  resource: (call) => resourceArn(call, "crls", "*"),
  async run(service, call, { name, crlData, trustAnchorArn, enabled = false, tags }) {
    const { certificatesPem } = trustAnchorOf(service, call, trustAnchorArn);
    await checkImportedList(service, crlData, certificatesPem);
    // Checking took time: what is counted now is what there is when the list is put.
    trustAnchorOf(service, call, trustAnchorArn);
    const others = ownRecords(service, call, "crls").filter((one) => one.trustAnchorArn === trustAnchorArn);
    checkQuota(service, "CRLs of a trust anchor", others.length + 1);
    const record: CrlRecord = {
      ...newResource(service, call, "crls"),
      name,
      enabled,
      crlData: encodeBase64(crlData),
      trustAnchorArn,
    };
    await service.store.commit([{ table: "crls", key: record.arn, record }, ...newTags(service, record.arn, tags)]);
    return crlAnswer(record);
  },
};

/** One list. */
export const GET_CRL: RestOperation<CrlInput> = /* @__PURE__ */ onCrl({
  name: "GetCrl",
  method: "GET",
  readOnly: true,
  input: CRL_INPUT,
  run: (service, call, { crlId }) => crlAnswer(ownRecord(service, call, "crls", crlId)),
});

/** Lists in pages, with their octets. */
export const LIST_CRLS: RestOperation<ListInput> = {
  name: "ListCrls",
  method: "GET",
  path: "/crls",
  query: ["nextToken", "pageSize"],
  status: 200,
  readOnly: true,
  rate: "crls",
  input: LIST_INPUT,
  run(service, call, input) {
    const { records, nextToken } = listPage(service, call, "crls", input);
    return { output: { crls: records.map(crlView), nextToken } };
  },
};

/** Input of `UpdateCrl`. */
export interface UpdateCrlInput extends CrlInput {
  readonly name?: string;
  readonly crlData?: Bytes;
}

/** Changes name or octets; the list stays with its trust anchor. */
export const UPDATE_CRL: RestOperation<UpdateCrlInput> = /* @__PURE__ */ onCrl({
  name: "UpdateCrl",
  method: "PATCH",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<UpdateCrlInput>({ crlId: RESOURCE_ID, name: NAME, crlData: CRL_DATA }, [
    "crlId",
  ]),
  async run(service, call, { crlId, name, crlData }) {
    if (crlData !== undefined) {
      const { trustAnchorArn } = ownRecord(service, call, "crls", crlId);
      await checkImportedList(service, crlData, service.store.get("trustAnchors", trustAnchorArn)?.certificatesPem);
    }
    // Read after what takes time, so that nobody's change is lost.
    const record = ownRecord(service, call, "crls", crlId);
    return await putCrl(service, {
      ...record,
      name: name ?? record.name,
      crlData: crlData === undefined ? record.crlData : encodeBase64(crlData),
    });
  },
});

/** Lets the list count. */
export const ENABLE_CRL: RestOperation<CrlInput> = /* @__PURE__ */ switchCrl(true);

/** Lets the list count for nothing. */
export const DISABLE_CRL: RestOperation<CrlInput> = /* @__PURE__ */ switchCrl(false);

/** Removes a list and its tags. */
export const DELETE_CRL: RestOperation<CrlInput> = /* @__PURE__ */ onCrl({
  name: "DeleteCrl",
  method: "DELETE",
  readOnly: false,
  input: CRL_INPUT,
  async run(service, call, { crlId }) {
    const record = ownRecord(service, call, "crls", crlId);
    await service.store.commit([{ table: "crls", key: record.arn }, { table: "tags", key: record.arn }]);
    return crlAnswer(record);
  },
});

/** An operation on one list. */
function onCrl<T extends CrlInput>(
  own: Omit<RestOperation<T>, "path" | "status" | "rate" | "resource"> & { readonly path?: string },
): RestOperation<T> {
  return {
    path: "/crl/{crlId}",
    status: 200,
    rate: "crls",
    resource: (call, { crlId }) => resourceArn(call, "crls", crlId),
    ...own,
  };
}

function switchCrl(enabled: boolean): RestOperation<CrlInput> {
  return onCrl({
    name: enabled ? "EnableCrl" : "DisableCrl",
    method: "POST",
    path: `/crl/{crlId}/${enabled ? "enable" : "disable"}`,
    readOnly: false,
    input: CRL_INPUT,
    run: (service, call, { crlId }) => putCrl(service, { ...ownRecord(service, call, "crls", crlId), enabled }),
  });
}

function trustAnchorOf(service: Service, call: Call, arn: string): TrustAnchorRecord {
  const record = arn.startsWith(arnPrefix(call)) ? service.store.get("trustAnchors", arn) : undefined;
  if (record === undefined) throw invalid("Specified Trust Anchor wasn't found.");
  return record;
}

/** Puts a changed list and answers it as it is now. */
async function putCrl(service: Service, changed: CrlRecord): Promise<RestAnswer> {
  const record = { ...changed, updatedAt: changeTime(service, changed) };
  await service.store.commit([{ table: "crls", key: record.arn, record }]);
  return crlAnswer(record);
}

/** The octets of the list, which may be many, are left out of events. */
function crlAnswer(record: CrlRecord): RestAnswer {
  const crl = crlView(record);
  const { crlData: _, ...logged } = crl;
  return { output: { crl }, logged: { crl: logged } };
}

/** A list as the service shows it. */
function crlView({ id, arn, ...rest }: CrlRecord): Omit<CrlRecord, "id" | "arn"> & Record<"crlId" | "crlArn", string> {
  return { crlId: id, crlArn: arn, ...rest };
}
