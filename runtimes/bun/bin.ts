/**
 * The `anyrole` command on Bun.
 *
 * @module
 */

import process from "node:process";

import { run } from "../cli/mod.ts";
import { bunHost } from "./host.ts";

// Everything is written by then; open connections are not waited for.
process.exit(await run(bunHost(), process.argv.slice(2)));
