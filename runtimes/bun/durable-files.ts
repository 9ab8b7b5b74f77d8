/**
 * Files that last, on Bun.
 *
 * @module
 */

import * as fileSystem from "node:fs/promises";
import { platform } from "node:process";

import type { DurableFiles } from "../host.ts";
import { nodeApiDurableFiles, type PromisesFileSystem } from "../shared/node-api/durable-files.ts";

/** Files of this machine. */
export function durableFiles(): DurableFiles {
  return nodeApiDurableFiles(
    fileSystem as unknown as PromisesFileSystem,
    platform === "win32" ? "windows" : platform,
  );
}
