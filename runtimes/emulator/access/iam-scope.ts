/**
 * What IAM keeps, as one caller sees it: roles and managed policies of his account.
 *
 * @see IAM API reference, "Common errors"; IAM user guide, "IAM and AWS STS quotas"
 * @module
 */

import { partitionOfRegion } from "../../../core/aws/partition.ts";
import { decodeBase64Url, encodeBase64Url } from "../../../core/bytes/base64.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { encodeUri } from "../../../core/sigv4/uri-encoding.ts";
import type { Call } from "../aws-service.ts";
import { authorize } from "./authorize.ts";
import type { QueryAnswer } from "../protocols/query-protocol.ts";
import type { Service } from "../service.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";
import type { ManagedPolicyRecord, RoleRecord } from "../store/records.ts";

/** The ARN of what IAM keeps in the caller's account. @param resource `role/team/Name` */
export function iamArn({ caller, region }: Call, resource: string): string {
  return `arn:${partitionOfRegion(region).id}:iam::${caller!.account}:${resource}`;
}

/** The roles of the caller's account by name. */
export function ownRoles(service: Service, call: Call): readonly RoleRecord[] {
  return own(service.store.all("roles").values(), call);
}

/** The managed policies of the caller's account by name. */
export function ownPolicies(service: Service, call: Call): readonly ManagedPolicyRecord[] {
  return own(service.store.all("managedPolicies").values(), call);
}

/** The role of this name, whose case does not matter; undefined when there is none. */
export function findRole(service: Service, call: Call, name: string): RoleRecord | undefined {
  return ownRoles(service, call).find((role) => role.name.toLowerCase() === name.toLowerCase());
}

/**
 * The role of this name, which the caller may do the action to.
 *
 * @throws {ServiceRefusal} `AccessDenied`, `NoSuchEntity`
 */
export function permittedRole(service: Service, call: Call, action: string, name: string): RoleRecord {
  const role = findRole(service, call, name);
  authorize(service, call, action, role?.arn ?? iamArn(call, `role/${name}`));
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Keeps a changed role; the operation has no output. */
export async function putRole(service: Service, role: RoleRecord): Promise<QueryAnswer> {
  await service.store.commit([{ table: "roles", key: role.arn, record: role }]);
  return {};
}

/** Says that something is not there. */
export function noSuchEntity(message: string): ServiceRefusal {
  return refuse(404, "NoSuchEntity", message);
}

/** Says that something is there already. */
export function entityAlreadyExists(message: string): ServiceRefusal {
  return refuse(409, "EntityAlreadyExists", message);
}

/** Says that something is still needed. */
export function deleteConflict(message: string): ServiceRefusal {
  return refuse(409, "DeleteConflict", message);
}

/** Holds a quota, unless quotas are off. @throws {ServiceRefusal} `LimitExceeded` */
export function checkQuota(service: Service, name: string, most: number, count: number): void {
  if (service.quotas === "enforce" && count > most) {
    throw refuse(409, "LimitExceeded", `Cannot exceed quota for ${name}: ${most}`);
  }
}

/** A time of a record as IAM prints it: in whole seconds. */
export function iamTime(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

/** A policy as IAM answers it: percent-encoded (RFC 3986 §2.3). */
export function encodedDocument(document: string): string {
  return encodeUri(document);
}

/** Which page of a list is asked for. */
export interface PageInput {
  readonly marker?: string;
  readonly maxItems?: number;
}

/** One page, and where the next begins. */
export interface IamPage<R> {
  readonly items: readonly R[];
  readonly position: { readonly IsTruncated: boolean; readonly Marker: string | undefined };
}

/**
 * One page of a list, ordered by name. The marker says behind which name the page begins.
 *
 * @throws {ServiceRefusal} `ValidationError` for a marker that no list gave
 */
export function iamPage<R>(
  all: readonly R[],
  nameOf: (item: R) => string,
  { marker, maxItems = DEFAULT_MAX_ITEMS }: PageInput,
): IamPage<R> {
  const octets = marker === undefined ? undefined : decodeBase64Url(marker);
  const after = octets === undefined ? undefined : decodeUtf8(octets);
  if (marker !== undefined && after === undefined) throw refuse(400, "ValidationError", "Invalid Marker.");
  const sorted = [...all].sort((one, other) => nameOf(one) < nameOf(other) ? -1 : 1);
  const rest = after === undefined ? sorted : sorted.filter((item) => nameOf(item) > after);
  const items = rest.slice(0, maxItems);
  const IsTruncated = rest.length > items.length;
  const Marker = IsTruncated ? encodeBase64Url(encodeUtf8(nameOf(items.at(-1)!))) : undefined;
  return { items, position: { IsTruncated, Marker } };
}

function own<R extends { readonly arn: string; readonly name: string }>(records: Iterable<R>, call: Call): R[] {
  return [...records].filter(({ arn }) => arn.split(":")[4] === call.caller!.account);
}

const DEFAULT_MAX_ITEMS = 100;
