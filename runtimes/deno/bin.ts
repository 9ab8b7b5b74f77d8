/**
 * The `anyrole` command on Deno.
 *
 * @module
 */

import { run } from "../cli/mod.ts";
import { denoHost } from "./host.ts";

Deno.exitCode = await run(denoHost(), Deno.args);
