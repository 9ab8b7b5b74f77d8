/**
 * Files that last, on Deno.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { sleep } from "../../core/session/sleep.ts";
import { HostError, noRegularFile, ownerError, writeError } from "../host-error.ts";
import type { AppendFile, DurableFiles } from "../host.ts";
import { onceFree } from "../shared/file-in-use.ts";
import { linkTarget, MAX_LINKS } from "../shared/link-target.ts";
import { systemCode } from "./system-code.ts";

/** Files of this machine. */
export function durableFiles(): DurableFiles {
  return {
    openAppend: (path) => told(path, async () => appendFile(path, await Deno.open(path, { append: true }))),
    replaceFile: (path, contents, mode) =>
      told(path, async () => {
        for (const each of [path, `${path}.new`]) await replacedStatus(each);
        await writeInto(
          await Deno.open(`${path}.new`, { write: true, create: true, truncate: true, mode }),
          contents,
        );
        await free(() => Deno.rename(`${path}.new`, path));
        await syncDirectory(path);
      }),
    createFile: (path, contents, mode) =>
      told(path, async () => {
        let file: Deno.FsFile;
        try {
          file = await free(() => Deno.open(path, { write: true, createNew: true, mode }));
        } catch (error) {
          if (error instanceof Deno.errors.AlreadyExists) return false;
          throw error;
        }
        try {
          await writeInto(file, contents);
          await syncDirectory(path);
        } catch (error) {
          // If it cannot be removed either, the first failure is the one to tell.
          await remove(path).catch(() => {});
          throw error;
        }
        return true;
      }),
    removeFile: (path) => told(path, () => remove(path)),
    followLinks: (path) => told(path, () => followLinks(path)),
    makeDirectory: (path, mode) => told(path, () => Deno.mkdir(path, { recursive: true, mode })),
    stageFile: (path, staged, contents, mode) =>
      told(path, async () => {
        try {
          await stage(path, staged, contents, mode);
        } catch (error) {
          // If it cannot be removed either, the first failure is the one to tell.
          if (!(error instanceof Deno.errors.AlreadyExists)) await remove(staged).catch(() => {});
          throw error;
        }
        return {
          commit: () =>
            told(path, async () => {
              await free(() => Deno.rename(staged, path));
              await syncDirectory(path);
            }),
          discard: () => told(path, () => remove(staged)),
        };
      }),
  };
}

/** On Windows, files that others have open are waited for. */
function free<T>(action: () => Promise<T>): Promise<T> {
  return Deno.build.os === "windows" ? onceFree(action, isInUse, sleep) : action();
}

/** `ERROR_ACCESS_DENIED`, `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`. */
function isInUse(error: unknown): boolean {
  return /\(os error (?:5|32|33)\)/.test((error as Error).message);
}

async function followLinks(path: string): Promise<string> {
  let end = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      if (!(await Deno.lstat(end)).isSymlink) return end;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return end;
      throw error;
    }
    end = linkTarget(end, await Deno.readLink(end));
  }
  throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
}

async function stage(path: string, staged: string, contents: Bytes, mode: number): Promise<void> {
  const replaced = await replacedStatus(path);
  using file = await Deno.open(staged, { write: true, createNew: true, mode: 0o600 });
  await writeWhole(file, contents);
  if (Deno.build.os !== "windows") {
    if (replaced !== undefined) await giveAway(path, staged, replaced);
    await Deno.chmod(staged, (replaced?.mode ?? mode) & 0o7777);
  }
  await file.sync();
}

async function replacedStatus(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    const status = await Deno.stat(path);
    if (!status.isFile) throw noRegularFile(path);
    return status;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function giveAway(path: string, staged: string, replaced: Deno.FileInfo): Promise<void> {
  const { uid, gid } = await Deno.stat(staged);
  if (uid === replaced.uid && gid === replaced.gid) return;
  try {
    await Deno.chown(staged, replaced.uid, replaced.gid);
  } catch (error) {
    // A group without permissions is nobody that could miss them.
    if (uid === replaced.uid && ((replaced.mode ?? 0) & 0o070) === 0) return;
    throw ownerError(path, uid === replaced.uid ? "group" : "owner", error);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await free(() => Deno.remove(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
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

async function writeInto(opened: Deno.FsFile, contents: Bytes): Promise<void> {
  using file = opened;
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
    throw error instanceof HostError ? error : writeError(path, systemCode(error), error);
  }
}
