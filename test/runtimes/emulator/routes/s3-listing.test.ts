// runtimes: node20 node deno bun workerd
import {
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  type ServiceAnswer,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/s3-listing");

async function withObjects(keys: readonly string[]): Promise<EmulatedAccount> {
  const account = emulatedAccount();
  for (const bucket of ["bucket", "bucket2"]) await account.s3({ method: "PUT", path: `/${bucket}` });
  await account.s3({ method: "PUT", path: "/bucket2/other", body: "1" });
  for (const key of keys) {
    const path = `/bucket/${key.split("/").map(encodeURIComponent).join("/")}`;
    assert.is((await account.s3({ method: "PUT", path, body: "1" })).status, 200);
  }
  return account;
}

async function list(
  { s3 }: EmulatedAccount,
  parameters: Readonly<Record<string, string>> = {},
): Promise<ServiceAnswer> {
  const pairs = Object.entries({ "list-type": "2", ...parameters });
  const query = pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return await s3({ method: "GET", path: "/bucket", query });
}

function prefixes(answer: ServiceAnswer): readonly string[] {
  return Array.from(answer.text.matchAll(/<CommonPrefixes><Prefix>([^<]*)</g), ([, prefix]) => prefix!);
}

test("ListObjectsV2 lists keys in the order of their octets", async () => {
  const account = await withObjects(["b", "a", "B", "a/b", "a!", "\u{ffff}x".slice(1), "é", "😀", "ﬀ"]);
  const answer = await list(account);
  assert.equal(answer.elements("Key"), ["B", "a", "a!", "a/b", "b", "x", "é", "ﬀ", "😀"]);
  assert.equal(["Name", "KeyCount", "MaxKeys", "IsTruncated"].map((name) => answer.element(name)), [
    "bucket",
    "9",
    "1000",
    "false",
  ]);
  assert.match(
    answer.text,
    "<Contents><Key>B</Key><LastModified>2026-06-01T12:00:00.000Z</LastModified>" +
      "<ETag>&quot;c4ca4238a0b923820dcc509a6f75849b&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>" +
      "<ChecksumType>FULL_OBJECT</ChecksumType><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>",
  );
  assert.is((await list(account, { "fetch-owner": "true" })).elements("ID").length, 9);
});

test("ListObjectsV2 rolls keys up to the delimiter", async () => {
  const account = await withObjects(["a/1", "a/2", "a/b/3", "c", "a-d", "a/"]);
  const top = await list(account, { delimiter: "/" });
  assert.equal(top.elements("Key"), ["a-d", "c"]);
  assert.equal(prefixes(top), ["a/"]);
  assert.is(top.element("KeyCount"), "3");
  const below = await list(account, { delimiter: "/", prefix: "a/" });
  assert.equal([below.elements("Key"), prefixes(below)], [["a/", "a/1", "a/2"], ["a/b/"]]);
  assert.equal(prefixes(await list(account, { delimiter: "/", "start-after": "a/1" })), ["a/"]);
  assert.equal((await list(account, { prefix: "none" })).elements("Key"), []);
});

test("ListObjectsV2 lists in pages what it lists at once", async () => {
  const account = await withObjects(["a/", "a/1", "a/2", "b", "b/1", "b!", "c/1", "d"]);
  const cases: readonly Readonly<Record<string, string>>[] = [
    {},
    { delimiter: "/" },
    { delimiter: "/", prefix: "a/" },
    { delimiter: "1" },
    { "start-after": "a/1" },
  ];
  for (const parameters of cases) {
    const whole = await list(account, parameters);
    for (const size of ["1", "2", "3"]) {
      const keys: string[] = [];
      const rolled: string[] = [];
      let token: string | undefined;
      do {
        const page = await list(account, {
          ...parameters,
          "max-keys": size,
          ...(token === undefined ? {} : { "continuation-token": token }),
        });
        assert.is(page.element("ContinuationToken"), token);
        assert.ok(Number(page.element("KeyCount")) <= Number(size));
        keys.push(...page.elements("Key"));
        rolled.push(...prefixes(page));
        token = page.element("NextContinuationToken");
        assert.is(page.element("IsTruncated"), String(token !== undefined));
      } while (token !== undefined);
      assert.equal([keys, rolled], [whole.elements("Key"), prefixes(whole)], JSON.stringify([parameters, size]));
    }
  }
});

test("ListObjectsV2 encodes keys on demand", async () => {
  const account = await withObjects(["a b/+<&>\u0001é"]);
  const encoded = await list(account, { "encoding-type": "url", delimiter: "<", prefix: "a b" });
  assert.equal(prefixes(encoded), ["a%20b/%2B%3C"]);
  assert.equal([encoded.element("Prefix"), encoded.element("Delimiter")], ["a%20b", "%3C"]);
  assert.is((await list(account, { "encoding-type": "url" })).element("Key"), "a%20b/%2B%3C%26%3E%01%C3%A9");
  // XML has no place for a control character.
  assert.is((await list(account)).element("Key"), "a b/+<&>\ufffdé");
});

test("ListObjectsV2 refuses arguments that make no sense", async () => {
  const account = await withObjects(["a"]);
  assertRefused(await list(account, { "max-keys": "-1" }), 400, "InvalidArgument");
  assertRefused(await list(account, { "max-keys": "many" }), 400, "InvalidArgument");
  assertRefused(await list(account, { "encoding-type": "base64" }), 400, "InvalidArgument");
  for (const token of ["", "*", "AA", "a"]) {
    assertRefused(await list(account, { "continuation-token": token }), 400, "InvalidArgument");
  }
  const none = await list(account, { "max-keys": "0" });
  assert.equal([none.element("KeyCount"), none.element("IsTruncated")], ["0", "false"]);
  assert.is((await list(account, { "max-keys": "99999" })).element("MaxKeys"), "1000");
});

test.run();
