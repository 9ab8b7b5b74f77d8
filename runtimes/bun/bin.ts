/**
 * The `anyrole` command on Bun.
 *
 * @module
 */

import process from "node:process";

import { run } from "../cli/mod.ts";
import { bunHost } from "./host.ts";

process.exitCode = await run(bunHost(), process.argv.slice(2));
