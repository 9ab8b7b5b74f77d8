// runtimes: node20 node deno bun workerd
import { controlPlane } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";
import { ROLE_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/routes/profiles");

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});

const DEFAULT_MAPPINGS = [
  { mappingRules: [{ specifier: "*" }], certificateField: "x509Issuer" },
  { mappingRules: [{ specifier: "DNS" }, { specifier: "URI" }, { specifier: "Name/*" }], certificateField: "x509SAN" },
  { mappingRules: [{ specifier: "*" }], certificateField: "x509Subject" },
];

test("CREATE_PROFILE makes a disabled profile with the service's defaults", async () => {
  const { call, done } = controlPlane();
  const { status, body: { profile } } = await call("POST", "/profiles", { body: { name: "p", roleArns: [ROLE_ARN] } });
  assert.is(status, 201);
  assert.equal(profile, {
    profileId: profile.profileId,
    profileArn: `arn:aws:rolesanywhere:us-east-1:123456789012:profile/${profile.profileId}`,
    name: "p",
    enabled: false,
    requireInstanceProperties: false,
    acceptRoleSessionName: false,
    createdBy: "arn:aws:iam::123456789012:user/Administrator",
    roleArns: [ROLE_ARN],
    managedPolicyArns: [],
    durationSeconds: 3600,
    createdAt: "2026-06-01T12:00:00.000000Z",
    updatedAt: "2026-06-01T12:00:00.000000Z",
    attributeMappings: DEFAULT_MAPPINGS,
  });
  assert.equal(await done("GET", `/profile/${profile.profileId}`), profile);
});

test("CREATE_PROFILE keeps what it is given", async () => {
  const { done } = controlPlane();
  const given = {
    name: "p",
    roleArns: [],
    managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    sessionPolicy: POLICY,
    durationSeconds: 43_200,
    acceptRoleSessionName: true,
    requireInstanceProperties: true,
    enabled: true,
  };
  const { profileId, profileArn, createdAt, updatedAt, createdBy, attributeMappings, ...kept } = await done(
    "POST",
    "/profiles",
    { ...given, tags: [], attributeMappings: [], createdBy: "me" },
  );
  assert.equal(kept, given);
  assert.equal(attributeMappings, DEFAULT_MAPPINGS);
  assert.ok(profileArn.endsWith(profileId) && createdAt === updatedAt && createdBy !== "me");
});

test("CREATE_PROFILE says which constraint is broken", async () => {
  const { call } = controlPlane();
  const good = { name: "p", roleArns: [ROLE_ARN] };
  const cases: readonly (readonly [object, string])[] = [
    [
      { name: "SESSION*POLICY" },
      "Value 'SESSION*POLICY' at 'name' failed to satisfy constraint: Member must satisfy reg",
    ],
    [
      { name: "" },
      "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { name: "x".repeat(256) },
      "at 'name' failed to satisfy constraint: Member must have length less than or equal to 255",
    ],
    [
      { name: undefined, roleArns: null },
      "2 validation errors detected: Value null at 'name' failed to satisfy constra",
    ],
    [
      { durationSeconds: 899 },
      "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value grea",
    ],
    [{ durationSeconds: 43_201 }, "Member must have value less than or equal to 43200"],
    [
      { durationSeconds: 900.5 },
      "Value '900.5' at 'durationSeconds' failed to satisfy constraint: Member must be an integ",
    ],
    [{ durationSeconds: "900" }, "Member must be an integer"],
    [
      { roleArns: ["arn:aws:iam::123456789012:user/u"] },
      "at 'roleArns.1.member' failed to satisfy constraint: Member must",
    ],
    [
      { roleArns: [ROLE_ARN, null] },
      "Value null at 'roleArns.2.member' failed to satisfy constraint: Member must not be null",
    ],
    [
      { roleArns: Array(251).fill(ROLE_ARN) },
      "at 'roleArns' failed to satisfy constraint: Member must have length less t",
    ],
    [
      { managedPolicyArns: [""] },
      "Value '' at 'managedPolicyArns.1.member' failed to satisfy constraint: Member must have l",
    ],
    [{ managedPolicyArns: Array(51).fill("a") }, "Member must have length less than or equal to 50"],
    [{ sessionPolicy: "{}" }, "Invalid session policy: Cannot read policy"],
    [{ sessionPolicy: "" }, "Invalid session policy: Cannot read policy"],
    [{ sessionPolicy: POLICY.replace("Resource", "Principal") }, "Invalid session policy: Cannot read policy at /Stat"],
    [{ enabled: "true" }, "Value 'true' at 'enabled' failed to satisfy constraint: Member must be a boolean"],
  ];
  for (const [change, message] of cases) {
    const answer = await call("POST", "/profiles", { body: { ...good, ...change } });
    assert.equal([answer.status, answer.code], [400, "ValidationException"], JSON.stringify(change));
    assert.match(answer.message, message);
  }
});

test("CREATE_PROFILE keeps the quota of profiles", async () => {
  const { call, done } = controlPlane();
  const body = { name: "p", roleArns: [] };
  for (let i = 0; i < 250; i++) await done("POST", "/profiles", body);
  assert.match((await call("POST", "/profiles", { body })).message, "the number of profiles would be 251");
});

test("UPDATE_PROFILE changes what it is given and keeps everything else", async () => {
  const { call, done } = controlPlane();
  const made = await done("POST", "/profiles", {
    name: "p",
    roleArns: [ROLE_ARN],
    durationSeconds: 900,
    sessionPolicy: POLICY,
    enabled: true,
  });
  const path = `/profile/${made.profileId}`;
  let expected = made;
  const changes = [{ name: "q" }, { durationSeconds: 1800 }, { roleArns: [] }, { acceptRoleSessionName: true }, {
    managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
  }];
  for (const [index, change] of changes.entries()) {
    expected = { ...expected, ...change, updatedAt: `2026-06-01T12:00:00.00000${index + 1}Z` };
    assert.equal(await done("PATCH", path, { ...change, enabled: false, requireInstanceProperties: true }), expected);
  }
  assert.equal(await done("GET", path), expected);
  for (const sessionPolicy of ["", "{}", "x".repeat(100_001)]) {
    assert.is((await call("PATCH", path, { body: { sessionPolicy } })).code, "ValidationException");
  }
  assert.equal(await done("GET", path), expected);
});

test("ENABLE_PROFILE and DISABLE_PROFILE switch; DELETE_PROFILE answers what it deletes", async () => {
  const { call, done } = controlPlane();
  const { profileId } = await done("POST", "/profiles", { name: "p", roleArns: [], tags: [{ key: "a", value: "" }] });
  const path = `/profile/${profileId}`;
  assert.is((await done("POST", `${path}/enable`)).enabled, true);
  const disabled = await done("POST", `${path}/disable`);
  assert.is(disabled.enabled, false);
  assert.equal(await done("DELETE", path), disabled);
  for (
    const [method, target] of [["GET", path], ["PATCH", path], ["DELETE", path], ["POST", `${path}/enable`]] as const
  ) {
    const { status, message } = await call(method, target);
    assert.equal([status, message], [404, "Specified Profile wasn't found."]);
  }
});

test.run();
