/**
 * Files that last, through `node:fs/promises`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { writeError } from "../../host-error.ts";
import type { AppendFile, DurableFiles } from "../../host.ts";

/** The part of `FileHandle` that is used. */
interface FileHandle {
  write(octets: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** The functions of `node:fs/promises` that are used. */
export interface PromisesFileSystem {
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** Files over this file system. @param platform `windows` cannot sync a directory, and need not */
export function nodeApiDurableFiles(fileSystem: PromisesFileSystem, platform: string): DurableFiles {
  async function write(path: string, flags: string, contents: Bytes, mode: number): Promise<void> {
    const file = await fileSystem.open(path, flags, mode);
    try {
      await writeWhole(file, contents);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async function syncDirectory(path: string): Promise<void> {
    if (platform === "windows") return;
    const directory = await fileSystem.open(path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : ".", "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  return {
    openAppend: (path) => told(path, async () => appendFile(path, await fileSystem.open(path, "r+"), fileSystem)),
    replaceFile: (path, contents, mode) =>
      told(path, async () => {
        await write(`${path}.new`, "w", contents, mode);
        await fileSystem.rename(`${path}.new`, path);
        await syncDirectory(path);
      }),
    createFile: (path, contents, mode) =>
      told(path, async () => {
        try {
          await write(path, "wx", contents, mode);
        } catch (error) {
          if ((error as { code?: string }).code === "EEXIST") return false;
          throw error;
        }
        await syncDirectory(path);
        return true;
      }),
    removeFile: (path) =>
      told(path, async () => {
        try {
          await fileSystem.unlink(path);
        } catch (error) {
          if ((error as { code?: string }).code !== "ENOENT") throw error;
        }
      }),
  };
}

async function appendFile(path: string, probe: FileHandle, fileSystem: PromisesFileSystem): Promise<AppendFile> {
  // It exists; opened to append, it would be made.
  await probe.close();
  const file = await fileSystem.open(path, "a");
  return {
    append: (octets) =>
      told(path, async () => {
        await writeWhole(file, octets);
        await file.datasync();
      }),
    truncate: (length) =>
      told(path, async () => {
        await file.truncate(length);
        await file.sync();
      }),
    close: () => told(path, () => file.close()),
  };
}

async function writeWhole(file: FileHandle, octets: Bytes): Promise<void> {
  for (let at = 0; at < octets.length;) at += (await file.write(octets, at, octets.length - at)).bytesWritten;
}

async function told<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeError(path, (error as { code?: string }).code, error);
  }
}
