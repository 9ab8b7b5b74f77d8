/**
 * Operations on profiles.
 *
 * @see IAM Roles Anywhere API reference, "CreateProfile" and its neighbours
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS, parsePolicy } from "../../../core/policy/mod.ts";
import { LIST_INPUT, type ListInput, listPage } from "../list-page.ts";
import { listMember, type MembersOf, structureMember } from "../members/compound-members.ts";
import { NAME, RESOURCE_ID, ROLE_ARN, type Tag, TAGS } from "../members/resource-members.ts";
import { booleanMember, integerMember, textMember } from "../members/scalar-members.ts";
import { checkQuota } from "../quotas.ts";
import { changeTime, newResource, ownRecord, ownRecords, resourceArn } from "../resource-scope.ts";
import { invalid, type Permission, type RestAnswer, type RestOperation } from "../rest-operation.ts";
import type { Service } from "../service.ts";
import type { ProfileRecord } from "../store/records.ts";
import { newTags } from "./tags.ts";

/** Input of operations on one profile. */
export interface ProfileInput {
  readonly profileId: string;
}

/** What all operations on one profile have in common. */
const ONE_PROFILE = {
  path: "/profile/{profileId}",
  status: 200,
  rate: "profiles",
  input: /* @__PURE__ */ structureMember<ProfileInput>({ profileId: RESOURCE_ID }, ["profileId"]),
  resource: (call, { profileId }) => resourceArn(call, "profiles", profileId),
} as const satisfies Partial<RestOperation<ProfileInput>>;

/** What both creating and updating set. */
export interface ProfileSettings {
  readonly name?: string;
  readonly sessionPolicy?: string;
  readonly roleArns?: readonly string[];
  readonly managedPolicyArns?: readonly string[];
  readonly durationSeconds?: number;
  readonly acceptRoleSessionName?: boolean;
}

const SETTINGS: Omit<MembersOf<ProfileSettings>, "sessionPolicy"> = {
  name: NAME,
  roleArns: /* @__PURE__ */ listMember(ROLE_ARN, 250),
  managedPolicyArns: /* @__PURE__ */ listMember(/* @__PURE__ */ textMember({ least: 1, most: 200 }), 50),
  durationSeconds: /* @__PURE__ */ integerMember({ least: 900, most: 43_200 }),
  acceptRoleSessionName: /* @__PURE__ */ booleanMember(),
};

/** Input of `CreateProfile`. */
export interface CreateProfileInput extends ProfileSettings {
  readonly name: string;
  readonly roleArns: readonly string[];
  readonly requireInstanceProperties?: boolean;
  readonly enabled?: boolean;
  readonly tags?: readonly Tag[];
}

/** Makes a profile; it is disabled unless the input says otherwise. Whether its roles exist is not looked at. */
export const CREATE_PROFILE: RestOperation<CreateProfileInput> = {
  name: "CreateProfile",
  method: "POST",
  path: "/profiles",
  status: 201,
  readOnly: false,
  rate: "profiles",
  input: /* @__PURE__ */ structureMember<CreateProfileInput>({
    ...SETTINGS,
    sessionPolicy: /* @__PURE__ */ textMember(),
    requireInstanceProperties: /* @__PURE__ */ booleanMember(),
    enabled: /* @__PURE__ */ booleanMember(),
    tags: TAGS,
  }, ["name", "roleArns"]),
  resource: (call) => resourceArn(call, "profiles", "*"),
  permissions: (_, __, { roleArns }) => roleArns.map(passRole),
  async run(service, call, { tags, sessionPolicy, ...input }) {
    checkQuota(service, "profiles", ownRecords(service, call, "profiles").length + 1);
    checkSessionPolicy(sessionPolicy);
    const record: ProfileRecord = {
      managedPolicyArns: [],
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      requireInstanceProperties: false,
      enabled: false,
      ...newResource(service, call, "profiles"),
      ...input,
      ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
      attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
      createdBy: call.caller!.arn,
    };
    await service.store.commit([{ table: "profiles", key: record.arn, record }, ...newTags(service, record.arn, tags)]);
    return profileAnswer(record);
  },
};

/** One profile. */
export const GET_PROFILE: RestOperation<ProfileInput> = {
  ...ONE_PROFILE,
  name: "GetProfile",
  method: "GET",
  readOnly: true,
  run: (service, call, { profileId }) => profileAnswer(ownRecord(service, call, "profiles", profileId)),
};

/** Profiles in pages. */
export const LIST_PROFILES: RestOperation<ListInput> = {
  name: "ListProfiles",
  method: "GET",
  path: "/profiles",
  query: ["nextToken", "pageSize"],
  status: 200,
  readOnly: true,
  rate: "profiles",
  input: LIST_INPUT,
  run(service, call, input) {
    const { records, nextToken } = listPage(service, call, "profiles", input);
    return { output: { profiles: records.map(profileView), nextToken } };
  },
};

/** Input of `UpdateProfile`. */
export interface UpdateProfileInput extends ProfileInput, ProfileSettings {}

/** Changes what the input names; all else keeps its value. */
export const UPDATE_PROFILE: RestOperation<UpdateProfileInput> = {
  ...ONE_PROFILE,
  name: "UpdateProfile",
  method: "PATCH",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<UpdateProfileInput>({
    profileId: RESOURCE_ID,
    ...SETTINGS,
    sessionPolicy: /* @__PURE__ */ textMember({ least: 1, most: 100_000 }),
  }, ["profileId"]),
  permissions: (_, __, { roleArns = [] }) => roleArns.map(passRole),
  async run(service, call, { profileId, ...changes }) {
    const record = ownRecord(service, call, "profiles", profileId);
    checkSessionPolicy(changes.sessionPolicy);
    return await putProfile(service, { ...record, ...changes });
  },
};

/** Lets sessions begin with the profile. */
export const ENABLE_PROFILE: RestOperation<ProfileInput> = {
  .../* @__PURE__ */ switchProfile(true),
  permissions: (service, call, { profileId }) =>
    service.store.get("profiles", resourceArn(call, "profiles", profileId))?.roleArns.map(passRole) ?? [],
};

/** Lets no session begin with the profile. */
export const DISABLE_PROFILE: RestOperation<ProfileInput> = /* @__PURE__ */ switchProfile(false);

/** Removes a profile and its tags. */
export const DELETE_PROFILE: RestOperation<ProfileInput> = {
  ...ONE_PROFILE,
  name: "DeleteProfile",
  method: "DELETE",
  readOnly: false,
  async run(service, call, { profileId }) {
    const record = ownRecord(service, call, "profiles", profileId);
    await service.store.commit([{ table: "profiles", key: record.arn }, { table: "tags", key: record.arn }]);
    return profileAnswer(record);
  },
};

/** Puts a changed profile and answers it as it is now. */
export async function putProfile(service: Service, changed: ProfileRecord): Promise<RestAnswer> {
  const record = { ...changed, updatedAt: changeTime(service, changed) };
  await service.store.commit([{ table: "profiles", key: record.arn, record }]);
  return profileAnswer(record);
}

function switchProfile(enabled: boolean): RestOperation<ProfileInput> {
  return {
    ...ONE_PROFILE,
    name: enabled ? "EnableProfile" : "DisableProfile",
    method: "POST",
    path: `/profile/{profileId}/${enabled ? "enable" : "disable"}`,
    readOnly: false,
    run: (service, call, { profileId }) =>
      putProfile(service, { ...ownRecord(service, call, "profiles", profileId), enabled }),
  };
}

/** Whoever hands a role to the service must be allowed to. */
function passRole(resource: string): Permission {
  return { action: "iam:PassRole", resource, context: [["iam:PassedToService", "rolesanywhere.amazonaws.com"]] };
}

/** Refuses a session policy that is none. */
function checkSessionPolicy(sessionPolicy: string | undefined): void {
  if (sessionPolicy === undefined) return;
  try {
    parsePolicy(sessionPolicy, "permissions");
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw invalid(`Invalid session policy: ${error.message}`);
  }
}

function profileAnswer(record: ProfileRecord): RestAnswer {
  return { output: { profile: profileView(record) } };
}

/** A profile as the service shows it. */
function profileView({ id, arn, ...rest }: ProfileRecord): object {
  return { profileId: id, profileArn: arn, ...rest };
}
