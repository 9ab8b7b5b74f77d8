/**
 * Operations on the notification settings of trust anchors.
 *
 * @see IAM Roles Anywhere API reference, "PutNotificationSettings", "ResetNotificationSettings"
 * @module
 */

import { listMember, structureMember } from "../members/compound-members.ts";
import { RESOURCE_ID } from "../members/resource-members.ts";
import {
  NOTIFICATION_KEY,
  NOTIFICATION_SETTING,
  type NotificationKey,
  type NotificationSetting,
  putSettings,
  resetSettings,
} from "../roles-anywhere/notification-settings.ts";
import { ownRecord, resourceArn } from "../roles-anywhere/resource-scope.ts";
import type { RestOperation } from "../protocols/rest-operation.ts";
import { putTrustAnchor } from "./trust-anchors.ts";

/** Input of `PutNotificationSettings`. */
export interface PutSettingsInput {
  readonly trustAnchorId: string;
  readonly notificationSettings: readonly NotificationSetting[];
}

/** Puts settings; those of other events stay. */
export const PUT_NOTIFICATION_SETTINGS: RestOperation<PutSettingsInput> = {
  name: "PutNotificationSettings",
  method: "PATCH",
  path: "/put-notifications-settings",
  status: 200,
  readOnly: false,
  rate: "trust-anchors",
  input: /* @__PURE__ */ structureMember<PutSettingsInput>({
    trustAnchorId: RESOURCE_ID,
    notificationSettings: /* @__PURE__ */ listMember(NOTIFICATION_SETTING, 50),
  }, ["trustAnchorId", "notificationSettings"]),
  resource: (call, { trustAnchorId }) => resourceArn(call, "trustAnchors", trustAnchorId),
  run(service, call, { trustAnchorId, notificationSettings: given }) {
    const record = ownRecord(service, call, "trustAnchors", trustAnchorId);
    const notificationSettings = putSettings(record.notificationSettings, given, call.caller!.account);
    return putTrustAnchor(service, { ...record, notificationSettings });
  },
};

/** Input of `ResetNotificationSettings`. */
export interface ResetSettingsInput {
  readonly trustAnchorId: string;
  readonly notificationSettingKeys: readonly NotificationKey[];
}

/** Restores the defaults of some settings. */
export const RESET_NOTIFICATION_SETTINGS: RestOperation<ResetSettingsInput> = {
  name: "ResetNotificationSettings",
  method: "PATCH",
  path: "/reset-notifications-settings",
  status: 200,
  readOnly: false,
  rate: "trust-anchors",
  input: /* @__PURE__ */ structureMember<ResetSettingsInput>({
    trustAnchorId: RESOURCE_ID,
    notificationSettingKeys: /* @__PURE__ */ listMember(NOTIFICATION_KEY, 50),
  }, ["trustAnchorId", "notificationSettingKeys"]),
  resource: (call, { trustAnchorId }) => resourceArn(call, "trustAnchors", trustAnchorId),
  run(service, call, { trustAnchorId, notificationSettingKeys: keys }) {
    const record = ownRecord(service, call, "trustAnchors", trustAnchorId);
    return putTrustAnchor(service, {
      ...record,
      notificationSettings: resetSettings(record.notificationSettings, keys),
    });
  },
};
