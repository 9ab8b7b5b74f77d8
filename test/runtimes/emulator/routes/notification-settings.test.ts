// runtimes: node20 node deno bun workerd
import { bundle, caPem, controlPlane } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/notification-settings");

const CUSTOM = { channel: "ALL", configuredBy: "123456789012" };
const DEFAULT = { enabled: true, threshold: 45, channel: "ALL", configuredBy: "rolesanywhere.amazonaws.com" };

test("PUT_NOTIFICATION_SETTINGS puts one setting, and RESET_NOTIFICATION_SETTINGS restores it", async () => {
  const { done } = controlPlane();
  const { trustAnchorId } = await done("POST", "/trustanchors", { name: "a", source: bundle(await caPem("Root")) });
  const put = async (...notificationSettings: object[]) =>
    (await done("PATCH", "/put-notifications-settings", { trustAnchorId, notificationSettings })).notificationSettings;
  assert.equal(await put({ enabled: false, event: "END_ENTITY_CERTIFICATE_EXPIRY" }), [
    { ...DEFAULT, event: "CA_CERTIFICATE_EXPIRY" },
    { ...CUSTOM, enabled: false, event: "END_ENTITY_CERTIFICATE_EXPIRY" },
  ]);
  assert.equal(await put({ enabled: true, event: "CA_CERTIFICATE_EXPIRY", threshold: 360, channel: "ALL" }), [
    { ...CUSTOM, enabled: true, event: "CA_CERTIFICATE_EXPIRY", threshold: 360 },
    { ...CUSTOM, enabled: false, event: "END_ENTITY_CERTIFICATE_EXPIRY" },
  ]);
  const reset = async (...notificationSettingKeys: object[]) =>
    (await done("PATCH", "/reset-notifications-settings", { trustAnchorId, notificationSettingKeys }))
      .notificationSettings;
  assert.equal(await reset({ event: "CA_CERTIFICATE_EXPIRY", channel: "ALL" }), [
    { ...DEFAULT, event: "CA_CERTIFICATE_EXPIRY" },
    { ...CUSTOM, enabled: false, event: "END_ENTITY_CERTIFICATE_EXPIRY" },
  ]);
  assert.equal(await reset({ event: "END_ENTITY_CERTIFICATE_EXPIRY" }), [
    { ...DEFAULT, event: "CA_CERTIFICATE_EXPIRY" },
    { ...DEFAULT, event: "END_ENTITY_CERTIFICATE_EXPIRY" },
  ]);
});

test("PUT_NOTIFICATION_SETTINGS says what is wrong", async () => {
  const { call, done } = controlPlane();
  const { trustAnchorId } = await done("POST", "/trustanchors", { name: "a", source: bundle(await caPem("Root")) });
  const event = "CA_CERTIFICATE_EXPIRY";
  const cases: readonly (readonly [object, string])[] = [
    [{ enabled: true, event }, "Notification setting CA_CERTIFICATE_EXPIRY is enabled and has no threshold"],
    [{ enabled: true, event, threshold: 0 }, "'notificationSettings.1.member.threshold' failed to satisfy constraint"],
    [{ enabled: true, event, threshold: 361 }, "Member must have value less than or equal to 360"],
    [{ enabled: true, event, channel: "Health", threshold: 1 }, "Member must satisfy enum value set: [ALL]"],
    [{ event: "NEVER" }, "enum value set: [CA_CERTIFICATE_EXPIRY, END_ENTITY_CERTIFICATE_EXPIRY]"],
  ];
  for (const [setting, message] of cases) {
    const answer = await call("PATCH", "/put-notifications-settings", {
      body: { trustAnchorId, notificationSettings: [setting] },
    });
    assert.equal([answer.status, answer.code], [400, "ValidationException"]);
    assert.match(answer.message, message);
  }
  for (const verb of ["put", "reset"]) {
    const body = { trustAnchorId: crypto.randomUUID(), notificationSettings: [], notificationSettingKeys: [] };
    const answer = await call("PATCH", `/${verb}-notifications-settings`, { body });
    assert.equal([answer.status, answer.code], [404, "ResourceNotFoundException"]);
  }
});

test.run();
