// runtimes: node20 node deno bun workerd
import * as fc from "fast-check";
import { listPage } from "../../../../runtimes/emulator/roles-anywhere/list-page.ts";
import type { Change } from "../../../../runtimes/emulator/store/emulator-store.ts";
import type { ProfileRecord } from "../../../../runtimes/emulator/store/records.ts";
import { resourceTime } from "../../../../runtimes/emulator/roles-anywhere/resource-time.ts";
import { controlPlane, STRANGER } from "../../../support/control-plane.ts";
import { callOf, serviceWith } from "../../../support/service-tables.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/list-page");

/** Profiles whose times repeat, in an order that is not that of their times. */
function profiles(count: number): Change[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${String((index * 7919) % 100_000).padStart(8, "0")}-2222-4333-8444-555555555555`;
    const arn = `arn:aws:rolesanywhere:us-east-1:123456789012:profile/${id}`;
    const createdAt = resourceTime(NOW + (index * 31 % 5));
    return { table: "profiles", key: arn, record: { arn, id, createdAt } as ProfileRecord };
  });
}

test("listPage() shows everything once and in order, whatever the page size", () => {
  fc.assert(fc.property(fc.nat(40), fc.integer({ min: 1, max: 45 }), (count, pageSize) => {
    const service = serviceWith(profiles(count));
    const seen: ProfileRecord[] = [];
    let nextToken: string | undefined;
    do {
      const page = listPage(service, callOf(), "profiles", {
        pageSize,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      assert.ok(page.records.length <= pageSize);
      assert.ok(page.nextToken === undefined || page.records.length === pageSize);
      seen.push(...page.records);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    assert.is(new Set(seen.map(({ arn }) => arn)).size, count);
    const order = seen.map(({ createdAt, arn }) => `${createdAt} ${arn}`);
    assert.equal(order, [...order].sort());
  }));
});

test("listPage() goes on where it was when resources come and go, and after a new start", async () => {
  const changes = profiles(9);
  const before = serviceWith(changes);
  const first = listPage(before, callOf(), "profiles", { pageSize: 4 });
  const whole = listPage(before, callOf(), "profiles", {}).records;
  const gone = first.records.at(-1)!;
  await before.store.commit([{ table: "profiles", key: gone.arn }]);
  const after = serviceWith([...changes].reverse());
  for (const service of [before, after]) {
    const rest = listPage(service, callOf(), "profiles", { nextToken: first.nextToken! });
    assert.equal(rest.records, whole.slice(4));
    assert.is(rest.nextToken, undefined);
  }
});

test("listPage() is what clients see: fifty at a time, tokens percent-encoded or not", async () => {
  const { call, done } = controlPlane();
  const ids: string[] = [];
  for (let i = 0; i < 60; i++) ids.push((await done("POST", "/profiles", { name: "p", roleArns: [] })).profileId);
  const { body: first } = await call("GET", "/profiles");
  assert.equal(first.profiles.map(({ profileId }: { profileId: string }) => profileId), ids.slice(0, 50));
  assert.match(first.nextToken, /^[A-Za-z0-9_-]+$/);
  const escaped = Array.from(first.nextToken as string, (one) => `%${one.charCodeAt(0).toString(16)}`).join("");
  for (const token of [first.nextToken, escaped]) {
    const { body: second } = await call("GET", `/profiles?nextToken=${token}`);
    assert.equal(second.profiles.map(({ profileId }: { profileId: string }) => profileId), ids.slice(50));
    assert.not.ok("nextToken" in second);
  }
});

test("listPage() refuses tokens that are not of this list, account and region", async () => {
  const { call, done } = controlPlane();
  for (let i = 0; i < 2; i++) await done("POST", "/profiles", { name: "p", roleArns: [] });
  const { nextToken } = (await call("GET", "/profiles?pageSize=1")).body;
  const others = [
    ["/profiles", { as: STRANGER }],
    ["/profiles", { region: "eu-west-1" }],
    ["/crls", {}],
    ["/subjects", {}],
    ["/trustanchors", {}],
  ] as const;
  for (const [path, sent] of others) {
    const { status, code, message } = await call("GET", `${path}?nextToken=${nextToken}`, sent);
    assert.equal([status, code, message], [400, "ValidationException", "Invalid nextToken"]);
  }
  const broken = ["tok%2F%2B%3D%20x", "x", nextToken.slice(0, -1), `${nextToken}A`, "%00", "gICA", "x".repeat(10_000)];
  for (const token of broken) {
    const { code, message } = await call("GET", `/profiles?pageSize=1&nextToken=${token}`);
    assert.equal([code, message], ["ValidationException", "Invalid nextToken"], token);
  }
  for (const query of ["nextToken=", `nextToken=${"x".repeat(10_001)}`, "pageSize=0", "pageSize=-1"]) {
    assert.is((await call("GET", `/profiles?${query}`)).code, "ValidationException", query);
  }
  for (const size of ["", "x", "1.5", "1e1", "+1", "9".repeat(400)]) {
    assert.is((await call("GET", `/profiles?pageSize=${size}`)).code, "ValidationException", size);
  }
});

test.run();
