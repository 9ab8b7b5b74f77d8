// runtimes: node20 node deno bun workerd
import { encodePem } from "../../../../core/pem/pem.ts";
import { bundle, caPem, controlPlane, STRANGER } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";
import { basicConstraints, keyUsage, TRUST_ANCHOR_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/routes/trust-anchors");

const DEFAULTS = ["CA_CERTIFICATE_EXPIRY", "END_ENTITY_CERTIFICATE_EXPIRY"].map((event) => ({
  enabled: true,
  event,
  threshold: 45,
  channel: "ALL",
  configuredBy: "rolesanywhere.amazonaws.com",
}));

test("CREATE_TRUST_ANCHOR makes a disabled trust anchor with the default notifications", async () => {
  const { call, done } = controlPlane();
  const source = bundle(await caPem("Root"));
  const { status, body: { trustAnchor } } = await call("POST", "/trustanchors", { body: { name: "my-ca", source } });
  assert.is(status, 201);
  const { trustAnchorId: id } = trustAnchor;
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(trustAnchor, {
    trustAnchorId: id,
    trustAnchorArn: `arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/${id}`,
    name: "my-ca",
    source,
    enabled: false,
    createdAt: "2026-06-01T12:00:00.000000Z",
    updatedAt: "2026-06-01T12:00:00.000000Z",
    notificationSettings: DEFAULTS,
  });
  assert.equal(await done("GET", `/trustanchor/${id}`), trustAnchor);
});

test("CREATE_TRUST_ANCHOR keeps what it is given", async () => {
  const { done } = controlPlane();
  const two = await caPem("Root") + await caPem("Next Root");
  const { trustAnchorArn, ...trustAnchor } = await done("POST", "/trustanchors", {
    name: "two",
    source: bundle(two),
    enabled: true,
    tags: [{ key: "a", value: "b" }],
    notificationSettings: [{ enabled: true, event: "CA_CERTIFICATE_EXPIRY", threshold: 30, channel: "ALL" }],
    unknown: "ignored",
  });
  assert.is(trustAnchor.enabled, true);
  assert.is(trustAnchor.source.sourceData.x509CertificateData, two);
  assert.equal(trustAnchor.notificationSettings, [
    { enabled: true, event: "CA_CERTIFICATE_EXPIRY", threshold: 30, channel: "ALL", configuredBy: "123456789012" },
    DEFAULTS[1],
  ]);
  const tags = await done("GET", `/ListTagsForResource?resourceArn=${encodeURIComponent(trustAnchorArn)}`);
  assert.equal(tags, [{ key: "a", value: "b" }]);
});

test("CREATE_TRUST_ANCHOR refuses certificates that cannot be trusted", async () => {
  const { call } = controlPlane();
  const root = await caPem("Root");
  const cases: readonly (readonly [object, string])[] = [
    [bundle(await caPem("Leaf", [keyUsage(0)])), "Incorrect basic constraints for CA certificate"],
    [bundle(await caPem("Leaf", [basicConstraints(false)])), "Incorrect basic constraints for CA certificate"],
    [bundle(await caPem("Root", [basicConstraints(true), keyUsage(0, 6)])), "keyUsage does not include keyCertSign"],
    [bundle(root + root + root), "Quota exceeded: the number of certificates of a trust anchor would be 3"],
    [bundle("PEM"), "Cannot read certificates"],
    [bundle(encodePem("CERTIFICATE", new Uint8Array([0x30, 0x00]))), "Cannot read certificate 1"],
    [bundle(root + encodePem("PRIVATE KEY", new Uint8Array(8))), "block 2 is a PRIVATE KEY"],
    [
      bundle(""),
      "'source.sourceData.x509CertificateData' failed to satisfy constraint: Member must have length greater",
    ],
    [bundle("x".repeat(204_801)), "Member must have length less than or equal to 204800"],
    [{ ...bundle(root), sourceType: "SELF_SIGNED_REPOSITORY" }, "source.sourceType must be CERTIFICATE_BUNDLE"],
    [{ ...bundle(root), sourceType: undefined }, "it is missing"],
    [{ ...bundle(root), sourceType: "OTHER" }, "enum value set: [AWS_ACM_PCA, CERTIFICATE_BUNDLE, SELF_SIGNED_REPOS"],
    [{ ...bundle(root), sourceType: "AWS_ACM_PCA" }, "must have acmPcaArn when source.sourceType is AWS_ACM_PCA"],
    [{ sourceType: "CERTIFICATE_BUNDLE" }, "exactly one of x509CertificateData and acmPcaArn"],
    [{ sourceType: "CERTIFICATE_BUNDLE", sourceData: { acmPcaArn: "a" } }, "must have x509CertificateData"],
    [
      { sourceType: "CERTIFICATE_BUNDLE", sourceData: { acmPcaArn: "a", x509CertificateData: root } },
      "exactly one of x509CertificateData and acmPcaArn",
    ],
  ];
  for (const [source, message] of cases) {
    const answer = await call("POST", "/trustanchors", { body: { name: "ca", source } });
    assert.equal([answer.status, answer.code], [400, "ValidationException"], message);
    assert.match(answer.message, message);
  }
});

test("CREATE_TRUST_ANCHOR lists every broken constraint in one message", async () => {
  const { call } = controlPlane();
  const { message } = await call("POST", "/trustanchors", { body: { name: "a*", tags: [{ key: "sécret" }] } });
  assert.is(
    message,
    "4 validation errors detected: Value 'a*' at 'name' failed to satisfy constraint: Member must satisfy regular " +
      "expression pattern: [ a-zA-Z0-9-_]*; Value null at 'source' failed to satisfy constraint: Member must not be " +
      "null; Value at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression " +
      "pattern: [ a-zA-Z0-9_.:/=+@-]*; Value null at 'tags.1.member.value' failed to satisfy constraint: Member must " +
      "not be null",
  );
});

test("CREATE_TRUST_ANCHOR keeps the quota of an account and region, unless quotas are ignored", async () => {
  const body = { name: "ca", source: bundle(await caPem("Root")) };
  const { call, done } = controlPlane();
  for (let i = 0; i < 50; i++) await done("POST", "/trustanchors", body);
  const refused = await call("POST", "/trustanchors", { body });
  assert.equal([refused.status, refused.code], [400, "ValidationException"]);
  assert.match(refused.message, "the number of trust anchors would be 51, at most 50 are allowed");
  await done("POST", "/trustanchors", body, "eu-west-1");
  assert.is((await call("POST", "/trustanchors", { body, as: STRANGER })).status, 201);

  const free = controlPlane({ quotas: "ignore" });
  const source = bundle((await caPem("Root")).repeat(3));
  for (let i = 0; i < 51; i++) await free.done("POST", "/trustanchors", { ...body, source });
});

test("GET_TRUST_ANCHOR shows a caller nothing but what is of his account and region", async () => {
  const { call, done } = controlPlane({ trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: await caPem("Root") }] });
  const path = `/trustanchor/${TRUST_ANCHOR_ARN.slice(-36)}`;
  assert.is((await done("GET", path)).trustAnchorArn, TRUST_ANCHOR_ARN);
  for (const sent of [{ region: "eu-west-1" }, { as: STRANGER }]) {
    const { status, code, message } = await call("GET", path, sent);
    assert.equal([status, code], [404, "ResourceNotFoundException"]);
    assert.is(message, "Specified Trust Anchor wasn't found.");
    assert.equal((await call("GET", "/trustanchors", sent)).body, { trustAnchors: [] });
  }
  const china = await done("POST", "/trustanchors", { name: "c", source: bundle(await caPem("Root")) }, "cn-north-1");
  assert.match(china.trustAnchorArn, /^arn:aws-cn:rolesanywhere:cn-north-1:/);
});

test("GET_TRUST_ANCHOR decodes its identifier and checks it", async () => {
  const { call, done } = controlPlane({ trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: await caPem("Root") }] });
  const { trustAnchorArn } = await done("GET", "/trustanchor/%31111111%31%2D2222-3333-4444-55555555555%35");
  assert.is(trustAnchorArn, TRUST_ANCHOR_ARN);
  const bad = await call("GET", "/trustanchor/abc");
  assert.is(
    bad.message,
    "2 validation errors detected: Value 'abc' at 'trustAnchorId' failed to satisfy constraint: Member must satisfy " +
      "regular expression pattern: .*[a-f0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}.*; Value 'abc' at 'trustAnchorId' " +
      "failed to satisfy constraint: Member must have length greater than or equal to 36",
  );
  for (const id of ["%zz", "%ff", "a%2fb", "..%2f..%2fx", "%00", "x".repeat(5000)]) {
    const { status, code } = await call("GET", `/trustanchor/${id}`);
    assert.equal([status, code], [400, "ValidationException"], id);
  }
});

test("UPDATE_TRUST_ANCHOR changes what it is given, and the time", async () => {
  const { call, done } = controlPlane();
  const first = await done("POST", "/trustanchors", { name: "a", source: bundle(await caPem("Root")) });
  const path = `/trustanchor/${first.trustAnchorId}`;
  const renamed = await done("PATCH", path, { name: "b", enabled: true, notificationSettings: [] });
  assert.equal(renamed, { ...first, name: "b", updatedAt: "2026-06-01T12:00:00.000001Z" });
  const source = bundle(await caPem("Next Root"));
  const moved = await done("PATCH", path, { source });
  assert.equal(moved, { ...renamed, source, updatedAt: "2026-06-01T12:00:00.000002Z" });
  assert.equal(await done("GET", path), moved);
  assert.is((await call("PATCH", path, { body: { source: bundle("PEM") } })).code, "ValidationException");
  assert.is((await done("PATCH", path)).name, "b");
  assert.equal((await done("GET", path)).source, source);
});

test("ENABLE_TRUST_ANCHOR and DISABLE_TRUST_ANCHOR switch, each as often as one likes", async () => {
  const { call, done } = controlPlane();
  const { trustAnchorId } = await done("POST", "/trustanchors", { name: "a", source: bundle(await caPem("Root")) });
  const path = `/trustanchor/${trustAnchorId}`;
  for (const [verb, enabled] of [["enable", true], ["enable", true], ["disable", false], ["disable", false]] as const) {
    assert.is((await done("POST", `${path}/${verb}`)).enabled, enabled);
    assert.is((await done("GET", path)).enabled, enabled);
  }
  const unknown = `/trustanchor/${trustAnchorId.replace(/^./, (digit: string) => digit === "0" ? "1" : "0")}`;
  for (const verb of ["enable", "disable"]) {
    assert.is((await call("POST", `${unknown}/${verb}`)).code, "ResourceNotFoundException");
  }
});

test("DELETE_TRUST_ANCHOR answers what it deletes and takes its tags along", async () => {
  const { call, done } = controlPlane();
  const tags = [{ key: "a", value: "b" }];
  const made = await done("POST", "/trustanchors", { name: "a", source: bundle(await caPem("Root")), tags });
  const path = `/trustanchor/${made.trustAnchorId}`;
  assert.equal(await done("DELETE", path), made);
  for (const method of ["GET", "DELETE"]) assert.is((await call(method, path)).status, 404);
  const listed = await call("GET", `/ListTagsForResource?resourceArn=${encodeURIComponent(made.trustAnchorArn)}`);
  assert.is(listed.code, "ResourceNotFoundException");
});

test.run();
