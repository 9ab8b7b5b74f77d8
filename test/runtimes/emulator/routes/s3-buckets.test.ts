// runtimes: node20 node deno bun workerd
import { ADMINISTRATOR, assertRefused, emulatedAccount } from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/s3-buckets");

const located = (region: string): string =>
  `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;

test("CreateBucket makes buckets that HeadBucket and ListBuckets show and DeleteBucket removes", async () => {
  const { s3 } = emulatedAccount();
  const made = await s3({ method: "PUT", path: "/one" });
  assert.equal([made.status, made.headers.get("location")], [200, "/one"]);
  const europe = { region: "eu-central-1" };
  assert.is((await s3({ method: "PUT", path: "/other.bucket", body: located("eu-central-1") }, europe)).status, 200);
  assert.is((await s3({ method: "PUT", path: "/", host: "hosted.s3.amazonaws.com" })).status, 200);
  const head = await s3({ method: "HEAD", path: "/other.bucket" }, europe);
  assert.equal([head.status, head.headers.get("x-amz-bucket-region")], [200, "eu-central-1"]);
  assert.is((await s3({ method: "HEAD", path: "/none" })).status, 404);
  const listed = await s3({ method: "GET", path: "/" });
  assert.equal(listed.elements("Name"), ["hosted", "one", "other.bucket"]);
  assert.equal(listed.elements("CreationDate")[0], "2026-06-01T12:00:00.000Z");
  assert.equal((await s3({ method: "GET", path: "/", query: "prefix=o" })).elements("Name"), ["one", "other.bucket"]);
  await s3({ method: "PUT", path: "/one/a", body: "1" });
  assertRefused(await s3({ method: "DELETE", path: "/one" }), 409, "BucketNotEmpty");
  await s3({ method: "DELETE", path: "/one/a" });
  assert.is((await s3({ method: "DELETE", path: "/one" })).status, 204);
  assertRefused(await s3({ method: "DELETE", path: "/one" }), 404, "NoSuchBucket");
});

test("CreateBucket refuses names that are none", async () => {
  const { s3 } = emulatedAccount();
  for (
    const name of [
      "ab",
      "x".repeat(64),
      "Upper",
      "under_score",
      "-a-",
      "a..b",
      "192.168.5.4",
      "xn--abc",
      "a-s3alias",
      "a%20b",
    ]
  ) {
    assertRefused(await s3({ method: "PUT", path: `/${name}` }), 400, "InvalidBucketName");
  }
});

test("CreateBucket refuses a region other than the one that is called, and bodies that are none", async () => {
  const { s3 } = emulatedAccount();
  const create = (body: string, region = "us-east-1") => s3({ method: "PUT", path: "/bucket", body }, { region });
  const constraint = "IllegalLocationConstraintException";
  assertRefused(await create(located("eu-central-1")), 400, constraint);
  assert.match(assertRefused(await create("", "eu-central-1"), 400, constraint), "The unspecified location constraint");
  assertRefused(await create(located("eu-west-1"), "eu-central-1"), 400, constraint);
  for (const body of ["{}", "<x/>", "<CreateBucket/>"]) assertRefused(await create(body), 400, "MalformedXML");
});

test("CreateBucket refuses a bucket that is there, unless it is the caller's in us-east-1", async () => {
  const other = { accessKeyId: "AKIAOTHERACCOUNTOTHE", secretAccessKey: "s".repeat(40) };
  const { accessKeyId, secretAccessKey } = ADMINISTRATOR;
  const { s3 } = emulatedAccount({
    accessKeys: [{ ...other, arn: "arn:aws:iam::999988887777:user/Other" }, { accessKeyId, secretAccessKey }],
  });
  for (let i = 0; i < 2; i++) assert.is((await s3({ method: "PUT", path: "/bucket" })).status, 200);
  assertRefused(await s3({ method: "PUT", path: "/bucket" }, { credentials: other }), 409, "BucketAlreadyExists");
  assertRefused(await s3({ method: "DELETE", path: "/bucket" }, { credentials: other }), 403, "AccessDenied");
  const europe = { region: "eu-central-1" };
  const body = located("eu-central-1");
  await s3({ method: "PUT", path: "/europe", body }, europe);
  assertRefused(await s3({ method: "PUT", path: "/europe", body }, europe), 409, "BucketAlreadyOwnedByYou");
  assert.equal((await s3({ method: "GET", path: "/" }, { credentials: other })).elements("Name"), []);
});

test.run();
