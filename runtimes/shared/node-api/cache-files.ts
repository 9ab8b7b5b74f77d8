/**
 * Files of a cache, through `node:fs`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { CacheFiles } from "../../cache-files.ts";
import { fileError, HostError, irregularFile, writeError } from "../../host-error.ts";
import { readBounded } from "../bounded-read.ts";
import { parentDirectory } from "../parent-directory.ts";

/** The functions of `node:fs` that are used. */
export interface CacheFileSystem {
  openSync(path: string, flags: string, mode?: number): number;
  readSync(file: number, into: Bytes, offset: number, length: number, position: null): number;
  writeSync(file: number, octets: Bytes, offset: number): number;
  closeSync(file: number): void;
  renameSync(path: string, to: string): void;
  unlinkSync(path: string): void;
  mkdirSync(path: string, options: { mode: number }): unknown;
  statSync(path: string): {
    readonly mode: number;
    readonly uid: number;
    readonly mtimeMs: number;
    readonly size: number;
    isFIFO(): boolean;
  };
  readdirSync(path: string): readonly string[];
}

/** The process that the files belong to. */
export interface CacheProcess {
  /** As Node spells it: `win32` has neither modes nor owners. */
  readonly platform: string;
  /** The user's number; absent on Windows. */
  getuid?(): number;
}

/** Files over this file system. */
export function nodeApiCacheFiles(fileSystem: CacheFileSystem, process: CacheProcess): CacheFiles {
  function write(path: string, contents: Bytes): void {
    const file = fileSystem.openSync(path, "wx", 0o600);
    try {
      for (let at = 0; at < contents.length;) at += fileSystem.writeSync(file, contents, at);
    } catch (error) {
      fileSystem.closeSync(file);
      fileSystem.unlinkSync(path);
      throw error;
    }
    fileSystem.closeSync(file);
  }

  function remove(path: string): void {
    unless("ENOENT", () => fileSystem.unlinkSync(path));
  }

  /**
   * One by one: `recursive` of Node's never ends where the system says that a directory which is there can hold no other
   * (`/proc`, automounted home directories).
   */
  function makeDirectory(path: string): void {
    const make = () => unless("EEXIST", () => void fileSystem.mkdirSync(path, { mode: 0o700 }));
    try {
      make();
    } catch (error) {
      const parent = parentDirectory(path);
      if (codeOf(error) !== "ENOENT" || parent === undefined) throw error;
      makeDirectory(parent);
      make();
    }
  }

  return {
    read: (path, maxLength) => {
      let file: number | undefined;
      try {
        const status = fileSystem.statSync(path);
        // To open one waits for a writer.
        if (status.isFIFO()) throw irregularFile(path);
        const opened = file = fileSystem.openSync(path, "r");
        return readBounded(
          path,
          maxLength,
          status.size,
          (into) => fileSystem.readSync(opened, into, 0, into.length, null),
        );
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error instanceof HostError ? error : fileError(path, codeOf(error), error);
      } finally {
        if (file !== undefined) fileSystem.closeSync(file);
      }
    },
    create: (path, contents) => told(path, () => unless("EEXIST", () => write(path, contents))),
    replace: (path, staged, contents) =>
      told(path, () => {
        write(staged, contents);
        try {
          fileSystem.renameSync(staged, path);
        } catch (error) {
          remove(staged);
          throw error;
        }
      }),
    move: (path, to) => told(path, () => unless("ENOENT", () => fileSystem.renameSync(path, to))),
    remove: (path) => told(path, () => remove(path)),
    makeDirectory: (path) => told(path, () => makeDirectory(path)),
    status: (path) => {
      try {
        const { mode, uid, mtimeMs } = fileSystem.statSync(path);
        const us = process.getuid?.();
        const others = process.platform !== "win32" && (mode & 0o022) !== 0;
        const writableBy = others ? "others" : us === undefined || us === uid ? "us" : "its owner";
        const windows = process.platform === "win32";
        return { modifiedMs: mtimeMs, writableBy, ...(windows ? {} : { mode: mode & 0o7777 }) };
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw fileError(path, codeOf(error), error);
      }
    },
    list: (directory) => {
      try {
        return fileSystem.readdirSync(directory);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return [];
        throw fileError(directory, codeOf(error), error);
      }
    },
  };
}

/** Whether it was done; false for this code alone. */
function unless(code: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}

function told<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeError(path, codeOf(error), error);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
