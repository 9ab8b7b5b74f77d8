/**
 * Files through `node:fs`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { fileError, HostError } from "../../host-error.ts";
import type { Files } from "../../host.ts";
import { PIECE_LENGTH, readBounded } from "../bounded-read.ts";

/** The functions of `node:fs` that files need. */
export interface FileSystem {
  openSync(path: string, flags: string): number;
  fstatSync(file: number): { readonly size: number };
  readSync(file: number, into: Bytes, offset: number, length: number, position: null): number;
  closeSync(file: number): void;
  readdirSync(path: string, options: { withFileTypes: true }): readonly {
    readonly name: string;
    isDirectory(): boolean;
  }[];
  statSync(path: string, options: { bigint: true }): {
    readonly dev: bigint;
    readonly ino: bigint;
    readonly size: bigint;
    readonly mtimeNs: bigint;
  };
}

/** Files over this file system. */
export function nodeApiFiles(fileSystem: FileSystem): Files {
  return {
    readFile: (path, maxLength) => {
      let file: number | undefined;
      try {
        const opened = file = fileSystem.openSync(path, "r");
        return readBounded(
          path,
          maxLength,
          fileSystem.fstatSync(opened).size,
          (into) => fileSystem.readSync(opened, into, 0, into.length, null),
        );
      } catch (error) {
        throw error instanceof HostError ? error : fileError(path, (error as { code?: string }).code, error);
      } finally {
        if (file !== undefined) fileSystem.closeSync(file);
      }
    },
    readPieces: (path) => pieces(fileSystem, path),
    fileStamp: (path) => {
      try {
        const status = fileSystem.statSync(path, { bigint: true });
        return `${status.dev}:${status.ino}:${status.size}:${status.mtimeNs}`;
      } catch (error) {
        throw fileError(path, (error as { code?: string }).code, error);
      }
    },
    listFiles: (directory) => {
      try {
        const entries = fileSystem.readdirSync(directory, { withFileTypes: true });
        return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
      } catch (error) {
        throw fileError(directory, (error as { code?: string }).code, error);
      }
    },
  };
}

function* pieces(fileSystem: FileSystem, path: string): Generator<Bytes, void, undefined> {
  let file: number | undefined;
  try {
    file = fileSystem.openSync(path, "r");
    const piece = new Uint8Array(PIECE_LENGTH);
    for (;;) {
      const count = fileSystem.readSync(file, piece, 0, piece.length, null);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } catch (error) {
    throw fileError(path, (error as { code?: string }).code, error);
  } finally {
    if (file !== undefined) fileSystem.closeSync(file);
  }
}
