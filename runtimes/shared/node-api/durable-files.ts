/**
 * Files that last, through `node:fs/promises`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { Sleep } from "../../../core/ports.ts";
import { sleep } from "../../../core/session/sleep.ts";
import { HostError, noRegularFile, ownerError, writeError } from "../../host-error.ts";
import type { AppendFile, DurableFiles } from "../../host.ts";
import { onceFree } from "../file-in-use.ts";
import { linkTarget, MAX_LINKS } from "../link-target.ts";
import { parentDirectory } from "../parent-directory.ts";

/** The part of `FileHandle` that is used. */
interface FileHandle {
  write(octets: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** The part of `Stats` that is used. */
interface FileStatus {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  isFile(): boolean;
}

/** The functions of `node:fs/promises` that are used. */
export interface PromisesFileSystem {
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  stat(path: string): Promise<FileStatus>;
  chown(path: string, owner: number, group: number): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  readlink(path: string): Promise<string>;
  mkdir(path: string, options: { readonly mode: number }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/**
 * Files over this file system.
 *
 * @param platform `windows` cannot sync a directory, and need not; there, files that others read are waited for
 * @param pause waits; default the runtime's timers
 */
export function nodeApiDurableFiles(given: PromisesFileSystem, platform: string, pause: Sleep = sleep): DurableFiles {
  const fileSystem = platform === "windows" ? patient(given, pause) : given;

  async function writeInto(file: FileHandle, contents: Bytes): Promise<void> {
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

  async function replacedStatus(path: string): Promise<FileStatus | undefined> {
    try {
      const status = await fileSystem.stat(path);
      if (!status.isFile()) throw noRegularFile(path);
      return status;
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async function giveAway(path: string, staged: string, replaced: FileStatus): Promise<void> {
    const { uid, gid } = await fileSystem.stat(staged);
    if (uid === replaced.uid && gid === replaced.gid) return;
    try {
      await fileSystem.chown(staged, replaced.uid, replaced.gid);
    } catch (error) {
      // A group without permissions is nobody that could miss them.
      if (uid === replaced.uid && (replaced.mode & 0o070) === 0) return;
      throw ownerError(path, uid === replaced.uid ? "group" : "owner", error);
    }
  }

  async function stage(path: string, staged: string, contents: Bytes, mode: number): Promise<void> {
    const replaced = await replacedStatus(path);
    const file = await fileSystem.open(staged, "wx", 0o600);
    try {
      await writeWhole(file, contents);
      if (platform !== "windows") {
        if (replaced !== undefined) await giveAway(path, staged, replaced);
        await fileSystem.chmod(staged, (replaced?.mode ?? mode) & 0o7777);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async function remove(path: string): Promise<void> {
    try {
      await fileSystem.unlink(path);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw error;
    }
  }

  /**
   * One by one: `recursive` of Node's never ends where the system says that a directory which is there can hold no other
   * (`/proc`, automounted home directories).
   */
  async function makeDirectory(path: string, mode: number): Promise<void> {
    const make = () =>
      fileSystem.mkdir(path, { mode }).catch((error: { code?: string }) => {
        if (error.code !== "EEXIST") throw error;
      });
    try {
      await make();
    } catch (error) {
      const parent = parentDirectory(path);
      if ((error as { code?: string }).code !== "ENOENT" || parent === undefined) throw error;
      await makeDirectory(parent, mode);
      await make();
    }
  }

  return {
    openAppend: (path) => told(path, async () => appendFile(path, await fileSystem.open(path, "r+"), fileSystem)),
    replaceFile: (path, contents, mode) =>
      told(path, async () => {
        for (const each of [path, `${path}.new`]) await replacedStatus(each);
        await writeInto(await fileSystem.open(`${path}.new`, "w", mode), contents);
        await fileSystem.rename(`${path}.new`, path);
        await syncDirectory(path);
      }),
    createFile: (path, contents, mode) =>
      told(path, async () => {
        let file: FileHandle;
        try {
          file = await fileSystem.open(path, "wx", mode);
        } catch (error) {
          if ((error as { code?: string }).code === "EEXIST") return false;
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
    followLinks: (path) =>
      told(path, async () => {
        let end = path;
        for (let links = 0; links < MAX_LINKS; links++) {
          try {
            end = linkTarget(end, await fileSystem.readlink(end));
          } catch (error) {
            // EINVAL, on Windows UNKNOWN: it is there and no link.
            if (["ENOENT", "EINVAL", "UNKNOWN"].includes((error as { code?: string }).code ?? "")) return end;
            throw error;
          }
        }
        throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
      }),
    makeDirectory: (path, mode) => told(path, () => makeDirectory(path, mode)),
    stageFile: (path, staged, contents, mode) =>
      told(path, async () => {
        try {
          await stage(path, staged, contents, mode);
        } catch (error) {
          // If it cannot be removed either, the first failure is the one to tell.
          if ((error as { code?: string }).code !== "EEXIST") await remove(staged).catch(() => {});
          throw error;
        }
        return {
          commit: () =>
            told(path, async () => {
              await fileSystem.rename(staged, path);
              await syncDirectory(path);
            }),
          discard: () => told(path, () => remove(staged)),
        };
      }),
  };
}

/** The same file system, which waits for files that others have open. */
function patient(fileSystem: PromisesFileSystem, pause: Sleep): PromisesFileSystem {
  const free = <T>(action: () => Promise<T>) => onceFree(action, isInUse, pause);
  return {
    ...fileSystem,
    open: (path, flags, mode) => free(() => fileSystem.open(path, flags, mode)),
    rename: (from, to) => free(() => fileSystem.rename(from, to)),
    unlink: (path) => free(() => fileSystem.unlink(path)),
  };
}

function isInUse(error: unknown): boolean {
  return ["EPERM", "EACCES", "EBUSY"].includes((error as { code?: string }).code ?? "");
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
    throw error instanceof HostError ? error : writeError(path, (error as { code?: string }).code, error);
  }
}
