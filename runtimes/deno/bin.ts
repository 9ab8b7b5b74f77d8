/**
 * The `anyrole` command on Deno.
 *
 * @module
 */

import { run } from "../cli/mod.ts";
import { denoHost } from "./host.ts";

// Everything is written by then; open connections, and programs that hold a key, are not waited for.
Deno.exit(await run(denoHost(), Deno.args));
