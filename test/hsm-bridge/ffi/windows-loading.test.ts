// runtimes: node20 node deno bun
import type { ForeignFunctions } from "../../../hsm-bridge/ffi/foreign-functions.ts";
import { loaderError } from "../../../hsm-bridge/ffi/loader-error.ts";
import { windowsLoading } from "../../../hsm-bridge/ffi/windows-loading.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/windows-loading");

const GERMAN = "Failed to load shared library: Das angegebene Modul wurde nicht gefunden.";
const ENGLISH = "Failed to load shared library: The specified module could not be found.";

/** Foreign functions of a Windows that has some libraries, and says of all others what it says in its language. */
function loading(
  words: (path: string) => string,
  files: readonly string[] | undefined,
  loaded: readonly string[] = [],
) {
  const foreign: ForeignFunctions = {
    name: "koffi",
    platform: "windows",
    open: (path) => {
      if (!loaded.includes(path)) throw loaderError(path, new Error(words(path)));
      return { symbol: () => 1n, close: () => {} };
    },
    functionAt: () => ({ call: () => 0 }),
    addressOf: () => 0n,
    read: () => new Uint8Array(),
  };
  return windowsLoading(foreign, (path) => files?.includes(path));
}

test("windowsLoading() opens what the loader finds", () => {
  const { open, platform } = loading(() => GERMAN, ["C:\\x\\a.dll"], ["C:\\x\\a.dll", "a.dll"]);
  assert.is(open("C:\\x\\a.dll").symbol("f"), 1n);
  assert.is(open("a.dll").symbol("f"), 1n);
  assert.is(platform, "windows");
});

test("windowsLoading() says in every language that there is no such library", () => {
  for (const words of [GERMAN, ENGLISH]) {
    for (const path of ["a.dll", "C:\\x\\a.dll", "x/a.dll"]) {
      const { open } = loading(() => words, []);
      assert.is(assertThrows(() => open(path), "ERR_HSM_MODULE_NOT_FOUND").module, path);
    }
  }
  const named = loading((path) => `LoadLibrary ${path}: ${GERMAN}`, []);
  assertThrows(() => named.open("a.dll"), "ERR_HSM_MODULE_NOT_FOUND");
});

test("windowsLoading() says of a library that is there, but needs another, that it does not load", () => {
  for (const words of [GERMAN, ENGLISH]) {
    const { open } = loading(() => words, ["C:\\x\\a.dll"]);
    const error = assertThrows(() => open("C:\\x\\a.dll"), "ERR_HSM_MODULE_NOT_LOADABLE");
    assert.match(error.message, /a library that it needs is not found/);
    assert.is((error.cause as Error).message, words);
  }
});

test("windowsLoading() keeps what the loader says of a file that is no library", () => {
  const words = (path: string) => path === "C:\\x\\a.txt" ? "%1 ist keine zulässige Win32-Anwendung." : GERMAN;
  const error = assertThrows(
    () => loading(words, ["C:\\x\\a.txt"]).open("C:\\x\\a.txt"),
    "ERR_HSM_MODULE_NOT_LOADABLE",
  );
  assert.match(error.message, /keine zulässige/);
});

test("windowsLoading() takes no name out of the working folder, with the suffix or without", () => {
  for (const name of ["a.dll", "a"]) {
    const error = assertThrows(
      () => loading(() => GERMAN, ["a.dll"], ["a.dll", "a"]).open(name),
      "ERR_HSM_MODULE_NOT_LOADABLE",
    );
    assert.match(error.message, /in the working folder/);
  }
});

test("windowsLoading() goes by the loader's words where files cannot be seen", () => {
  const { open } = loading(() => GERMAN, undefined, ["a.dll"]);
  assert.is(open("a.dll").symbol("f"), 1n);
  assertThrows(() => open("C:\\x\\a.dll"), "ERR_HSM_MODULE_NOT_FOUND");
});

test.run();
