// runtimes: node20 node deno bun workerd
import { encodeBase64 } from "../../../../core/bytes/base64.ts";
import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { md5 } from "../../../../core/crypto/password/md5.ts";
import { presignRequest } from "../../../../core/sigv4/mod.ts";
import {
  ADMINISTRATOR,
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  send,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/routes/s3-objects");

async function withBucket(): Promise<EmulatedAccount> {
  const account = emulatedAccount();
  assert.is((await account.s3({ method: "PUT", path: "/bucket" })).status, 200);
  return account;
}

/** Paths as they go over the wire, and the keys that they stand for. */
const KEYS: readonly (readonly [path: string, key: string])[] = [
  ["plain.txt", "plain.txt"],
  ["a%20b%2Bc", "a b+c"],
  ["a+b", "a b"],
  ["dir//double///slash", "dir//double///slash"],
  ["/leading", "/leading"],
  ["trailing/", "trailing/"],
  ["x/../y", "x/../y"],
  ["./z/.", "./z/."],
  ["x%2f..%2Fy", "x/../y"],
  ["%2e%2e/q", "../q"],
  ["Zo%C3%AB/%F0%9F%98%80", "Zoë/😀"],
  ["~!*'();:@&=$,-_.", "~!*'();:@&=$,-_."],
  ["%7E%21%23%3F%5B%5D%25", "~!#?[]%"],
  ["%20", " "],
  ["%3Cx%3E%26%22", '<x>&"'],
  ["100%25%2520", "100%%20"],
];

test("PutObject and GetObject keep every octet of a key, signed by headers", async () => {
  const { s3 } = await withBucket();
  for (const [path, key] of KEYS) {
    const put = await s3({ method: "PUT", path: `/bucket/${path}`, body: `of ${key}` });
    assert.is(put.status, 200, `${path} ${put.text}`);
    assert.is((await s3({ method: "GET", path: `/bucket/${path}` })).text, `of ${key}`);
    // Another spelling of the same key.
    const spelt = key.split("/").map(encodeURIComponent).join("/");
    assert.is((await s3({ method: "GET", path: `/bucket/${spelt}` })).text, `of ${key}`, spelt);
  }
  const listed = await s3({ method: "GET", path: "/bucket", query: "list-type=2&encoding-type=url" });
  const keys = new Set(KEYS.map(([, key]) => key));
  assert.equal(new Set(listed.elements("Key").map(decodeURIComponent)), keys);
});

test("PutObject and GetObject keep every octet of a key, signed by the query", async () => {
  const { emulator } = await withBucket();
  for (const [path, key] of KEYS) {
    for (const [method, body] of [["PUT", `of ${key}`], ["GET", undefined]] as const) {
      const wire = `/bucket/${path}`;
      const { query } = presignRequest({ method, path: wire, headers: { host: "127.0.0.1:8080" } }, {
        credentials: ADMINISTRATOR,
        region: "us-east-1",
        service: "s3",
        timeMs: NOW,
        expiresSeconds: 60,
      });
      const request = { method, path: wire, query, ...(body === undefined ? {} : { body }) };
      const answer = await send(emulator, request, "s3", { credentials: null });
      assert.is(answer.status, 200, `${method} ${path} ${answer.text}`);
      if (method === "GET") assert.is(answer.text, `of ${key}`);
    }
  }
});

test("PutObject answers the MD5 as entity tag, and a checksum", async () => {
  const { s3 } = await withBucket();
  const put = await s3({ method: "PUT", path: "/bucket/a", body: "123456789" });
  assert.is(put.headers.get("etag"), '"25f9e794323b453885f5181f1b624d0b"');
  assert.is(put.headers.get("x-amz-checksum-crc64nvme"), "rosUhgp5mIg=");
  assert.is(put.headers.get("x-amz-checksum-type"), "FULL_OBJECT");
  assert.match(put.headers.get("x-amz-request-id")!, /^[0-9a-f-]{36}$/);
  const empty = await s3({ method: "PUT", path: "/bucket/empty" });
  assert.is(empty.headers.get("etag"), '"d41d8cd98f00b204e9800998ecf8427e"');
  assert.is((await s3({ method: "GET", path: "/bucket/empty" })).headers.get("content-length"), "0");
});

test("PutObject keeps metadata and header fields, which GetObject and HeadObject answer", async () => {
  const { s3 } = await withBucket();
  const headers = {
    "content-type": "text/plain",
    "cache-control": "max-age=60",
    "content-disposition": 'attachment; filename="a"',
    "content-encoding": "aws-chunked,gzip",
    "content-language": "de",
    "expires": "Mon, 01 Jun 2026 13:00:00 GMT",
    "x-amz-meta-Owner": "Zed",
  };
  await s3({ method: "PUT", path: "/bucket/a", headers, body: "text" });
  for (const method of ["GET", "HEAD"]) {
    const read = await s3({ method, path: "/bucket/a" });
    assert.is(read.status, 200);
    assert.is(read.text, method === "GET" ? "text" : "");
    assert.equal(
      [...Object.keys(headers), "content-length", "last-modified", "accept-ranges"].map((name) =>
        read.headers.get(name)
      ),
      [
        "text/plain",
        // The emulator's own answers are never cached.
        read.headers.get("cache-control"),
        'attachment; filename="a"',
        "gzip",
        "de",
        "Mon, 01 Jun 2026 13:00:00 GMT",
        "Zed",
        "4",
        "Mon, 01 Jun 2026 12:00:00 GMT",
        "bytes",
      ],
    );
  }
  const query = "response-content-type=application%2Fjson&response-content-disposition=inline";
  const changed = await s3({ method: "GET", path: "/bucket/a", query });
  assert.is(changed.headers.get("content-type"), "application/json");
  assert.is(changed.headers.get("content-disposition"), "inline");
  const split = await s3({ method: "GET", path: "/bucket/a", query: "response-content-type=a%0D%0Ax%3A1" });
  assertRefused(split, 400, "InvalidArgument");
  const large = { "x-amz-meta-a": "x".repeat(2048) };
  assertRefused(await s3({ method: "PUT", path: "/bucket/a", headers: large }), 400, "MetadataTooLarge");
});

test("PutObject verifies Content-MD5 and every checksum", async () => {
  const { s3 } = await withBucket();
  const body = "123456789";
  const good: Readonly<Record<string, string>> = {
    "content-md5": encodeBase64(md5(encodeUtf8(body))),
    "x-amz-checksum-crc32": "y/Q5Jg==",
    "x-amz-checksum-crc32c": "4waSgw==",
    "x-amz-checksum-crc64nvme": "rosUhgp5mIg=",
    "x-amz-checksum-sha1": "98O8HYCOBHMq32eZZczDTKeuNEE=",
    "x-amz-checksum-sha256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
  };
  for (const [name, value] of Object.entries(good)) {
    const put = (text: string, sent = body) =>
      s3({ method: "PUT", path: "/bucket/a", headers: { [name]: text }, body: sent });
    const accepted = await put(value);
    assert.is(accepted.status, 200, `${name} ${accepted.text}`);
    if (name !== "content-md5") assert.is(accepted.headers.get(name), value);
    assertRefused(await put(value, "12345678"), 400, "BadDigest");
    assertRefused(await put("*"), 400, name === "content-md5" ? "InvalidDigest" : "InvalidRequest");
    assertRefused(await put("AAA="), 400, name === "content-md5" ? "InvalidDigest" : "InvalidRequest");
  }
  const read = await s3({ method: "HEAD", path: "/bucket/a", headers: { "x-amz-checksum-mode": "ENABLED" } });
  assert.is(read.headers.get("x-amz-checksum-sha256"), good["x-amz-checksum-sha256"]);
  assert.is((await s3({ method: "HEAD", path: "/bucket/a" })).headers.get("x-amz-checksum-sha256"), null);
  const both = { "x-amz-checksum-crc32": "y/Q5Jg==", "x-amz-checksum-crc32c": "4waSgw==" };
  const wrong: readonly Readonly<Record<string, string>>[] = [
    both,
    { "x-amz-checksum-md4": "AAAA" },
    { "x-amz-sdk-checksum-algorithm": "CRC32" },
    { "x-amz-sdk-checksum-algorithm": "SHA1", "x-amz-checksum-crc32": "y/Q5Jg==" },
  ];
  for (const headers of wrong) {
    assertRefused(await s3({ method: "PUT", path: "/bucket/a", headers, body }), 400, "InvalidRequest");
  }
  const stated = { "x-amz-content-sha256": "0".repeat(64) };
  assertRefused(
    await s3({ method: "PUT", path: "/bucket/a", headers: stated, body }),
    400,
    "XAmzContentSHA256Mismatch",
  );
});

test("PutObject keeps octets that are no text, and accepts an unsigned payload", async () => {
  const { emulator, s3 } = await withBucket();
  const body = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const put = await s3({
    method: "PUT",
    path: "/bucket/a",
    headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    body,
  });
  assert.is(put.headers.get("etag"), `"${encodeHex(md5(body))}"`);
  const { query } = presignRequest({ method: "GET", path: "/bucket/a", headers: { host: "127.0.0.1:8080" } }, {
    credentials: ADMINISTRATOR,
    region: "us-east-1",
    service: "s3",
    timeMs: NOW,
    expiresSeconds: 1,
  });
  const response = await emulator.fetch(new Request(`http://127.0.0.1:8080/bucket/a?${query}`));
  assert.equal(new Uint8Array(await response.arrayBuffer()), body);
});

test("GetObject answers ranges", async () => {
  const { s3 } = await withBucket();
  await s3({ method: "PUT", path: "/bucket/a", body: "0123456789" });
  const cases: readonly (readonly [string, number, string, string | null])[] = [
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-30", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=4-2", 200, "0123456789", null],
    ["bytes=0-1,3-4", 200, "0123456789", null],
    ["octets=0-1", 200, "0123456789", null],
  ];
  for (const [range, status, text, contentRange] of cases) {
    const read = await s3({ method: "GET", path: "/bucket/a", headers: { range, "x-amz-checksum-mode": "ENABLED" } });
    assert.equal([read.status, read.text, read.headers.get("content-range")], [status, text, contentRange], range);
    assert.is(read.headers.get("x-amz-checksum-crc64nvme") === null, status === 206);
  }
  for (const range of ["bytes=10-", "bytes=-0", "bytes=999999-9999999"]) {
    assertRefused(await s3({ method: "GET", path: "/bucket/a", headers: { range } }), 416, "InvalidRange");
  }
});

test("GetObject and PutObject hold to conditions", async () => {
  const { s3 } = await withBucket();
  const { headers } = await s3({ method: "PUT", path: "/bucket/a", body: "1" });
  const etag = headers.get("etag")!;
  const status = async (method: string, given: Readonly<Record<string, string>>, path = "/bucket/a") =>
    (await s3({ method, path, headers: given })).status;
  const later = "Mon, 01 Jun 2026 12:00:01 GMT";
  const earlier = "Mon, 01 Jun 2026 11:59:59 GMT";
  assert.is(await status("GET", { "if-match": etag }), 200);
  assert.is(await status("GET", { "if-match": '"other"' }), 412);
  assert.is(await status("GET", { "if-none-match": `"other", ${etag}` }), 304);
  assert.is(await status("GET", { "if-none-match": '"other"', "if-modified-since": later }), 200);
  assert.is(await status("GET", { "if-modified-since": later }), 304);
  assert.is(await status("GET", { "if-modified-since": earlier }), 200);
  assert.is(await status("GET", { "if-unmodified-since": earlier }), 412);
  assert.is(await status("GET", { "if-unmodified-since": earlier, "if-match": etag }), 200);
  assert.is(await status("GET", { "if-modified-since": "never" }), 200);
  assert.is(await status("PUT", { "if-none-match": "*" }), 412);
  assert.is(await status("PUT", { "if-none-match": "*" }, "/bucket/new"), 200);
  assert.is(await status("PUT", { "if-none-match": etag }), 501);
  assert.is(await status("PUT", { "if-match": '"other"' }), 412);
  assert.is(await status("PUT", { "if-match": etag }, "/bucket/none"), 404);
  assert.is(await status("DELETE", { "if-match": '"other"' }), 412);
  assert.is(await status("PUT", { "if-match": etag }), 200);
});

test("DeleteObject removes an object, and is content when there is none", async () => {
  const { s3 } = await withBucket();
  await s3({ method: "PUT", path: "/bucket/a", body: "1" });
  for (let i = 0; i < 2; i++) assert.is((await s3({ method: "DELETE", path: "/bucket/a" })).status, 204);
  assertRefused(await s3({ method: "GET", path: "/bucket/a" }), 404, "NoSuchKey");
  const head = await s3({ method: "HEAD", path: "/bucket/a" });
  assert.equal([head.status, head.text], [404, ""]);
});

test("objects are found by the host as well as by the path", async () => {
  const { s3 } = await withBucket();
  await s3({ method: "PUT", path: "/bucket/dir/a", body: "1" });
  for (
    const host of [
      "bucket.s3.us-east-1.amazonaws.com",
      "bucket.s3.amazonaws.com",
      "bucket.s3-us-west-2.amazonaws.com",
      "bucket.s3.dualstack.eu-central-1.amazonaws.com",
      "bucket.localhost:8080",
      "Bucket.S3.localhost",
    ]
  ) {
    assert.is((await s3({ method: "GET", path: "/dir/a", host })).text, "1", host);
    assert.is((await s3({ method: "GET", path: "/", query: "list-type=2", host })).element("Key"), "dir/a");
  }
  for (const host of ["s3.eu-central-1.amazonaws.com", "s3.localhost:1", "localhost"]) {
    assert.is((await s3({ method: "GET", path: "/bucket/dir/a", host })).text, "1", host);
  }
  const anonymous = await s3({ method: "GET", path: "/dir/a", host: "bucket.s3.us-east-1.amazonaws.com" }, {
    credentials: null,
  });
  assertRefused(anonymous, 403, "AccessDenied");
});

test("operations on objects refuse buckets that are not there or another account's", async () => {
  const other = { accessKeyId: "AKIAOTHERACCOUNTOTHE", secretAccessKey: "s".repeat(40) };
  const account = emulatedAccount({
    accessKeys: [{ ...other, arn: "arn:aws:iam::999988887777:user/Other" }, {
      accessKeyId: ADMINISTRATOR.accessKeyId,
      secretAccessKey: ADMINISTRATOR.secretAccessKey,
    }],
  });
  await account.s3({ method: "PUT", path: "/bucket" });
  for (const method of ["GET", "PUT", "DELETE"]) {
    assertRefused(await account.s3({ method, path: "/none/a" }), 404, "NoSuchBucket");
    assertRefused(await account.s3({ method, path: "/bucket/a" }, { credentials: other }), 403, "AccessDenied");
  }
});

test("S3 refuses what it cannot read or does not have, in its own shape", async () => {
  const { emulator, s3 } = await withBucket();
  assertRefused(await s3({ method: "PUT", path: `/bucket/${"x".repeat(1025)}` }), 400, "KeyTooLongError");
  assertRefused(await s3({ method: "POST", path: "/bucket/a" }), 501, "NotImplemented");
  assertRefused(await s3({ method: "POST", path: "/bucket/a", query: "uploads" }), 501, "NotImplemented");
  assertRefused(
    await s3({ method: "PUT", path: "/bucket/a", query: "partNumber=1&uploadId=x" }),
    501,
    "NotImplemented",
  );
  assertRefused(await s3({ method: "GET", path: "/bucket/a", query: "acl" }), 501, "NotImplemented");
  assertRefused(await s3({ method: "GET", path: "/bucket" }), 501, "NotImplemented");
  const copy = { "x-amz-copy-source": "/bucket/b" };
  assertRefused(await s3({ method: "PUT", path: "/bucket/a", headers: copy }), 501, "NotImplemented");
  assertRefused(await s3({ method: "PATCH", path: "/bucket/a" }), 405, "MethodNotAllowed");
  for (const path of ["/bucket/%ff", "/bucket/%", "/%zz/a"]) {
    const answer = await send(emulator, { method: "GET", path, host: "s3.localhost" }, "s3", { credentials: null });
    assertRefused(answer, 400, "InvalidURI");
  }
  const large = await emulator.fetch(
    new Request("http://s3.localhost/bucket/a", { method: "PUT", body: new Uint8Array(67_108_865) }),
  );
  assert.match(await large.text(), "<Code>EntityTooLarge</Code>");
});

test.run();
