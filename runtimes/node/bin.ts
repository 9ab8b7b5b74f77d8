/**
 * The `anyrole` command on Node.
 *
 * @module
 */

import process from "node:process";

import { run } from "../cli/mod.ts";
import { nodeHost } from "./host.ts";

run(nodeHost(), process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
