/**
 * Editing a text file that others edit as well: under a lock, and replaced as a whole.
 *
 * @module
 */

import { decodeLatin1, encodeLatin1 } from "../../core/bytes/text.ts";
import type { Abort } from "../../core/ports.ts";
import { HostError } from "../host-error.ts";
import type { DurableFiles, Host } from "../host.ts";
import { type FileLock, lockFile, type LockHost } from "./file-lock.ts";
import { parentDirectory } from "./parent-directory.ts";

/** The part of a host that editing needs. */
export type EditHost = LockHost & Pick<Host, "durableFiles" | "fileStamp">;

/** The longest file that is edited, in octets. */
export const MAX_EDITED_LENGTH = 16_777_216;

/**
 * Edits a file, or makes one with mode 0600, in a directory with mode 0700 if there is none. Symbolic links are followed;
 * mode and owner stay. Whenever it is interrupted, by a crash or a full disk, the file is the old one or the new one.
 * Processes that edit by this function take turns; a change that anybody else makes meanwhile is seen, and the edit is
 * done anew with it.
 *
 * Secret: it may hold keys.
 *
 * @param edit from the file's text, empty when there is none, to the new one: one character an octet
 * @throws {HostError} when it cannot be read or written; the reason of the signal when it aborts before the lock is had
 */
export async function editFile(
  host: EditHost,
  path: string,
  edit: (text: string) => string,
  signal?: Abort,
): Promise<void> {
  const files = await host.durableFiles();
  const target = await files.followLinks(path);
  const directory = parentDirectory(target);
  if (directory !== undefined) await files.makeDirectory(directory, 0o700);
  for (let attempt = 1;; attempt++) {
    if (await editOnce(host, files, target, edit, signal)) return;
    if (attempt === MAX_ATTEMPTS) {
      throw new HostError("ERR_FILE_WRITE", `Cannot write ${path}: something else keeps changing it`, { path });
    }
  }
}

/** Whether it was done; false when the file or the lock changed meanwhile. */
async function editOnce(
  host: EditHost,
  files: DurableFiles,
  target: string,
  edit: (text: string) => string,
  signal: Abort | undefined,
): Promise<boolean> {
  const lock = await lockFile(host, files, target, signal);
  let done: boolean;
  try {
    done = await editLocked(host, files, target, edit, lock);
  } catch (error) {
    // Of two failures the first is told; a lock that stays is found deserted.
    await lock.release().catch(() => {});
    throw error;
  }
  await lock.release();
  return done;
}

async function editLocked(
  host: EditHost,
  files: DurableFiles,
  target: string,
  edit: (text: string) => string,
  lock: FileLock,
): Promise<boolean> {
  if (/^[0-9a-f]{32}$/.test(lock.deserted ?? "")) await files.removeFile(stagedPath(target, lock.deserted!));
  const stamp = stampOf(host, target);
  const octets = stamp === undefined ? new Uint8Array() : host.readFile(target, MAX_EDITED_LENGTH, "refuse");
  const before = decodeLatin1(octets);
  octets.fill(0);
  const after = edit(before);
  if (after === before) return true;
  const contents = encodeLatin1(after);
  if (contents === undefined) throw new TypeError('"edit" must answer one character an octet');
  const staged = await files.stageFile(target, stagedPath(target, lock.token), contents, 0o600);
  contents.fill(0);
  try {
    if (!lock.isHeld() || stampOf(host, target) !== stamp) {
      await staged.discard();
      return false;
    }
    await staged.commit();
  } catch (error) {
    // If it cannot be removed either, the first failure is the one to tell.
    await staged.discard().catch(() => {});
    throw error;
  }
  return true;
}

function stagedPath(target: string, token: string): string {
  return `${target}.${token}.new`;
}

function stampOf(host: EditHost, path: string): string | undefined {
  try {
    return host.fileStamp(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_FILE_NOT_FOUND") return undefined;
    throw error;
  }
}

const MAX_ATTEMPTS = 5;
