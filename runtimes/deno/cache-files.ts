/**
 * Files of a cache, on Deno. What the program may not do is a failure, never a question to the person at the terminal.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CacheFiles } from "../cache-files.ts";
import { fileError, HostError, irregularFile, writeError } from "../host-error.ts";
import { readBounded } from "../shared/bounded-read.ts";
import { systemCode } from "./system-code.ts";

/** Files of this machine. */
export function cacheFiles(): CacheFiles {
  return {
    read: (path, maxLength) =>
      readable(path, () => {
        const { isFifo, size } = Deno.statSync(path);
        // To open one waits for a writer.
        if (isFifo) throw irregularFile(path);
        using file = Deno.openSync(path, { read: true });
        return readBounded(path, maxLength, size, (into) => file.readSync(into) ?? 0);
      }),
    create: (path, contents) => {
      try {
        return writable(path, () => write(path, contents));
      } catch (error) {
        if ((error as HostError).cause instanceof Deno.errors.AlreadyExists) return false;
        throw error;
      }
    },
    replace: (path, staged, contents) => {
      writable(path, () => {
        write(staged, contents);
        try {
          Deno.renameSync(staged, path);
        } catch (error) {
          Deno.removeSync(staged);
          throw error;
        }
      });
    },
    move: (path, to) => ifThere(() => writable(path, () => Deno.renameSync(path, to))),
    remove: (path) => void ifThere(() => writable(path, () => Deno.removeSync(path))),
    makeDirectory: (path) => void writable(path, () => Deno.mkdirSync(path, { recursive: true, mode: 0o700 })),
    status: (path) =>
      readable(path, () => {
        const { mode, uid, mtime } = Deno.statSync(path);
        const us = isGranted({ name: "sys", kind: "uid" }) ? Deno.uid() : null;
        const others = Deno.build.os !== "windows" && ((mode ?? 0) & 0o022) !== 0;
        const writableBy = others ? "others" : us === null || us === uid ? "us" : "its owner";
        const windows = mode === null || Deno.build.os === "windows";
        return { modifiedMs: mtime?.getTime() ?? 0, writableBy, ...(windows ? {} : { mode: mode & 0o7777 }) };
      }),
    list: (directory) => readable(directory, () => Array.from(Deno.readDirSync(directory), ({ name }) => name)) ?? [],
  };
}

function write(path: string, contents: Bytes): void {
  const file = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
  try {
    for (let at = 0; at < contents.length;) at += file.writeSync(contents.subarray(at));
  } catch (error) {
    Deno.removeSync(path);
    throw error;
  } finally {
    file.close();
  }
}

function readable<T>(path: string, action: () => T): T | undefined {
  if (!isGranted({ name: "read", path })) throw fileError(path, "no --allow-read for it", undefined);
  try {
    return action();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error instanceof HostError ? error : fileError(path, systemCode(error), error);
  }
}

/** Does it and answers true. */
function writable(path: string, action: () => void): true {
  if (!isGranted({ name: "write", path })) throw writeError(path, "no --allow-write for it", undefined);
  try {
    action();
    return true;
  } catch (error) {
    throw writeError(path, systemCode(error), error);
  }
}

function ifThere(action: () => true): boolean {
  try {
    return action();
  } catch (error) {
    if ((error as HostError).cause instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}
