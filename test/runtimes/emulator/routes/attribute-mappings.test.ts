// runtimes: node20 node deno bun workerd
import { controlPlane } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/attribute-mappings");

type Rules = readonly { readonly specifier: string }[];

const rules = (...specifiers: readonly string[]): Rules => specifiers.map((specifier) => ({ specifier }));

/** Mappings as `field: specifiers`. */
function summary(profile: { attributeMappings: { certificateField: string; mappingRules: Rules }[] }): string[] {
  return profile.attributeMappings.map(({ certificateField, mappingRules }) =>
    `${certificateField}: ${mappingRules.map(({ specifier }) => specifier).join(" ")}`
  );
}

async function withProfile() {
  const { call, done } = controlPlane();
  const { profileId } = await done("POST", "/profiles", { name: "p", roleArns: [] });
  return { call, done, path: `/profiles/${profileId}/mappings` };
}

test("PUT_ATTRIBUTE_MAPPING replaces the rules of one field", async () => {
  const { done, path } = await withProfile();
  const put = async (certificateField: string, mappingRules: Rules) =>
    summary(await done("PUT", path, { certificateField, mappingRules }));
  assert.equal(await put("x509Subject", rules("CN", "OU")), [
    "x509Issuer: *",
    "x509SAN: DNS URI Name/*",
    "x509Subject: CN OU",
  ]);
  assert.equal(await put("x509SAN", rules("Name", "Name/", "Name/CN", "DNS", "DNS")), [
    "x509Issuer: *",
    "x509SAN: Name/* Name/CN DNS",
    "x509Subject: CN OU",
  ]);
  assert.equal(await put("x509Issuer", rules("2.5.4.3", "*")), [
    "x509Issuer: 2.5.4.3 *",
    "x509SAN: Name/* Name/CN DNS",
    "x509Subject: CN OU",
  ]);
  assert.equal(await put("x509SAN", []), ["x509Issuer: 2.5.4.3 *", "x509Subject: CN OU"]);
  assert.equal(await put("x509SAN", rules("URI")), ["x509Issuer: 2.5.4.3 *", "x509SAN: URI", "x509Subject: CN OU"]);
});

test("PUT_ATTRIBUTE_MAPPING refuses specifiers that a field does not have", async () => {
  const { call, path } = await withProfile();
  const cases = [["x509SAN", "*"], ["x509SAN", "CN"], ["x509SAN", "DNS/*"], ["x509SAN", "URI/*"], [
    "x509Subject",
    "DNS",
  ], [
    "x509Subject",
    "",
  ]] as const;
  for (const [certificateField, specifier] of cases) {
    const { status, code, message } = await call("PUT", path, {
      body: { certificateField, mappingRules: rules(specifier) },
    });
    assert.equal([status, code], [400, "ValidationException"]);
    assert.is(message, `Invalid mapping rule: ${certificateField} has no specifier '${specifier}'`);
  }
  const broken = await call("PUT", path, { body: { certificateField: "x509", mappingRules: rules("x".repeat(61)) } });
  assert.match(broken.message, "Member must satisfy enum value set: [x509Subject, x509Issuer, x509SAN]");
  assert.match(broken.message, "at 'mappingRules.1.member.specifier' failed to satisfy constraint: Member must have");
});

test("DELETE_ATTRIBUTE_MAPPING removes some rules of a field, or the field", async () => {
  const { call, done, path } = await withProfile();
  const remove = async (query: string) => summary(await done("DELETE", `${path}?${query}`));
  assert.equal(await remove("certificateField=x509SAN&specifiers=DNS&specifiers=Name%2FCN"), [
    "x509Issuer: *",
    "x509SAN: URI Name/*",
    "x509Subject: *",
  ]);
  assert.equal(await remove("specifiers=Name&certificateField=x509SAN"), [
    "x509Issuer: *",
    "x509SAN: URI",
    "x509Subject: *",
  ]);
  assert.equal(await remove("certificateField=x509Issuer"), ["x509SAN: URI", "x509Subject: *"]);
  assert.equal(await remove("certificateField=x509Issuer"), ["x509SAN: URI", "x509Subject: *"]);
  assert.equal(await remove("certificateField=x509SAN&specifiers=URI"), ["x509Subject: *"]);
  const missing = await call("DELETE", path);
  assert.match(
    missing.message,
    "Value null at 'certificateField' failed to satisfy constraint: Member must not be null",
  );
  const unknown = await call(
    "DELETE",
    "/profiles/11111111-2222-3333-4444-555555555555/mappings?certificateField=x509SAN",
  );
  assert.equal([unknown.status, unknown.code], [404, "ResourceNotFoundException"]);
});

test.run();
