/**
 * The program behind the `anyrole` command on Node, which `bin.ts` loads.
 *
 * @module
 */

import { run } from "../cli/mod.ts";
import { nodeHost } from "./host.ts";

/** Runs one command; answers its exit code when everything is written. */
export function program(argv: readonly string[]): Promise<number> {
  return run(nodeHost(), argv);
}
