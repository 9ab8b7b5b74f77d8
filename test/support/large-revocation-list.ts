/**
 * Revocation lists of any size, for benchmarks and tests: the same octets for the same arguments, the signature aside.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { encodeSignatureAlgorithm } from "../../core/crypto/signature-algorithm-identifier.ts";
import { derBitString, derElement, derInteger, derSequence, derTime } from "../../core/der/writer.ts";
import { encodeName, type NameTemplate } from "../../core/issue/name-encoding.ts";

/** What a large list says; its entries aside. */
export interface LargeRevocationList {
  /** How many entries. */
  readonly entries: number;
  /** Who issues it. */
  readonly issuer: NameTemplate;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** Milliseconds since the epoch. */
  readonly nextUpdate: number;
}

/**
 * The serial number of an entry: contents of an INTEGER, 16 octets or, with a sign octet, 17. No two are the same.
 *
 * @param index counted from 0
 */
export function serialNumberAt(index: number): Bytes {
  const octets = new Uint8Array(17);
  // The steps of a linear congruential generator; the last four octets are the index itself.
  let state = index + 1;
  for (let i = 1; i < 17; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    octets[i] = i < 13 ? state >>> 24 : index >>> (16 - i) * 8;
  }
  if (octets[1] === 0) octets[1] = 1;
  return octets[1]! < 0x80 ? octets.subarray(1) : octets;
}

/** Writes and signs a list: entries of 35 or 36 octets, every third with the reason code `superseded`, 14 more. */
export async function largeRevocationList(template: LargeRevocationList, signer: Signer): Promise<Bytes> {
  const time = derTime(template.thisUpdate);
  const reason = Uint8Array.of(0x30, 12, 0x30, 10, 0x06, 3, 0x55, 0x1d, 0x15, 0x04, 3, 0x0a, 1, 4);
  const entries = new Uint8Array(template.entries * 52);
  let at = 0;
  for (let index = 0; index < template.entries; index++) {
    const serialNumber = serialNumberAt(index);
    const length = 2 + serialNumber.length + time.length + (index % 3 === 0 ? reason.length : 0);
    entries[at] = 0x30;
    entries[at + 1] = length;
    entries[at + 2] = 0x02;
    entries[at + 3] = serialNumber.length;
    entries.set(serialNumber, at + 4);
    entries.set(time, at + 4 + serialNumber.length);
    if (index % 3 === 0) entries.set(reason, at + 4 + serialNumber.length + time.length);
    at += 2 + length;
  }
  const algorithm = encodeSignatureAlgorithm(signer.algorithm);
  const body = derElement(
    0x30,
    concatBytes([
      derInteger(1),
      algorithm,
      encodeName(template.issuer),
      time,
      derTime(template.nextUpdate),
      ...(template.entries === 0 ? [] : [derElement(0x30, entries.subarray(0, at))]),
    ]),
  );
  return derSequence(body, algorithm, derBitString(await signer.sign(body)));
}
