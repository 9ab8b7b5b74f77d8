/**
 * A lock beside a file, for the moment in which a process reads, edits and replaces it.
 *
 * The lock is a file that one process alone can have made, with a token of its own. Whoever waits for it looks again and
 * again: while tokens change, others are at work; a token that stays was left by a process that ended in between, and is
 * taken over. How long it stays is counted in looks and not by a clock, so that on a machine that was suspended nobody
 * seems to be dead. Taking over is itself done under a lock, of the lock, so that of several who see it one does it.
 *
 * A process that is stopped for longer than that within the moment, and goes on then, finds with
 * {@linkcode FileLock.isHeld} that its lock is not its own any more. On file systems without exclusive creation (NFS
 * version 2) the lock means nothing.
 *
 * @module
 */

import { encodeHex } from "../../core/bytes/hex.ts";
import { decodeLatin1, encodeUtf8 } from "../../core/bytes/text.ts";
import type { Abort } from "../../core/ports.ts";
import { uniform } from "../../core/session/retry.ts";
import type { DurableFiles, Host } from "../host.ts";

/** A lock that is held. */
export interface FileLock {
  /** Names the owner; for names of files that belong to the moment. */
  readonly token: string;
  /** Token of the process that had it and ended without giving it back; undefined when there was none. */
  readonly deserted: string | undefined;
  /** Whether it still is: nobody took it over. */
  isHeld(): boolean;
  /** Gives it back. */
  release(): Promise<void>;
}

/** The part of a host that a lock needs. */
export type LockHost = Pick<Host, "readFile" | "random" | "sleep">;

/** How long a lock may stay with one owner before others take it for deserted, in milliseconds that they waited. */
export const DESERTED_AFTER_MS = 10_000;

/**
 * Takes the lock of a file, and waits for it as long as others take turns.
 *
 * @throws {HostError} when the directory cannot be written; the reason of the signal when it aborts
 */
export async function lockFile(
  host: LockHost,
  files: DurableFiles,
  path: string,
  signal?: Abort,
): Promise<FileLock> {
  const lockPath = `${path}.lock`;
  const token = encodeHex(host.random(16));
  const held = (deserted: string | undefined): FileLock => ({
    token,
    deserted,
    isHeld: () => tokenIn(host, lockPath) === token,
    release: async () => {
      if (tokenIn(host, lockPath) === token) await files.removeFile(lockPath);
    },
  });
  let seen: string | undefined;
  let watchedMs = 0;
  let looks = 0;
  while (!(await files.createFile(lockPath, encodeUtf8(token), 0o600))) {
    const other = tokenIn(host, lockPath);
    if (other !== seen) watchedMs = 0;
    seen = other;
    if (other !== undefined && watchedMs >= DESERTED_AFTER_MS) {
      if (await takeOver(host, files, lockPath, other, token, signal)) return held(other);
      watchedMs = 0;
    }
    const pauseMs = LOOK_MS * Math.min(++looks, 5) * (0.5 + uniform(host.random));
    await host.sleep(pauseMs, signal);
    watchedMs += pauseMs;
  }
  return held(undefined);
}

/** Puts our token in the place of a deserted one; false when it is not there any more. */
async function takeOver(
  host: LockHost,
  files: DurableFiles,
  lockPath: string,
  deserted: string,
  token: string,
  signal: Abort | undefined,
): Promise<boolean> {
  const lockOfLock = await lockFile(host, files, lockPath, signal);
  try {
    if (tokenIn(host, lockPath) !== deserted) return false;
    await files.replaceFile(lockPath, encodeUtf8(token), 0o600);
    return true;
  } finally {
    await lockOfLock.release();
  }
}

/** The token in a lock; empty while it is being written, undefined when there is no lock. */
function tokenIn(host: LockHost, lockPath: string): string | undefined {
  try {
    return decodeLatin1(host.readFile(lockPath, MAX_LOCK_OCTETS, "refuse"));
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_FILE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** How long those who wait pause before the second look, in milliseconds on average; later up to five times as long. */
const LOOK_MS = 40;

const MAX_LOCK_OCTETS = 1024;
