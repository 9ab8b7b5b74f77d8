/**
 * Whether a file holds a key of a TPM.
 *
 * @module
 */

import { decodeLatin1 } from "../../core/bytes/text.ts";
import type { Host } from "../host.ts";
import { MAX_KEY_FILE_LENGTH } from "../shared/key-file.ts";

/** Whether there is a TSS2 key in the file. Public: such a key is of use to its TPM alone. */
export function isTpmKeyFile(host: Host, path: string): boolean {
  try {
    return /^-----BEGIN TSS2 PRIVATE KEY-----/m.test(decodeLatin1(host.readFile(path, MAX_KEY_FILE_LENGTH)));
  } catch {
    return false; // Why it cannot be read is said by who wants to use it.
  }
}
