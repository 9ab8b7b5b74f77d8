// runtimes: node20
/**
 * The links of the pages lead somewhere: to a file of the repository, and to a heading in it.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { repositoryRoot } from "../support/capabilities.ts";
import { assert, assertNone, suite } from "../support/suite.ts";
import { PAGES } from "./blocks.ts";

const test = suite("readme/links");

const ROOT = repositoryRoot();
const ALL = [
  ...PAGES,
  "CHANGELOG.md",
  "SECURITY.md",
  "bench/README.md",
  "build/RELEASING.md",
  "runtimes/cli/COMPATIBILITY.md",
  "test/conformance/README.md",
];

/** The text without its code blocks. */
function prose(page: string): string {
  return readFileSync(join(ROOT, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
}

function headings(page: string): readonly string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!);
}

/** The anchor that forges give a heading. */
function anchor(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

test("every link within the repository leads to a file, and to a heading in it", () => {
  let count = 0;
  const broken: string[] = [];
  for (const page of ALL) {
    for (const [, target] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      count++;
      const [path, fragment] = target!.split("#") as [string, string?];
      const file = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
      const leads = existsSync(join(ROOT, file)) &&
        (fragment === undefined || headings(file).some((title) => anchor(title) === fragment));
      if (!leads) broken.push(`${page}: ${target}`);
    }
  }
  assert.ok(count > 30);
  assertNone(broken);
});

test("no two pages of examples have a heading in common", () => {
  const titles = PAGES.flatMap(headings);
  assertNone(titles.filter((title, index) => titles.indexOf(title) !== index));
});

test.run();
