/**
 * Notification settings of trust anchors: when the service warns of certificates that expire.
 *
 * @see IAM Roles Anywhere user guide, "Customizing notification settings"
 * @module
 */

import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { booleanMember, choiceMember, integerMember } from "../members/scalar-members.ts";
import { invalid } from "../protocols/rest-operation.ts";
import type { NotificationSettingRecord } from "../store/records.ts";

/** Which setting: there is one for each event and channel. */
export interface NotificationKey {
  readonly event: NotificationSettingRecord["event"];
  readonly channel?: "ALL";
}

/** A setting as it is given. */
export interface NotificationSetting extends NotificationKey {
  readonly enabled: boolean;
  readonly threshold?: number;
}

const EVENT: Member<NotificationSettingRecord["event"]> = /* @__PURE__ */ choiceMember([
  "CA_CERTIFICATE_EXPIRY",
  "END_ENTITY_CERTIFICATE_EXPIRY",
]);

const CHANNEL: Member<"ALL"> = /* @__PURE__ */ choiceMember(["ALL"]);

/** A setting. */
export const NOTIFICATION_SETTING: Member<NotificationSetting> = /* @__PURE__ */ structureMember<NotificationSetting>({
  enabled: /* @__PURE__ */ booleanMember(),
  event: EVENT,
  threshold: /* @__PURE__ */ integerMember({ least: 1, most: 360 }),
  channel: CHANNEL,
}, ["enabled", "event"]);

/** What names a setting. */
export const NOTIFICATION_KEY: Member<NotificationKey> = /* @__PURE__ */ structureMember<NotificationKey>({
  event: EVENT,
  channel: CHANNEL,
}, ["event"]);

/** The settings of a trust anchor that nobody has configured. */
export const DEFAULT_NOTIFICATION_SETTINGS: readonly NotificationSettingRecord[] = [
  /* @__PURE__ */ defaultSetting("CA_CERTIFICATE_EXPIRY"),
  /* @__PURE__ */ defaultSetting("END_ENTITY_CERTIFICATE_EXPIRY"),
];

/**
 * The settings with some of them put; the others stay as they are.
 *
 * @param account twelve digits
 * @throws {ServiceRefusal} `ValidationException` for an enabled setting without a threshold
 */
export function putSettings(
  settings: readonly NotificationSettingRecord[],
  given: readonly NotificationSetting[],
  account: string,
): readonly NotificationSettingRecord[] {
  let result = settings;
  for (const { enabled, event, threshold, channel = "ALL" } of given) {
    if (enabled && threshold === undefined) {
      throw invalid(`Notification setting ${event} is enabled and has no threshold`);
    }
    const record = {
      enabled,
      event,
      ...(threshold === undefined ? {} : { threshold }),
      channel,
      configuredBy: account,
    };
    result = replaced(result, record);
  }
  return result;
}

/** The settings with the default in place of those that the keys name. */
export function resetSettings(
  settings: readonly NotificationSettingRecord[],
  keys: readonly NotificationKey[],
): readonly NotificationSettingRecord[] {
  return keys.reduce((result, { event }) => replaced(result, defaultSetting(event)), settings);
}

/** There is one channel, so that the event alone tells settings apart. */
function replaced(
  settings: readonly NotificationSettingRecord[],
  record: NotificationSettingRecord,
): readonly NotificationSettingRecord[] {
  const at = settings.findIndex(({ event }) => event === record.event);
  return at < 0 ? [...settings, record] : settings.map((one, index) => index === at ? record : one);
}

function defaultSetting(event: NotificationSettingRecord["event"]): NotificationSettingRecord {
  return { enabled: true, event, threshold: 45, channel: "ALL", configuredBy: "rolesanywhere.amazonaws.com" };
}
