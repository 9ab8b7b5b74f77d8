/**
 * Files through `node:fs`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { descriptorName, fileError, HostError, irregularFile, terminalError } from "../../host-error.ts";
import type { Files } from "../../host.ts";
import { PIECE_LENGTH, readBounded } from "../bounded-read.ts";

/** The functions of `node:fs` that files need. */
export interface FileSystem {
  openSync(path: string, flags: string): number;
  fstatSync(file: number): {
    readonly size: number;
    isFile(): boolean;
    isFIFO(): boolean;
    isSocket(): boolean;
    isCharacterDevice(): boolean;
  };
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
    isFIFO(): boolean;
    isCharacterDevice(): boolean;
  };
}

/** Files over this file system. */
export function nodeApiFiles(fileSystem: FileSystem): Files {
  return {
    readFile: (path, maxLength, pipes = "read") => {
      let file: number | undefined;
      try {
        if (pipes === "refuse") refusePipe(fileSystem, path);
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
    readDescriptor: (descriptor, maxLength) => {
      const name = descriptorName(descriptor);
      try {
        // What is a device and no terminal, such as /dev/null, holds no certificate either.
        const status = fileSystem.fstatSync(descriptor);
        if (status.isCharacterDevice()) throw terminalError(descriptor);
        // The runtime has descriptors of its own, on which a reader would wait forever.
        if (!status.isFile() && !status.isFIFO() && !status.isSocket()) throw fileError(name, "EBADF", undefined);
        return readBounded(name, maxLength, 0, (into) => readSome(fileSystem, descriptor, into));
      } catch (error) {
        throw error instanceof HostError ? error : fileError(name, (error as { code?: string }).code, error);
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

/** Waits for octets where the other end made the pipe a non-blocking one. On Windows a pipe that was closed is an error. */
function readSome(fileSystem: FileSystem, descriptor: number, into: Bytes): number {
  for (;;) {
    try {
      return fileSystem.readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EMPTY_PAUSE_MS);
    }
  }
}

/** Pause before an empty pipe is looked at again, in milliseconds. */
const EMPTY_PAUSE_MS = 5;

/** Before it is opened, which waits for a writer. */
function refusePipe(fileSystem: FileSystem, path: string): void {
  if (fileSystem.statSync(path, { bigint: true }).isFIFO()) throw irregularFile(path);
}

function* pieces(fileSystem: FileSystem, path: string): Generator<Bytes, void, undefined> {
  let file: number | undefined;
  try {
    refusePipe(fileSystem, path);
    if (fileSystem.statSync(path, { bigint: true }).isCharacterDevice()) throw irregularFile(path);
    file = fileSystem.openSync(path, "r");
    const piece = new Uint8Array(PIECE_LENGTH);
    for (;;) {
      const count = fileSystem.readSync(file, piece, 0, piece.length, null);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } catch (error) {
    throw error instanceof HostError ? error : fileError(path, (error as { code?: string }).code, error);
  } finally {
    if (file !== undefined) fileSystem.closeSync(file);
  }
}
