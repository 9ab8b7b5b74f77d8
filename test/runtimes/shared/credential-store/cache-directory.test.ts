// runtimes: node20 node deno bun
import { cacheDirectory } from "../../../../runtimes/shared/credential-store/cache-directory.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/credential-store/cache-directory");

const at = (platform: string, variables: Readonly<Record<string, string>>) =>
  cacheDirectory({ platform, environment: (name) => variables[name] });

test("cacheDirectory() is where the platform keeps what can be made again", () => {
  const HOME = "/h";
  assert.is(at("linux", { HOME }), "/h/.cache/anyrole");
  assert.is(at("linux", { HOME, XDG_CACHE_HOME: "/var/c" }), "/var/c/anyrole");
  assert.is(at("darwin", { HOME: "/h", XDG_CACHE_HOME: "/var/c" }), "/h/Library/Caches/anyrole");
  assert.is(
    at("windows", { LOCALAPPDATA: "C:\\l" }),
    "C:\\l\\anyrole\\cache",
  );
});

test("cacheDirectory() is what ANYROLE_CACHE_DIR says, on every platform", () => {
  for (const platform of ["linux", "darwin", "windows"]) {
    const variables = { HOME: "/h", LOCALAPPDATA: "C:\\l", XDG_CACHE_HOME: "/x", ANYROLE_CACHE_DIR: "there" };
    assert.is(at(platform, variables), "there");
    assert.is(at(platform, { ...variables, ANYROLE_CACHE_DIR: "" }) === "there", false);
  }
});

test("cacheDirectory() passes over a relative XDG_CACHE_HOME, and an empty one", () => {
  for (const XDG_CACHE_HOME of ["", "cache", "./cache"]) {
    assert.is(at("linux", { HOME: "/h", XDG_CACHE_HOME }), "/h/.cache/anyrole");
  }
});

test("cacheDirectory() is undefined where the environment names no place", () => {
  for (const platform of ["linux", "darwin", "windows"]) assert.is(at(platform, { HOME: "" }), undefined);
});

test.run();
