import { assert, suite } from "../support/suite.ts";
import { chooseFolders, isSuiteFolder, parseOptions } from "./plan.ts";
import { readRawRequest } from "./raw-request.ts";

const test = suite("test/conformance/plan");

const RUNTIMES = ["node20", "deno"];

test("parseOptions() reads flags in both spellings, and lists", () => {
  const options = parseOptions(
    [
      "--data",
      "a",
      "--data=b",
      "--suite",
      "keys,sigv4",
      "--provider",
      "all",
      "--runtime=deno",
      "--json",
      "--every",
      "25",
    ],
    RUNTIMES,
  );
  assert.equal(options.data, ["a", "b"]);
  assert.equal(options.suites, ["keys", "sigv4"]);
  assert.equal(options.runtimes, ["deno"]);
  assert.equal(options.providers, ["native", "webcrypto", "portable"]);
  assert.is(options.json, true);
  assert.is(options.stride, 25);
  assert.is(options.maxIterations, 0);
});

test("parseOptions() refuses what it does not know", () => {
  for (
    const args of [
      ["--verbose"],
      ["keys"],
      ["--data"],
      ["--data="],
      ["--json=yes"],
      ["--runtime", "netscape"],
      ["--provider", "openssl"],
      ["--every", "0"],
      ["--every", "1.5"],
      ["--max-iterations", "many"],
    ]
  ) {
    assert.throws(() => parseOptions(args, RUNTIMES), (error: unknown) => error instanceof RangeError, args.join(" "));
  }
});

test("chooseFolders() answers the suites that were asked for, and refuses names that are not there", () => {
  const folders = ["keys", "pkits"].map((suite) => ({ suite, path: suite, files: [] }));
  assert.equal(chooseFolders(folders, []), folders);
  assert.equal(chooseFolders(folders, ["pkits"]), [folders[1]]);
  assert.throws(() => chooseFolders(folders, ["sigv4"]), /no suite folder "sigv4"/);
});

test("isSuiteFolder() wants JSON or a README", () => {
  assert.is(isSuiteFolder(["cases.json"]), true);
  assert.is(isSuiteFolder(["README.md"]), true);
  assert.is(isSuiteFolder(["keys.ts", "Apache-2.0.txt"]), false);
  assert.is(isSuiteFolder([]), false);
});

test("readRawRequest() takes spaces in the target, folded headers and a body", () => {
  const request = readRawRequest("POST /a b?x=1?2 HTTP/1.1\nHost:h\nMy: a\n  b\n\nbody\n\nmore");
  assert.is(request.method, "POST");
  assert.is(request.path, "/a b");
  assert.is(request.query, "x=1?2");
  assert.equal(request.headers, [["Host", "h"], ["My", " a\n  b"]]);
  assert.is(request.body, "body\n\nmore");
});

test.run();
