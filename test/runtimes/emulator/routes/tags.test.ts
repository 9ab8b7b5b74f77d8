// runtimes: node20 node deno bun workerd
import { controlPlane, STRANGER } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/tags");

const tag = (key: string, value: string) => ({ key, value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`, ""));

async function withProfile(options?: Parameters<typeof controlPlane>[0]) {
  const client = controlPlane(options);
  const { profileArn: resourceArn } = await client.done("POST", "/profiles", { name: "p", roleArns: [] });
  const listed = () => client.done("GET", `/ListTagsForResource?resourceArn=${encodeURIComponent(resourceArn)}`);
  return { ...client, resourceArn, listed };
}

test("TAG_RESOURCE sets tags by key and UNTAG_RESOURCE removes them", async () => {
  const { call, listed, resourceArn } = await withProfile();
  const tags = [tag("a", "1"), tag("b", ""), tag("a", "2")];
  const tagged = await call("POST", "/TagResource", { body: { resourceArn, tags } });
  assert.equal([tagged.status, tagged.body], [201, {}]);
  assert.equal(await listed(), [tag("a", "2"), tag("b", "")]);
  await call("POST", "/TagResource", { body: { resourceArn, tags: [tag("c", "3"), tag("b", "4")] } });
  assert.equal(await listed(), [tag("a", "2"), tag("b", "4"), tag("c", "3")]);
  const untagged = await call("POST", "/UntagResource", { body: { resourceArn, tagKeys: ["a", "c", "z"] } });
  assert.equal([untagged.status, untagged.body], [200, {}]);
  assert.equal(await listed(), [tag("b", "4")]);
  await call("POST", "/UntagResource", { body: { resourceArn, tagKeys: ["b"] } });
  assert.equal(await listed(), []);
});

test("TAG_RESOURCE allows fifty tags, and two hundred when quotas are ignored", async () => {
  for (const [quotas, most] of [["enforce", 50], ["ignore", 200]] as const) {
    const { call, listed, resourceArn } = await withProfile({ quotas });
    assert.is((await call("POST", "/TagResource", { body: { resourceArn, tags: many(most) } })).status, 201);
    const more = await call("POST", "/TagResource", { body: { resourceArn, tags: [tag("more", "")] } });
    assert.equal([more.status, more.code], [400, "TooManyTagsException"]);
    assert.is((await call("POST", "/TagResource", { body: { resourceArn, tags: [tag("k0", "new")] } })).status, 201);
    assert.is((await listed()).length, most);
    const many201 = await call("POST", "/TagResource", { body: { resourceArn, tags: many(201) } });
    assert.match(many201.message, "Value '[…]' at 'tags' failed to satisfy constraint: Member must have length");
  }
  const { call } = controlPlane();
  const made = await call("POST", "/profiles", { body: { name: "p", roleArns: [], tags: many(51) } });
  assert.equal([made.status, made.code], [400, "ValidationException"]);
  assert.equal((await call("GET", "/profiles")).body, { profiles: [] });
});

test("TAG_RESOURCE never repeats a key or a value in a message", async () => {
  const { call, resourceArn } = await withProfile();
  const canary = "c4n4ry";
  const bad = [`${canary}#`, `${canary}é`, canary.repeat(50), `aws:${canary}`, 7, null, [canary], { canary }];
  for (const value of bad) {
    for (const tags of [[{ key: value, value: "x" }], [{ key: "x", value }], [value], value]) {
      const answer = await call("POST", "/TagResource", { body: { resourceArn, tags } });
      if (answer.status === 201) continue;
      assert.equal([answer.status, answer.code], [400, "ValidationException"]);
      if (Array.isArray(tags) && typeof tags[0] === "object") assert.not.match(answer.message, canary);
    }
    const answer = await call("POST", "/UntagResource", { body: { resourceArn, tagKeys: [value] } });
    assert.not.match(answer.message, canary);
  }
});

test("LIST_TAGS_FOR_RESOURCE does not find what is not there or not the caller's", async () => {
  const { call, resourceArn } = await withProfile();
  const unknown = resourceArn.replace("profile", "trust-anchor");
  const cases = [[unknown, {}], ["x", {}], [resourceArn, { as: STRANGER }], [resourceArn, {
    region: "eu-west-1",
  }]] as const;
  for (const [arn, sent] of cases) {
    const bodies = [
      ["GET", `/ListTagsForResource?resourceArn=${encodeURIComponent(arn)}`, undefined],
      ["POST", "/TagResource", { resourceArn: arn, tags: [] }],
      ["POST", "/UntagResource", { resourceArn: arn, tagKeys: [] }],
    ] as const;
    for (const [method, target, body] of bodies) {
      const answer = await call(method, target, { ...sent, ...(body && { body }) });
      assert.equal([answer.status, answer.code], [404, "ResourceNotFoundException"]);
    }
  }
  for (const query of ["", "?resourceArn=", `?resourceArn=${"x".repeat(1012)}`]) {
    assert.is((await call("GET", `/ListTagsForResource${query}`)).code, "ValidationException");
  }
});

test.run();
