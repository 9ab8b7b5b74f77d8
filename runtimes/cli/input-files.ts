/**
 * Files that commands work with: certificates, revocation lists, JSON.
 *
 * @module
 */

import { BaseError, isCoded } from "../../core/base-error.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import type { CertificateRevocationList } from "../../core/x509/crl/certificate-revocation-list.ts";
import { readCertificateRevocationLists } from "../../core/x509/crl/read-revocation-lists.ts";
import { DEFAULT_MAX_CERTIFICATES_LENGTH, readCertificates } from "../../core/x509/read-certificates.ts";
import { type StreamedList, streamedList } from "../../core/path/revocation/streamed-list.ts";
import type { Files } from "../host.ts";

/** Files of revocation lists up to this length, in octets, are read at once; longer ones hold one list each. */
export const MAX_HELD_LIST_LENGTH = 4_194_304;

/** - `ERR_INPUT_FILE`: a file is there and is not what it should be */
export type InputFileErrorCode = "ERR_INPUT_FILE";

/** A file that cannot be used. */
export class InputFileError extends BaseError<InputFileErrorCode> {
  override readonly name: string = "InputFileError";
}

/**
 * Certificates of a file, at least one.
 *
 * Public: certificates; a key beside them is not looked at.
 *
 * @throws {HostError} when it cannot be read
 * @throws {InputFileError} when there is none in it, or one is malformed
 */
export function certificatesOf(files: Files, path: string): readonly Certificate[] {
  const octets = files.readFile(path, DEFAULT_MAX_CERTIFICATES_LENGTH);
  return naming(path, () => readCertificates(octets));
}

/**
 * Revocation lists of a file: read at once, or a source that is read anew for each certificate when it is too long for
 * that.
 *
 * @throws as {@link certificatesOf}; of a long file only that it cannot be opened
 */
export function listsOf(files: Files, path: string): readonly (CertificateRevocationList | StreamedList)[] {
  let octets;
  try {
    octets = files.readFile(path, MAX_HELD_LIST_LENGTH);
  } catch (error) {
    if (!isCoded(error) || error.code !== "ERR_FILE_TOO_LARGE") throw error;
    return [streamedList(() => files.readPieces(path))];
  }
  const held = octets;
  return naming(path, () => readCertificateRevocationLists(held));
}

/** Longest text that is read, in octets: 4 MiB. */
const MAX_TEXT_LENGTH = 4_194_304;

/**
 * Text of a file.
 *
 * @throws {HostError} when it cannot be read
 * @throws {InputFileError} when it is not UTF-8
 */
export function textOf(files: Files, path: string): string {
  const text = decodeUtf8(files.readFile(path, MAX_TEXT_LENGTH));
  if (text === undefined) throw unusable(path, "it is not UTF-8");
  return text;
}

/** Does what a file is read for; what it throws then names the file. @throws {InputFileError} */
export function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isCoded(cause)) throw cause;
    throw unusable(path, cause.message, cause);
  }
}

/** The error of a file that is there and is not what it should be. */
export function unusable(path: string, state: string, cause?: unknown): InputFileError {
  return new InputFileError("ERR_INPUT_FILE", `Cannot use ${path}: ${state}`, cause === undefined ? {} : { cause });
}
