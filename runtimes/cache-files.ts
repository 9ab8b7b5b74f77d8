/**
 * Files of a cache: for their owner alone, and quick rather than lasting.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";

/**
 * Files that may be lost and that nobody else reads. Every call is done when it returns, and never waits for the device
 * or for a person; every failure is a `HostError`.
 */
export interface CacheFiles {
  /** Reads a whole file of at most `maxLength` octets; undefined when there is none. */
  read(path: string, maxLength: number): Bytes | undefined;
  /** Makes a file that its owner alone may read and write; false when there is one. */
  create(path: string, contents: Bytes): boolean;
  /**
   * Puts a whole file in the place of another, or of none, in one step: there is never a half-written one. Its owner
   * alone may read and write it.
   *
   * @param staged where to write meanwhile: a name in the same directory that nobody has
   */
  replace(path: string, staged: string, contents: Bytes): void;
  /** Gives a file another name; false when there is none. */
  move(path: string, to: string): boolean;
  /** Removes a file; it need not be there. */
  remove(path: string): void;
  /** Makes a directory that its owner alone may read and write, and those above it that are missing. */
  makeDirectory(path: string): void;
  /** What is known of a file or directory; undefined when there is none. */
  status(path: string): CacheFileStatus | undefined;
  /** Names of what is in a directory; none when there is none. */
  list(directory: string): readonly string[];
}

/** A file or directory as it is. */
export interface CacheFileStatus {
  /** When it was last written, by the file system's clock, in milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** Who else may write: its owner, who is not us, or others; as far as the system tells. */
  readonly writableBy: "us" | "its owner" | "others";
  /** Its permissions, `0o600` for instance; absent where the system has none. */
  readonly mode?: number;
}
