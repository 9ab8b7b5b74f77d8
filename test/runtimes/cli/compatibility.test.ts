// runtimes: node20
/**
 * Our flags beside those of the original. `WRITE_PAGES=1` writes the page anew.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { repositoryRoot } from "../../support/capabilities.ts";
import { assert, assertNone, suite } from "../../support/suite.ts";
import { commandsOf, compatibilityPage, ourFlags } from "./compatibility-page.ts";
import { ORIGINAL_COMMANDS, ORIGINAL_FLAGS } from "./original-flags.ts";

const test = suite("runtimes/cli/compatibility");

test("every command and flag of the original is there, with its type and default", async () => {
  const ours = await ourFlags();
  const faults = ORIGINAL_COMMANDS.filter((name) => !ours.has(name));
  for (const flag of ORIGINAL_FLAGS) {
    for (const command of commandsOf(flag)) {
      const found = ours.get(command)?.find(({ name }) => name === flag.name);
      if (found?.type !== flag.type || (found.default ?? undefined) !== flag.default) {
        faults.push(`${command} --${flag.name}`);
      }
    }
  }
  assertNone(faults);
});

test("COMPATIBILITY.md is what the tables say", async () => {
  const path = join(repositoryRoot(), "runtimes/cli/COMPATIBILITY.md");
  const page = await compatibilityPage();
  if (process.env["WRITE_PAGES"] === "1") writeFileSync(path, page);
  assert.is(readFileSync(path, "utf8"), page);
});

test.run();
