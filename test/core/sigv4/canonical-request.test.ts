import fc from "fast-check";
import { canonicalPath } from "../../../core/sigv4/canonical-path.ts";
import { canonicalQuery, queryText } from "../../../core/sigv4/canonical-query.ts";
import { createHmacSigner, type SigV4Request } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import { naiveCanonicalRequest, naiveUriEncode } from "./naive-canonical.ts";

const test = suite("core/sigv4/canonical-request");

const ORDINARY = { region: "us-east-1", service: "service" };
const S3 = { region: "us-east-1", service: "s3" };

test("canonicalPath() resolves dots and repeated slashes, and encodes once more", () => {
  const cases: Record<string, string> = {
    "": "/",
    "/": "/",
    "//": "/",
    "/.": "/",
    "/./": "/",
    "/..": "/",
    "/../..": "/",
    "/a/../..": "/",
    "/a/..": "/",
    "/a/b/..": "/a",
    "/a/b/../": "/a/",
    "//a//b//": "/a/b/",
    "/.a/..b/c.": "/.a/..b/c.",
    "/...": "/...",
    "/a b": "/a%20b",
    "/a%20b": "/a%2520b",
    "/a%2Fb": "/a%252Fb",
    "/a+b": "/a%2Bb",
    "/ሴ": "/%E1%88%B4",
    "/-._~09AZaz": "/-._~09AZaz",
    "/!'()*": "/%21%27%28%29%2A",
  };
  for (const [path, expected] of Object.entries(cases)) assert.is(canonicalPath(path, ORDINARY), expected, path);
});

test("canonicalPath() keeps the key of an S3 object as it is, however it is spelt", () => {
  const cases: Record<string, string> = {
    "": "/",
    "//": "//",
    "/./a/../b//": "/./a/../b//",
    "/a%20b": "/a%20b",
    "/a b": "/a%20b",
    "/a+b": "/a%20b",
    "/a%2Bb": "/a%2Bb",
    "/a%2fb": "/a/b",
    "/%7e%41": "/~A",
    "/%E1%88%B4": "/%E1%88%B4",
    "/(a)": "/%28a%29",
  };
  for (const service of ["s3", "s3express", "s3-outposts", "s3-object-lambda"]) {
    for (const [path, expected] of Object.entries(cases)) {
      assert.is(canonicalPath(path, { ...S3, service }), expected, path);
    }
  }
  assert.is(canonicalPath("/a%20b", { ...S3, service: "s3tables" }), "/a%2520b");
});

test("canonicalPath() does as uriEncoding and normalizePath say", () => {
  assert.is(canonicalPath("/a/../%20", { ...ORDINARY, normalizePath: false }), "/a/../%2520");
  assert.is(canonicalPath("/a/../%20", { ...ORDINARY, uriEncoding: "single" }), "/%20");
  assert.is(canonicalPath("/a/../%20", { ...S3, uriEncoding: "double" }), "/a/../%2520");
  assert.is(canonicalPath("/a/../%20", { ...S3, normalizePath: true }), "/%20");
});

test("canonicalPath() throws a URIError for what is not percent-encoded UTF-8", () => {
  for (const path of ["/%", "/%zz", "/%FF", "/%ED%A0%80"]) assert.throws(() => canonicalPath(path, S3), URIError, path);
});

test("canonicalQuery() decodes, encodes and sorts by name, then by value", () => {
  const cases: Record<string, string> = {
    "": "",
    "&&": "",
    acl: "acl=",
    "acl=": "acl=",
    "=": "=",
    "b=2&a=1": "a=1&b=2",
    "a=b&a=a&a=": "a=&a=a&a=b",
    "Param-3=Value3&Param=Value2&%E1%88%B4=Value1": "%E1%88%B4=Value1&Param=Value2&Param-3=Value3",
    "a-b=1&a=2&a.b=3": "a=2&a-b=1&a.b=3",
    "b=1&B=2": "B=2&b=1",
    "ሴ=bar": "%E1%88%B4=bar",
    "a=b=c": "a=b%3Dc",
    "a=%3d%7e%41": "a=%3D~A",
    "a=x+y%2B": "a=x%20y%2B",
    "a=!'()*": "a=%21%27%28%29%2A",
    "a=%2525": "a=%2525",
  };
  for (const [query, expected] of Object.entries(cases)) assert.is(canonicalQuery(query), expected, query);
});

test("canonicalQuery() throws a URIError for what is not percent-encoded UTF-8", () => {
  for (const query of ["a=%", "a=100%&b", "%FF=", "a=%C0%80"]) {
    assert.throws(() => canonicalQuery(query), URIError, query);
  }
});

test("queryText() encodes pairs and leaves text alone", () => {
  assert.is(queryText([["a b", "&="], ["c", ""]]), "a%20b=%26%3D&c=");
  assert.is(queryText("a b=&"), "a b=&");
  assert.is(queryText(undefined), "");
});

const signer = (service: string) =>
  createHmacSigner({ accessKeyId: "AKID", secretAccessKey: "secret" }, { region: "r", service });

/** What is between the method and the signer's own headers, of a request with these header fields. */
function headerLines(headers: SigV4Request["headers"]): string[] {
  const { canonicalRequest } = signer("service").sign({ method: "GET", path: "/", headers }, 0);
  return canonicalRequest.split("\n").slice(3, -3);
}

test("signer.sign() lowers, trims, collapses, joins and sorts headers, given as record, pairs, Map or Headers", () => {
  const date = "x-amz-date:19700101T000000Z";
  assert.equal(headerLines({ Zoo: "  a \t b\r\n  c  ", HOST: "h" }), ["host:h", date, "zoo:a b c"]);
  assert.equal(headerLines([["host", "h"], ["b", "2"], ["B", " 1 "], ["a", ""]]), ["a:", "b:2,1", "host:h", date]);
  assert.equal(headerLines(new Map([["host", "h"], ["a", "1"]])), ["a:1", "host:h", date]);
  assert.equal(headerLines(new Headers({ host: "h", Accept: " i, j" })), ["accept:i, j", "host:h", date]);
});

test("signer.sign() signs every header but Authorization, User-Agent and X-Amzn-Trace-Id, and replaces its own", () => {
  const lines = headerLines({
    host: "h",
    Authorization: "old",
    "User-Agent": "x",
    "X-Amzn-Trace-Id": "y",
    "X-Amz-Date": "20000101T000000Z",
    constructor: "c",
    connection: "close",
  });
  assert.equal(lines, ["connection:close", "constructor:c", "host:h", "x-amz-date:19700101T000000Z"]);
});

test("signer.sign() throws a TypeError without a host", () => {
  assert.throws(() => signer("service").sign({ method: "GET", path: "/", headers: {} }, 0), TypeError);
});

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const segment = text.filter((value) => value !== "" && value !== "." && value !== "..");
const field = fc.tuple(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/).filter((name) =>
    !/^(host|authorization|user-agent|x-am)/i.test(name)
  ),
  fc.string({ maxLength: 12 }),
);
const generated = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT"),
  segments: fc.array(segment, { maxLength: 4 }),
  query: fc.array(fc.tuple(text, text), { maxLength: 5 }),
  headers: fc.array(field, { maxLength: 6 }),
});

test("signer.sign() arrives at what the naive canonicaliser arrives at", () => {
  fc.assert(
    fc.property(generated, fc.boolean(), fc.boolean(), (request, s3, asText) => {
      const pairs = request.query.map(([name, value]) => `${naiveUriEncode(name)}=${naiveUriEncode(value)}`).join("&");
      const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
      const headers: [string, string][] = [["Host", "example.com"], ...request.headers];
      const signed = signer(s3 ? "s3" : "service").sign({
        method: request.method,
        path: "/" + request.segments.map(naiveUriEncode).join("/"),
        query: asText ? pairs : request.query,
        headers,
      }, 0);
      const own: [string, string][] = [["x-amz-date", "19700101T000000Z"]];
      if (s3) own.push(["x-amz-content-sha256", hash]);
      const expected = naiveCanonicalRequest({ ...request, headers: [...headers, ...own], payloadHash: hash }, s3);
      assert.is(signed.canonicalRequest, expected);
    }),
    { numRuns: 300, seed: 20260102 },
  );
});

test("canonicalQuery() is the same for every order of the pairs", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (pairs) => {
      assert.is(canonicalQuery(queryText([...pairs].reverse())), canonicalQuery(queryText(pairs)));
    }),
    { numRuns: 100, seed: 20260102 },
  );
});

test.run();
