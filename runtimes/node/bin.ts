/**
 * The `anyrole` command on Node.
 *
 * @module
 */

import { argv, exit } from "node:process";

import { run } from "../cli/mod.ts";
import { nodeHost } from "./host.ts";

// Everything is written by then; open connections are not waited for.
run(nodeHost(), argv.slice(2)).then(exit);
