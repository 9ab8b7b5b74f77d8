/**
 * Files that a test's programs read, in a folder of their own. For Node, Bun and Deno.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when the test is over. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file and answers its path. */
  write(name: string, contents: string | Uint8Array): string;
  /** Removes the folder with everything in it. */
  remove(): void;
}

/** Makes a folder; the caller removes it. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "anyrole-test-"));
  return {
    path,
    write: (name, contents) => {
      const file = join(path, name);
      writeFileSync(file, contents, { mode: 0o600 });
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
