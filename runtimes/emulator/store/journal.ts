/**
 * The format of a state file: a journal of JSON lines. The first names the format; every other is one commit, with the
 * first eight octets of the SHA-256 of its changes:
 *
 *     {"format":"anyrole emulator state","version":1}
 *     {"sha256":"0123456789abcdef","changes":[{"table":"roles","key":"arn:…","record":{…}}]}
 *
 * A commit counts when its line is whole, line feed included. What a crash leaves behind is a last line that is not: it
 * was acknowledged to nobody, and is dropped. A whole line that does not fit its hash is damage, and no state is made of
 * it.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import type { Sha256 } from "../../../core/crypto/sha256.ts";
import type { Change } from "./emulator-store.ts";
import { StateError } from "./state-error.ts";

/** The first line. */
export const JOURNAL_HEADER = '{"format":"anyrole emulator state","version":1}\n';

/** What a journal holds. */
export interface JournalContents {
  /** The changes of every whole commit, in order. */
  readonly changes: readonly Change[];
  /** How many octets are whole; behind them is what a crash left. */
  readonly length: number;
  /** How many octets the crash left. */
  readonly tornOctets: number;
}

/** One commit as a line. Secret: some changes hold keys. */
export function encodeCommit(changes: readonly Change[], sha256: Sha256): string {
  const text = JSON.stringify(changes);
  return `${HEAD}${checksum(text, sha256)}${MIDDLE}${text}${TAIL}\n`;
}

/** A journal that makes the same tables of nothing, each record a commit. Secret: some changes hold keys. */
export function encodeJournal(changes: Iterable<Change>, sha256: Sha256): Bytes {
  const lines = [JOURNAL_HEADER];
  for (const change of changes) lines.push(encodeCommit([change], sha256));
  return encodeUtf8(lines.join(""));
}

/**
 * Reads a journal. Secret: some changes hold keys.
 *
 * @param pieces the file; a piece may reuse the memory of the one before
 * @throws {StateError} `ERR_STATE_FORMAT` when the first line is another, `ERR_STATE_DAMAGED` for a line that is not
 * what was written
 */
export function readJournal(pieces: Iterable<Bytes>, sha256: Sha256): JournalContents {
  const changes: Change[] = [];
  let line = 0;
  let length = 0;
  let rest: Bytes[] = [];
  for (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      const octets = concatBytes([...rest, piece.subarray(start, end)]);
      line++;
      if (line === 1) checkHeader(octets);
      else changes.push(...decodeCommit(octets, line, length, sha256));
      length += octets.length + 1;
      rest = [];
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.slice(start));
  }
  const tornOctets = rest.reduce((sum, { length }) => sum + length, 0);
  // The first line is never torn: a journal comes into its place when it is written whole.
  if (line === 0 && tornOctets > 0) checkHeader(concatBytes(rest));
  return { changes, length, tornOctets };
}

/**
 * Whether a journal should be written anew: it has outgrown what it was when that was last done.
 *
 * @param octets its length, the changes that are about to be written included
 * @param compactOctets its length when every line of it was a record
 */
export function isCompactionDue(octets: number, compactOctets: number): boolean {
  return octets > LEAST_OCTETS && octets > GROWTH * compactOctets;
}

function checkHeader(octets: Bytes): void {
  const text = decodeUtf8(octets);
  if (text === JOURNAL_HEADER.trimEnd()) return;
  const version = /^\{"format":"anyrole emulator state","version":(\d+)\}$/.exec(text ?? "")?.[1];
  throw new StateError(
    "ERR_STATE_FORMAT",
    version === undefined
      ? "Cannot read state file: its first line is not that of a state file; name another file, or one that does not exist"
      : `Cannot read state file: it is of version ${version}, which this version of anyrole does not know`,
  );
}

function decodeCommit(octets: Bytes, line: number, offset: number, sha256: Sha256): readonly Change[] {
  const text = decodeUtf8(octets);
  const body = text?.slice(HEAD.length + HASH_DIGITS + MIDDLE.length, -TAIL.length);
  if (text === undefined || text !== `${HEAD}${checksum(body!, sha256)}${MIDDLE}${body}${TAIL}`) {
    throw new StateError(
      "ERR_STATE_DAMAGED",
      `Cannot read state file: line ${line}, at octet ${offset}, is damaged; restore a copy of the file, or keep what ` +
        `comes before the damage: head -c ${offset} FILE > NEWFILE`,
      { line, offset },
    );
  }
  // What fits its hash is what encodeCommit() wrote.
  return JSON.parse(body!) as readonly Change[];
}

function checksum(text: string, sha256: Sha256): string {
  return encodeHex(sha256.digest(text).subarray(0, HASH_DIGITS / 2));
}

const HEAD = '{"sha256":"';
const MIDDLE = '","changes":';
const TAIL = "}";
const HASH_DIGITS = 16;
const LINE_FEED = 0x0a;
const LEAST_OCTETS = 1_048_576;
const GROWTH = 4;
