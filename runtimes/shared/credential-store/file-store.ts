/**
 * A credential store in a directory of this machine: a file for each sealed session, and beside it, while somebody makes
 * the call for it, a lock.
 *
 * A lock is a file that says nothing but whose it is: its age is the lease's. One whose holder died is as good as none
 * when its time is over. Several may find it then: it is moved aside, so that one of them gets it; should another have
 * made a new one in that moment, that one is put back. If all of that fails there is one call too many, and nothing else.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { decodeLatin1, encodeLatin1 } from "../../../core/bytes/text.ts";
import {
  MAX_SEALED_OCTETS,
  readSealedFacts,
  type SealedSessionFacts,
} from "../../../core/credentials/sealed-session.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { CredentialStore, Lease } from "../../../core/credentials/store.ts";
import type { CacheFiles } from "../../cache-files.ts";
import type { Host } from "../../host.ts";
import type { HostError } from "../../host-error.ts";

/** A store in files. */
export interface FileStore extends CredentialStore {
  /** What is in it. */
  list(): readonly FileStoreEntry[];
  /** Removes everything that this store has made, leases included; answers how many entries there were. */
  clear(): number;
}

/** An entry of a store in files. */
export interface FileStoreEntry {
  /** Its file. */
  readonly path: string;
  /** What it says in the clear; undefined when it is damaged, or no file of a session at all. */
  readonly facts: SealedSessionFacts | undefined;
}

/** Makes a store; nothing is read or made until it is asked. */
export function fileStore(host: Pick<Host, "cacheFiles" | "now" | "random">, directory: string): FileStore {
  const files = host.cacheFiles();
  const separator = directory.includes("\\") ? "\\" : "/";
  const pathOf = (name: string) => `${directory}${separator}${name}`;
  const token = () => encodeHex(host.random(16));

  /** Whether there is a directory. */
  const isThere = (): boolean => {
    const status = files.status(directory);
    if (status === undefined || status.writableBy === "us") return status !== undefined;
    throw new CredentialStoreError(
      "ERR_STORE_DIRECTORY",
      status.writableBy === "others"
        ? `others may write into ${directory}; take that away with chmod go-w, or name another in ANYROLE_CACHE_DIR`
        : `${directory} is another user's; name one of yours in ANYROLE_CACHE_DIR`,
    );
  };
  const make = (): void => {
    if (isThere()) return;
    files.makeDirectory(directory);
    isThere();
  };

  return {
    get: (name) => isThere() ? files.read(pathOf(name + ENTRY), MAX_SEALED_OCTETS) : undefined,
    put: (name, entry) => {
      make();
      files.replace(pathOf(name + ENTRY), pathOf(`${name}.${token()}${STAGED}`), entry);
      sweep(files, pathOf, directory, host);
    },
    lease: (name, lifeMs) => {
      make();
      const path = pathOf(name + LOCK);
      const mine = token();
      const taken = files.create(path, encodeLatin1(mine)!) ||
        removeOld(files, path, pathOf(`${name}.${mine}${STAGED}`), host.now(), lifeMs) &&
          files.create(path, encodeLatin1(mine)!);
      return taken ? leaseOf(files, path, mine) : undefined;
    },
    list: () => isThere() ? entries(files, pathOf, directory) : [],
    clear: () => {
      const names = isThere() ? files.list(directory).filter((name) => OURS.test(name)) : [];
      for (const name of names) files.remove(pathOf(name));
      return names.filter((name) => name.endsWith(ENTRY)).length;
    },
  };
}

function leaseOf(files: CacheFiles, path: string, token: string): Lease {
  return {
    release: () => {
      const held = files.read(path, MAX_LOCK_OCTETS);
      if (held !== undefined && decodeLatin1(held) === token) files.remove(path);
    },
  };
}

/** Moves a lock aside whose time is over; whether it is gone. */
function removeOld(files: CacheFiles, path: string, aside: string, now: number, lifeMs: number): boolean {
  if (!isOld(files, path, now, lifeMs)) return false;
  if (!files.move(path, aside)) return true;
  const fresh = !isOld(files, aside, now, lifeMs);
  const held = fresh ? files.read(aside, MAX_LOCK_OCTETS) : undefined;
  if (held !== undefined) files.create(path, held);
  files.remove(aside);
  return !fresh;
}

/** Whether its time is over. A lock from the future is one of a clock that was set back. */
function isOld(files: CacheFiles, path: string, now: number, lifeMs: number): boolean {
  const status = files.status(path);
  // File systems round times, and some by two seconds.
  return status !== undefined && (now >= status.modifiedMs + lifeMs || now < status.modifiedMs - ROUNDING_MS);
}

function entries(files: CacheFiles, pathOf: (name: string) => string, directory: string): FileStoreEntry[] {
  const names = files.list(directory).filter((name) => OURS.test(name) && name.endsWith(ENTRY)).sort();
  return names.map((name) => {
    const path = pathOf(name);
    return { path, facts: factsOf(files, path) };
  });
}

/** One that cannot be read does not hide the others. */
function factsOf(files: CacheFiles, path: string): SealedSessionFacts | undefined {
  let entry: Bytes | undefined;
  try {
    entry = files.read(path, MAX_SEALED_OCTETS);
  } catch (error) {
    if (!["ERR_FILE_ACCESS", "ERR_FILE_TOO_LARGE"].includes((error as HostError).code)) throw error;
  }
  return entry === undefined ? undefined : readSealedFacts(entry);
}

/** Removes some of what nobody wants any more: a directory is not to fill up with the sessions of rotated certificates. */
function sweep(
  files: CacheFiles,
  pathOf: (name: string) => string,
  directory: string,
  { now, random }: Pick<Host, "now" | "random">,
): void {
  const names = files.list(directory).filter((name) => OURS.test(name));
  const first = random(1)[0]! * names.length >> 8;
  for (const name of [...names.slice(first), ...names.slice(0, first)].slice(0, SWEPT)) {
    const modifiedMs = files.status(pathOf(name))?.modifiedMs ?? Infinity;
    if (now() - modifiedMs > LONGEST_SESSION_MS) files.remove(pathOf(name));
  }
}

const ENTRY = ".session";
const LOCK = ".lock";
const STAGED = ".new";
const OURS = /^[0-9a-f]{64}(?:\.session|\.lock|\.[0-9a-f]{32}\.new)$/;
const MAX_LOCK_OCTETS = 64;
const ROUNDING_MS = 2000;

/** Files that are looked at after each call. */
const SWEPT = 8;

/** No session lives longer than twelve hours; a clock may be wrong. */
const LONGEST_SESSION_MS = 86_400_000;
