/**
 * The record of one request to a signing service, for those who audit.
 *
 * @module
 */

import { visibleText } from "../../core/bytes/visible-text.ts";
import type { Now } from "../../core/ports.ts";
import type { RefusalCode } from "../../core/sign/signing-protocol.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What happened. Public: neither token nor message is in it. */
export interface SigningRecord {
  /** When, in milliseconds since the epoch. */
  readonly timeMs: number;
  /** What was asked for. */
  readonly operation: "key" | "sign" | "other";
  /** The grant's name; undefined: nobody's. */
  readonly grant: string | undefined;
  /** The key's algorithm, as the protocol names it; undefined without a grant. */
  readonly algorithm: string | undefined;
  /** SHA-256 of the message, in hexadecimal; undefined when there was none. */
  readonly messageDigest: string | undefined;
  /** Who asked, as far as the socket tells: an address with its port, `unix`, `stdio`. */
  readonly peer: string;
  /** What came of it. */
  readonly outcome: "answered" | RefusalCode;
  /** Refusals before this record, which were too many to be kept; absent: none. */
  readonly suppressed?: number;
}

/** Keeps a record; what is asked for is answered only when it is kept. */
export type KeepRecord = (record: SigningRecord) => void | Promise<void>;

/**
 * Keeps every record of an answer, and of refusals no more than ten a second: whoever guesses tokens must not fill the
 * disk. How many were left out stands in the next record.
 */
export function limitRefusals(keep: KeepRecord, now: Now): KeepRecord {
  const bucket = new TokenBucket({ perSecond: 10, burst: 20 }, now);
  let suppressed = 0;
  return (record) => {
    if (record.outcome !== "answered" && bucket.take() > 0) {
      suppressed++;
      return;
    }
    const before = suppressed;
    suppressed = 0;
    return keep(before === 0 ? record : { ...record, suppressed: before });
  };
}

/** The record as a JSON object in one line, without the line's end; the time is RFC 3339 in UTC. */
export function formatRecord(record: SigningRecord): string {
  const { timeMs, operation, grant, algorithm, messageDigest, peer, outcome, suppressed } = record;
  return JSON.stringify({
    time: new Date(timeMs).toISOString(),
    operation,
    grant,
    algorithm,
    messageSha256: messageDigest,
    peer: visibleText(peer, 100),
    outcome,
    suppressed,
  });
}
