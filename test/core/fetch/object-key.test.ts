import { encodeObjectKey } from "../../../core/fetch/mod.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/fetch/object-key");

/** What a service reads of the URL that the platform makes of it. */
function received(key: string): string {
  const url = new URL(`https://photos.s3.eu-central-1.amazonaws.com/${encodeObjectKey(key)}`);
  assert.is(url.search + url.hash, "");
  return decodeURIComponent(url.pathname.slice(1).replaceAll("+", " "));
}

test("encodeObjectKey() keeps every octet of a key through the platform's URL parser", () => {
  for (
    const key of [
      "a",
      "a b/c+d",
      "ä/€/🦀",
      "a//b/",
      "/a",
      "//",
      "../a",
      "a/../b",
      "a/./b",
      "a/..",
      "./a",
      "...",
      ".a/..b",
      "a%2Fb%2e%2E/%",
      "?#[]@!$&'()*,;=:\\^`{|}\"<>~",
      "a\tb\nc\u0000d",
      "%2e%2e/x",
    ]
  ) assert.is(received(key), key);
});

test("encodeObjectKey() leaves slashes as they are where nothing has to be hidden", () => {
  assert.is(encodeObjectKey("a/b c"), "a/b%20c");
});

test("encodeObjectKey() refuses keys that no URL carries", () => {
  for (const key of ["", ".", "..", "\ud800"]) assertThrows(() => encodeObjectKey(key), "ERR_FETCH_PATH");
});

test.run();
