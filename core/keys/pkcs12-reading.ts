/**
 * What the readers of PKCS#12 share: object identifiers of PKCS #7, limits, and the wording of their errors.
 *
 * @module
 */

import { DerError } from "../der/der-error.ts";
import { KeyError } from "./key-error.ts";

/** For messages. */
export const PKCS12_FILE = "PKCS#12 file";

/** Larger files are refused, in octets; a file of a key and its chain takes a few kilobytes. */
export const MAX_PKCS12_LENGTH = 1_048_576;

/** Files with more bags are refused. */
export const MAX_PKCS12_BAGS = 1000;

/** SafeContents within SafeContents, which no software writes, are followed this far. */
export const MAX_SAFE_CONTENTS_DEPTH = 4;

/** `data` (RFC 5652 §4). */
export const DATA = "1.2.840.113549.1.7.1";
/** `encryptedData` (RFC 5652 §8). */
export const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";

/** Names of other content types for messages. */
export const OTHER_CONTENTS: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.7.2": "signedData (integrity by a public key)",
  "1.2.840.113549.1.7.3": "envelopedData (privacy by a public key)",
};

/** The error of a file. */
export function pkcs12Error(
  code: KeyError["code"],
  state: string,
  context?: { cause?: unknown; found?: string },
): KeyError {
  return new KeyError(code, PKCS12_FILE, state, context);
}

/** Runs a parser; its errors come out as errors of the file, which keep them as the cause. */
export function readingPkcs12<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw pkcs12Cause(error);
  }
}

/** An error of a part of the file as one of the file; any other as it is. */
export function pkcs12Cause(error: unknown): unknown {
  if (error instanceof DerError) {
    return pkcs12Error("ERR_KEY_MALFORMED", error.message.replace(/^Cannot read /, ""), { cause: error });
  }
  if (!(error instanceof KeyError)) return error;
  const { code, message, found } = error;
  if (message.startsWith(`Cannot read ${PKCS12_FILE}: `)) return error;
  return pkcs12Error(code, message.replace(/^Cannot read private key: /, ""), {
    cause: error,
    ...(found === undefined ? {} : { found }),
  });
}
