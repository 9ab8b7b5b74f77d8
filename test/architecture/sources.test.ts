// runtimes: node20
import { assertNone, note, suite } from "../support/suite.ts";
import { maskSource } from "./mask-source.ts";
import { LONG_FILES, MODULE_STATE } from "./reviewed.ts";
import { PUBLISHED, readFiles, readPublishedSources } from "./source-files.ts";

const test = suite("architecture/sources");

const SOURCES = readPublishedSources();
const MOST_LINES = 400;

test("files and folders are kebab-case and say what they hold", () => {
  const vague = /^(index|utils?|helpers?|common|types|misc|shared-types)$/;
  assertNone(
    SOURCES.map((file) => file.path).filter((path) =>
      path.replace(/\.ts$/, "").split("/").some((part) => vague.test(part) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
    ),
  );
});

test("test files mirror sources", () => {
  const houses = new RegExp(`^test/(${PUBLISHED.join("|")})/`);
  const folders = new Set(SOURCES.map((file) => file.path.split("/").slice(0, 2).join("/")));
  const tests = readFiles(["test"], (path) => houses.test(path) && path.endsWith(".test.ts"));
  // `test/runtimes` is also the manifest of the runtimes; below `core` a test may be about a whole folder.
  assertNone(
    tests.map((file) => file.path).filter((path) => {
      const folder = path.split("/").slice(1, 3).join("/");
      return !folders.has(folder) && !folders.has(folder.replace(/\.test\.ts$/, ".ts"));
    }),
  );
});

test("a file is one concept: rarely more than 400 lines", () => {
  for (const { path, text } of SOURCES) {
    const lines = text.split("\n").length - 1;
    if (lines > MOST_LINES && LONG_FILES[path] === undefined) note(`${path} has ${lines} lines`);
  }
  const long = new Set(
    SOURCES.filter((file) => file.text.split("\n").length - 1 > MOST_LINES).map(({ path }) => path),
  );
  assertNone(Object.keys(LONG_FILES).filter((path) => !long.has(path)));
});

test("every file of what is published begins with a comment that says what it is", () => {
  assertNone(SOURCES.filter(({ text }) => !text.startsWith("/**")).map((file) => file.path));
});

test("modules hold no mutable state", () => {
  const found = SOURCES.filter(({ path }) => !path.startsWith("runtimes/wasm/")).flatMap(({ path, text }) =>
    moduleState(text).map((name) => `${path}: ${name}`)
  );
  assertNone(found.filter((entry) => MODULE_STATE[entry] === undefined));
  assertNone(Object.keys(MODULE_STATE).filter((entry) => !found.includes(entry)));
});

test("modules do nothing when they are loaded", () => {
  const programs = /^runtimes\/(node|deno|bun)\/bin\.ts$|^runtimes\/wasm\//;
  assertNone(
    SOURCES.filter(({ path }) => !programs.test(path)).flatMap(({ path, text }) =>
      [
        ...maskSource(text).matchAll(
          /^(?:(?:if|for|while|do|try|switch|throw|await)\b|[\w$.]+\s*(?:\(|[-+*/|&?]*=[^=>])).*/gm,
        ),
      ]
        .map((match) => `${path}: ${match[0]}`)
    ),
  );
});

test("nothing is left to be done in the sources", () => {
  const marks = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X"].join("|")})\\b`);
  const sources = readFiles([], (path) => /\.(ts|mjs|js|json|md|wit|capnp|in)$/.test(path) && !isData(path));
  assertNone(sources.flatMap(({ path, text }) => linesWith(path, text, marks)));
});

test("no file tells where it was made: no registry, no lock address, no path of a machine", () => {
  const patterns = [
    ["registry.npm", "js.org"],
    ["registry.yarn", "pkg.com"],
    ["files.python", "hosted.org"],
    ['"resol', 'ved":'],
    ['"tar', 'ball":'],
    ["_auth", "Token"],
    ["/ro", "ot/"],
    ["/wo", "rk/"],
    ["/ho", "me/"],
    ["/tmp/ba", "sh"],
  ].map((parts) => parts.join(""));
  const marks = new RegExp(patterns.map((pattern) => pattern.replace(/[.$]/g, "\\$&")).join("|"));
  const inside = /[\w.-]\/(?:root|work|home)\//;
  const files = readFiles([], (path) => !isData(path) && !/\.(der|p12|pfx|crl|bin|wasm|tgz|png)$/.test(path));
  assertNone(files.flatMap(({ path, text }) => linesWith(path, text.replace(new RegExp(inside, "g"), ""), marks)));
});

/** Recorded vectors and figures: their octets may spell anything. */
function isData(path: string): boolean {
  return path.startsWith("test/vectors/") || path.startsWith("bench/results/") || path.startsWith("LICENSE");
}

function linesWith(path: string, text: string, marks: RegExp): string[] {
  return text.split("\n").flatMap((line, i) =>
    marks.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : []
  );
}

/** Names of top-level variables that change, or that exist to be changed. */
function moduleState(text: string): string[] {
  const code = maskSource(text);
  const variables = code.matchAll(/^(?:export\s+)?(?:let|var)\s+([\w$]+)/gm);
  const collections = code.matchAll(
    /^(?:export\s+)?const\s+([\w$]+)[^=\n]*=\s*(?:\/\*.*?\*\/\s*)?new\s+(?:Weak)?(?:Map|Set|Ref)\b(?:<[^\n]*?>)?\(\s*\)/gm,
  );
  const memory = code.matchAll(
    /^(?:export\s+)?const\s+([\w$]+)[^=\n]*=\s*(?:\/\*.*?\*\/\s*)?new\s+(?:\w+Array|ArrayBuffer|DataView)\(\s*[\w.]+/gm,
  );
  return [...variables, ...collections, ...memory].map((match) => match[1]!);
}

test.run();
