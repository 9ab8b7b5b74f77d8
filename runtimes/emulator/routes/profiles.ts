/**
 * Operations on profiles.
 *
 * @see IAM Roles Anywhere API reference, "CreateProfile" and its neighbours
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS, parsePolicy } from "../../../core/policy/mod.ts";
import type { Call } from "../aws-service.ts";
import { LIST_INPUT, type ListInput, listPage } from "../roles-anywhere/list-page.ts";
import { listMember, type MembersOf, structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { NAME, RESOURCE_ID, ROLE_ARN, type Tag, TAGS } from "../members/resource-members.ts";
import { booleanMember, integerMember, textMember } from "../members/scalar-members.ts";
import { checkQuota } from "../roles-anywhere/quotas.ts";
import { changeTime, newResource, ownRecord, ownRecords, resourceArn } from "../roles-anywhere/resource-scope.ts";
import { invalid, type Permission, type RestAnswer, type RestOperation } from "../protocols/rest-operation.ts";
import type { Service } from "../service.ts";
import type { ProfileRecord } from "../store/records.ts";
import { newTags } from "./tags.ts";

/** Input of operations on one profile. */
export interface ProfileInput {
  readonly profileId: string;
}

const PROFILE_INPUT: Member<ProfileInput> = /* @__PURE__ */ structureMember<ProfileInput>({
  profileId: RESOURCE_ID,
}, ["profileId"]);

/** What both creating and updating set. */
export interface ProfileSettings {
  readonly name?: string;
  readonly sessionPolicy?: string;
  readonly roleArns?: readonly string[];
  readonly managedPolicyArns?: readonly string[];
  readonly durationSeconds?: number;
  readonly acceptRoleSessionName?: boolean;
}

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
  input: /* @__PURE__ */ createProfileInput(),
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
export const GET_PROFILE: RestOperation<ProfileInput> = /* @__PURE__ */ onProfile({
  name: "GetProfile",
  method: "GET",
  readOnly: true,
  input: PROFILE_INPUT,
  run: (service, call, { profileId }) => profileAnswer(ownRecord(service, call, "profiles", profileId)),
});

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
export const UPDATE_PROFILE: RestOperation<UpdateProfileInput> = /* @__PURE__ */ onProfile({
  name: "UpdateProfile",
  method: "PATCH",
  readOnly: false,
  input: /* @__PURE__ */ updateProfileInput(),
  permissions: (_, __, { roleArns = [] }) => roleArns.map(passRole),
  async run(service, call, { profileId, ...changes }) {
    const record = ownRecord(service, call, "profiles", profileId);
    checkSessionPolicy(changes.sessionPolicy);
    return await putProfile(service, { ...record, ...changes });
  },
});

/** Lets sessions begin with the profile. */
export const ENABLE_PROFILE: RestOperation<ProfileInput> = /* @__PURE__ */ switchProfile(true);

/** Lets no session begin with the profile. */
export const DISABLE_PROFILE: RestOperation<ProfileInput> = /* @__PURE__ */ switchProfile(false);

/** Removes a profile and its tags. */
export const DELETE_PROFILE: RestOperation<ProfileInput> = /* @__PURE__ */ onProfile({
  name: "DeleteProfile",
  method: "DELETE",
  readOnly: false,
  input: PROFILE_INPUT,
  async run(service, call, { profileId }) {
    const record = ownRecord(service, call, "profiles", profileId);
    await service.store.commit([{ table: "profiles", key: record.arn }, { table: "tags", key: record.arn }]);
    return profileAnswer(record);
  },
});

/** Puts a changed profile and answers it as it is now. */
export async function putProfile(service: Service, changed: ProfileRecord): Promise<RestAnswer> {
  const record = { ...changed, updatedAt: changeTime(service, changed) };
  await service.store.commit([{ table: "profiles", key: record.arn, record }]);
  return profileAnswer(record);
}

function createProfileInput(): Member<CreateProfileInput> {
  return structureMember<CreateProfileInput>({
    ...settingsMembers(textMember()),
    requireInstanceProperties: booleanMember(),
    enabled: booleanMember(),
    tags: TAGS,
  }, ["name", "roleArns"]);
}

function updateProfileInput(): Member<UpdateProfileInput> {
  const sessionPolicy = textMember({ least: 1, most: 100_000 });
  return structureMember<UpdateProfileInput>({ profileId: RESOURCE_ID, ...settingsMembers(sessionPolicy) }, [
    "profileId",
  ]);
}

/** The members of both. @param sessionPolicy its limits differ */
function settingsMembers(sessionPolicy: Member<string>): MembersOf<ProfileSettings> {
  return {
    name: NAME,
    sessionPolicy,
    roleArns: listMember(ROLE_ARN, 250),
    managedPolicyArns: listMember(textMember({ least: 1, most: 200 }), 50),
    durationSeconds: integerMember({ least: 900, most: 43_200 }),
    acceptRoleSessionName: booleanMember(),
  };
}

/** An operation on one profile. */
function onProfile<T extends ProfileInput>(
  own: Omit<RestOperation<T>, "path" | "status" | "rate" | "resource"> & { readonly path?: string },
): RestOperation<T> {
  return {
    path: "/profile/{profileId}",
    status: 200,
    rate: "profiles",
    resource: (call, { profileId }) => resourceArn(call, "profiles", profileId),
    ...own,
  };
}

function switchProfile(enabled: boolean): RestOperation<ProfileInput> {
  return onProfile({
    name: enabled ? "EnableProfile" : "DisableProfile",
    method: "POST",
    path: `/profile/{profileId}/${enabled ? "enable" : "disable"}`,
    readOnly: false,
    input: PROFILE_INPUT,
    permissions: (service, call, { profileId }) => enabled ? passRoles(service, call, profileId) : [],
    run: (service, call, { profileId }) =>
      putProfile(service, { ...ownRecord(service, call, "profiles", profileId), enabled }),
  });
}

/** Whoever hands a role to the service must be allowed to. */
function passRole(resource: string): Permission {
  return { action: "iam:PassRole", resource, context: [["iam:PassedToService", "rolesanywhere.amazonaws.com"]] };
}

/** The roles of a profile that is enabled are handed to the service then. */
function passRoles(service: Service, call: Call, profileId: string): readonly Permission[] {
  const roleArns = service.store.get("profiles", resourceArn(call, "profiles", profileId))?.roleArns ?? [];
  return roleArns.map(passRole);
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
