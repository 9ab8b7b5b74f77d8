/**
 * Operations on the tags of resources.
 *
 * @see IAM Roles Anywhere API reference, "TagResource", "UntagResource", "ListTagsForResource"
 * @module
 */

import type { Call } from "../aws-service.ts";
import { listMember, structureMember } from "../members/compound-members.ts";
import { RESOURCE_ARN, type Tag, TAG_KEY, TAGS } from "../members/resource-members.ts";
import { arnPrefix, notFound, type ResourceTable } from "../roles-anywhere/resource-scope.ts";
import { invalid, type RestOperation } from "../protocols/rest-operation.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { Change } from "../store/emulator-store.ts";

/** Tags of a resource; the service's own limit is not published, fifty is that of most services (assumption). */
const MAX_TAGS = 50;

/** Tags of a resource when quotas are ignored: what one call may carry. */
const MAX_TAGS_WITHOUT_QUOTA = 200;

/** Every kind of resource that has tags. */
const TAGGED: readonly ResourceTable[] = ["trustAnchors", "profiles", "crls", "subjects"];

/** Input of `TagResource`. */
export interface TagResourceInput {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
}

/** Sets tags; those with other keys stay. */
export const TAG_RESOURCE: RestOperation<TagResourceInput> = {
  name: "TagResource",
  method: "POST",
  path: "/TagResource",
  status: 201,
  readOnly: false,
  rate: "tags",
  input: /* @__PURE__ */ structureMember<TagResourceInput>({ resourceArn: RESOURCE_ARN, tags: TAGS }, [
    "resourceArn",
    "tags",
  ]),
  resource: (_, { resourceArn }) => resourceArn,
  async run(service, call, { resourceArn, tags }) {
    checkTaggable(service, call, resourceArn);
    const all = mergeTags(tagsOf(service, resourceArn), tags);
    if (all.length > maxTags(service)) {
      const message = `The resource would have ${all.length} tags, at most ${maxTags(service)} are allowed`;
      throw refuse(400, "TooManyTagsException", message);
    }
    await service.store.commit([{ table: "tags", key: resourceArn, record: { tags: all } }]);
    return { output: {} };
  },
};

/** Input of `UntagResource`. */
export interface UntagResourceInput {
  readonly resourceArn: string;
  readonly tagKeys: readonly string[];
}

/** Removes tags; keys that are not there do no harm. */
export const UNTAG_RESOURCE: RestOperation<UntagResourceInput> = {
  name: "UntagResource",
  method: "POST",
  path: "/UntagResource",
  status: 200,
  readOnly: false,
  rate: "tags",
  input: /* @__PURE__ */ structureMember<UntagResourceInput>({
    resourceArn: RESOURCE_ARN,
    tagKeys: /* @__PURE__ */ listMember(TAG_KEY, 200),
  }, ["resourceArn", "tagKeys"]),
  resource: (_, { resourceArn }) => resourceArn,
  async run(service, call, { resourceArn, tagKeys }) {
    checkTaggable(service, call, resourceArn);
    const tags = tagsOf(service, resourceArn).filter(({ key }) => !tagKeys.includes(key));
    const record = tags.length === 0 ? undefined : { tags };
    await service.store.commit([{ table: "tags", key: resourceArn, ...(record && { record }) }]);
    return { output: {} };
  },
};

/** Input of `ListTagsForResource`. */
export interface ListTagsInput {
  readonly resourceArn: string;
}

/** All tags of a resource. */
export const LIST_TAGS_FOR_RESOURCE: RestOperation<ListTagsInput> = {
  name: "ListTagsForResource",
  method: "GET",
  path: "/ListTagsForResource",
  query: ["resourceArn"],
  status: 200,
  readOnly: true,
  rate: "tags",
  input: /* @__PURE__ */ structureMember<ListTagsInput>({ resourceArn: RESOURCE_ARN }, ["resourceArn"]),
  resource: (_, { resourceArn }) => resourceArn,
  run(service, call, { resourceArn }) {
    checkTaggable(service, call, resourceArn);
    return { output: { tags: tagsOf(service, resourceArn) } };
  },
};

/**
 * The change that gives a new resource its tags; none when there are none.
 *
 * @throws {ServiceRefusal} `ValidationException`
 */
export function newTags(service: Service, arn: string, tags: readonly Tag[] = []): readonly Change[] {
  const all = mergeTags([], tags);
  if (all.length > maxTags(service)) {
    throw invalid(`The resource would have ${all.length} tags, at most ${maxTags(service)} are allowed`);
  }
  return all.length === 0 ? [] : [{ table: "tags", key: arn, record: { tags: all } }];
}

function tagsOf(service: Service, arn: string): readonly Tag[] {
  return service.store.get("tags", arn)?.tags ?? [];
}

/** Tags in the order in which their keys came; the last value of a key counts. */
function mergeTags(before: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const merged = new Map(before.map(({ key, value }) => [key, value]));
  for (const { key, value } of added) {
    // Keys of AWS's own; the key is not repeated because tags are sensitive.
    if (/^aws:/i.test(key)) throw invalid("Tag keys that begin with aws: are reserved");
    merged.set(key, value);
  }
  return Array.from(merged, ([key, value]) => ({ key, value }));
}

function maxTags({ quotas }: Service): number {
  return quotas === "ignore" ? MAX_TAGS_WITHOUT_QUOTA : MAX_TAGS;
}

/** Refuses what is not there, or not the caller's. */
function checkTaggable(service: Service, call: Call, arn: string): void {
  const there = TAGGED.some((table) => service.store.get(table, arn) !== undefined);
  if (!there || !arn.startsWith(arnPrefix(call))) throw notFound("resource");
}
