/**
 * A state file in use: its journal read, and every commit appended to it and waited for.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { AppendFile, DurableFiles, Host } from "../../host.ts";
import type { Change, ChangeLog, EmulatorState } from "./emulator-store.ts";
import { encodeCommit, encodeJournal, isCompactionDue, JOURNAL_HEADER, readJournal } from "./journal.ts";
import { StateError } from "./state-error.ts";
import { lockState, type StateLock } from "./state-lock.ts";

/** The part of a host that a state file needs. */
export type StateHost = Pick<
  Host,
  "readFile" | "readPieces" | "durableFiles" | "serve" | "httpClient" | "random" | "sleep" | "sha256"
>;

/** A state file in use. Secret: it holds keys. */
export interface StateFile extends EmulatorState {
  /** How many octets of a commit that nobody was told of were dropped: what a crash left. */
  readonly tornOctets: number;
  /** Why it takes no more changes; undefined while it does. */
  failure(): Error | undefined;
  /** Waits for the changes under way, and gives the file back. */
  close(): Promise<void>;
}

/**
 * Opens a state file, or makes one with mode 0600. Secret: it holds keys.
 *
 * @throws {StateError} when it is damaged, of another format, or another emulator has it
 * @throws {HostError} when it cannot be read or written
 */
export async function openStateFile(host: StateHost, path: string): Promise<StateFile> {
  const files = await host.durableFiles();
  const lock = await lockState(host, files, path);
  let file: AppendFile | undefined;
  try {
    const { changes, length, tornOctets } = contents(host, path) ?? { changes: [], length: 0, tornOctets: 0 };
    if (length === 0) await files.replaceFile(path, encodeUtf8(JOURNAL_HEADER), 0o600);
    file = await files.openAppend(path);
    if (tornOctets > 0) await file.truncate(length);
    const log = new JournalLog(host, files, lock, path, file, Math.max(length, JOURNAL_HEADER.length));
    return { kept: changes, log, tornOctets, failure: () => log.failure, close: () => log.close() };
  } catch (error) {
    await file?.close();
    await lock.release();
    throw error;
  }
}

function contents(host: StateHost, path: string): ReturnType<typeof readJournal> | undefined {
  try {
    return readJournal(host.readPieces(path), host.sha256);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_FILE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Commits that wait while others are written are written together: one wait for the device serves them all. */
class JournalLog implements ChangeLog {
  readonly #host: StateHost;
  readonly #files: DurableFiles;
  readonly #lock: StateLock;
  readonly #path: string;
  #file: AppendFile;
  /** How many octets are durable. */
  #length: number;
  #compactLength: number;
  #waiting: { readonly line: string; readonly done: (failure?: Error) => void }[] = [];
  #everything: () => Iterable<Change> = () => [];
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(host: StateHost, files: DurableFiles, lock: StateLock, path: string, file: AppendFile, length: number) {
    this.#host = host;
    this.#files = files;
    this.#lock = lock;
    this.#path = path;
    this.#file = file;
    this.#length = length;
    this.#compactLength = length;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  append(changes: readonly Change[], everything: () => Iterable<Change>): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const line = encodeCommit(changes, this.#host.sha256);
    this.#everything = everything;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, done: (failure) => failure === undefined ? resolve() : reject(failure) });
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    this.#failure ??= new StateError("ERR_STATE_CLOSED", `Cannot write state file ${this.#path}: it was closed`);
    await this.#file.close();
    await this.#lock.release();
  }

  async #writeAll(): Promise<void> {
    // What is committed in the same turn is written together as well.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ line }) => line).join(""));
      } catch (cause) {
        await this.#fail(cause, batch);
        return;
      }
      for (const { done } of batch) done();
    }
    this.#writing = undefined;
  }

  async #write(lines: string): Promise<void> {
    if (!this.#lock.isHeld()) {
      throw new StateError("ERR_STATE_LOCKED", `Cannot write state file ${this.#path}: another emulator took it`);
    }
    const octets = encodeUtf8(lines);
    if (!isCompactionDue(this.#length + octets.length, this.#compactLength)) {
      await this.#file.append(octets);
      this.#length += octets.length;
      return;
    }
    // The tables hold these changes already.
    const journal = encodeJournal(this.#everything(), this.#host.sha256);
    await this.#files.replaceFile(this.#path, journal, 0o600);
    const replaced = this.#file;
    this.#file = await this.#files.openAppend(this.#path);
    this.#length = this.#compactLength = journal.length;
    await replaced.close();
  }

  /** Takes no more changes; what was written of these is cut off, where that can be done. */
  async #fail(cause: unknown, batch: readonly { readonly done: (failure: Error) => void }[]): Promise<void> {
    const state = cause instanceof Error ? cause.message : String(cause);
    this.#failure = new StateError("ERR_STATE_WRITE", `Cannot write state file ${this.#path}: ${state}`, { cause });
    try {
      if (this.#lock.isHeld()) await this.#file.truncate(this.#length);
    } catch {
      // Then a line may stay that was not acknowledged: a crash may leave one, too.
    }
    for (const { done } of [...batch, ...this.#waiting]) done(this.#failure);
    this.#waiting = [];
  }
}
