// runtimes: node20 node deno bun workerd
import { isS3Host, s3Address } from "../../../../runtimes/emulator/s3/s3-address.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/s3-address");

const addressOf = (host: string, path: string) =>
  s3Address({ method: "GET", path, query: "", headers: [["host", host]], body: new Uint8Array() });

test("s3Address() finds bucket and key in host and path", () => {
  const cases: readonly (readonly [string, string, string | undefined, string | undefined])[] = [
    ["s3.amazonaws.com", "/", undefined, undefined],
    ["s3.amazonaws.com", "/b", "b", undefined],
    ["s3.amazonaws.com", "/b/", "b", undefined],
    ["s3.cn-north-1.amazonaws.com.cn", "/b/k", "b", "k"],
    ["s3-eu-west-1.amazonaws.com", "/b//k", "b", "/k"],
    ["s3.dualstack.us-east-1.amazonaws.com", "/b/../k", "b", "../k"],
    ["b.s3.us-east-1.api.aws", "/k/", "b", "k/"],
    ["my.s3.bucket.s3.us-east-1.amazonaws.com", "/k", "my.s3.bucket", "k"],
    ["b.localhost:4566", "/b/k", "b", "b/k"],
    ["localhost:4566", "/b/k", "b", "k"],
    ["127.0.0.1", "/b/k+l%2B", "b", "k l+"],
    ["", "/b/k", "b", "k"],
    [`${"a".repeat(400)}.localhost`, "/b", "b", undefined],
  ];
  for (const [host, path, bucket, key] of cases) {
    const found = addressOf(host, path);
    assert.equal([found.bucket, found.key], [bucket, key], `${host}${path}`);
  }
});

test("isS3Host() knows the hosts of S3 and no others", () => {
  const good = [
    "s3.amazonaws.com",
    "S3.localhost:80",
    "b.s3.localhost",
    "b.s3-us-west-2.amazonaws.com",
    "s3.eusc-de-east-1.amazonaws.eu",
  ];
  for (const host of good) assert.ok(isS3Host(host), host);
  const bad = [
    "sts.amazonaws.com",
    "localhost",
    "b.localhost",
    "s3.example.com",
    "xs3.amazonaws.com",
    "s3.amazonaws.com.example",
    "",
  ];
  for (const host of bad) assert.not(isS3Host(host), host);
});

test("isS3Host() takes time linear in a host of any length", () => {
  for (const text of ["-a", ".s3", "s3.", ".s3-a", "a"]) assert.not(isS3Host(text.repeat(60_000)));
});

test.run();
