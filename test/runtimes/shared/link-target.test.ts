// runtimes: node20 node deno bun workerd
import { linkTarget } from "../../../runtimes/shared/link-target.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/link-target");

test("linkTarget() is seen from the link's directory, unless it is absolute", () => {
  const cases = [
    ["/a/b", "c", "/a/c"],
    ["/a/b", "../c", "/a/../c"],
    ["b", "c", "c"],
    ["a/b", "/c", "/c"],
    ["C:\\a\\b", "c", "C:\\a\\c"],
    ["C:\\a\\b", "D:\\c", "D:\\c"],
    ["C:/a/b", "\\\\server\\c", "\\\\server\\c"],
  ] as const;
  for (const [link, target, path] of cases) assert.is(linkTarget(link, target), path);
});

test.run();
