/**
 * Files that last, on Deno.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { writeError } from "../host-error.ts";
import type { AppendFile, DurableFiles } from "../host.ts";
import { systemCode } from "./system-code.ts";

/** Files of this machine. */
export function durableFiles(): DurableFiles {
  return {
    openAppend: (path) => told(path, async () => appendFile(path, await Deno.open(path, { append: true }))),
    replaceFile: (path, contents, mode) =>
      told(path, async () => {
        await write(`${path}.new`, { write: true, create: true, truncate: true, mode }, contents);
        await Deno.rename(`${path}.new`, path);
        await syncDirectory(path);
      }),
    createFile: (path, contents, mode) =>
      told(path, async () => {
        try {
          await write(path, { write: true, createNew: true, mode }, contents);
        } catch (error) {
          if (error instanceof Deno.errors.AlreadyExists) return false;
          throw error;
        }
        await syncDirectory(path);
        return true;
      }),
    removeFile: (path) =>
      told(path, async () => {
        try {
          await Deno.remove(path);
        } catch (error) {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        }
      }),
  };
}

function appendFile(path: string, file: Deno.FsFile): AppendFile {
  return {
    append: (octets) =>
      told(path, async () => {
        await writeWhole(file, octets);
        await file.syncData();
      }),
    truncate: (length) =>
      told(path, async () => {
        await file.truncate(length);
        await file.sync();
      }),
    close: async () => file.close(),
  };
}

async function write(path: string, options: Deno.OpenOptions, contents: Bytes): Promise<void> {
  using file = await Deno.open(path, options);
  await writeWhole(file, contents);
  await file.sync();
}

async function writeWhole(file: Deno.FsFile, octets: Bytes): Promise<void> {
  for (let at = 0; at < octets.length;) at += await file.write(octets.subarray(at));
}

/** The name of a file lasts when its directory does. Windows cannot sync one, and need not. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : ".");
  await directory.sync();
}

async function told<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeError(path, systemCode(error), error);
  }
}
