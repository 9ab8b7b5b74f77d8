/**
 * Resources of IAM Roles Anywhere as one caller sees them: those of his account in the region that he calls.
 *
 * @module
 */

import { partitionOfRegion } from "../../../core/aws/partition.ts";
import type { Call } from "../aws-service.ts";
import { resourceTime } from "./resource-time.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { Tables } from "../store/records.ts";

/** The tables of resources. */
export type ResourceTable = "trustAnchors" | "profiles" | "crls" | "subjects";

/** The beginning of the ARNs of all resources of the caller's account in the region of the call. */
export function arnPrefix({ caller, region }: Call): string {
  return `arn:${partitionOfRegion(region).id}:rolesanywhere:${region}:${caller!.account}:`;
}

/** The ARN that a resource with this identifier has. */
export function resourceArn(call: Call, table: ResourceTable, id: string): string {
  return `${arnPrefix(call)}${KINDS[table]}/${id}`;
}

/** All resources of one kind that the caller sees, the oldest first. */
export function ownRecords<T extends ResourceTable>(service: Service, call: Call, table: T): readonly Tables[T][] {
  const prefix = arnPrefix(call);
  return [...service.store.all(table).values()].filter(({ arn }) => arn.startsWith(prefix)).sort(byAge);
}

/**
 * The resource with this identifier.
 *
 * @throws {ServiceRefusal} `ResourceNotFoundException`
 */
export function ownRecord<T extends ResourceTable>(service: Service, call: Call, table: T, id: string): Tables[T] {
  const record = service.store.get(table, resourceArn(call, table, id));
  if (record === undefined) throw notFound(NAMES[table]);
  return record;
}

/** Says that something is not there; `what` is capitalised as the service does it. */
export function notFound(what: string): ServiceRefusal {
  return refuse(404, "ResourceNotFoundException", `Specified ${what} wasn't found.`);
}

/** Identifier, ARN and times of a new resource; it is younger than every other of its kind. */
export function newResource(service: Service, call: Call, table: ResourceTable): NewResource {
  const id = service.identifiers.uuid();
  let latest: string | undefined;
  for (const { createdAt } of service.store.all(table).values()) {
    if (latest === undefined || createdAt > latest) latest = createdAt;
  }
  const createdAt = resourceTime(service.now(), latest);
  return { id, arn: resourceArn(call, table, id), createdAt, updatedAt: createdAt };
}

/** What every new resource has. */
export interface NewResource {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The time of a change of a resource: later than its last one. */
export function changeTime(service: Service, { updatedAt }: { readonly updatedAt: string }): string {
  return resourceTime(service.now(), updatedAt);
}

interface Aged {
  readonly arn: string;
  readonly createdAt: string;
}

/** Orders by creation time; resources that the emulator was given were all made at once, and ARNs decide. */
export function byAge(one: Aged, other: Aged): number {
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? -1 : 1;
  return one.arn < other.arn ? -1 : one.arn > other.arn ? 1 : 0;
}

const KINDS: Readonly<Record<ResourceTable, string>> = {
  trustAnchors: "trust-anchor",
  profiles: "profile",
  crls: "crl",
  subjects: "subject",
};

const NAMES: Readonly<Record<ResourceTable, string>> = {
  trustAnchors: "Trust Anchor",
  profiles: "Profile",
  crls: "CRL",
  subjects: "Subject",
};
