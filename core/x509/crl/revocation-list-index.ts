/**
 * An index over the serial numbers of a revocation list, made when many certificates are checked against one list.
 *
 * A hash table with open addresses, two to four slots an entry. Each slot has an offset into the list and, in an array
 * of its own that the processor's cache can hold, an octet of the hash: a serial number that is not in the list is
 * nearly always told by that octet. The hash begins with octets of the list's signature, which nobody who merely asks for certificates can foresee; an issuer who
 * makes serial numbers collide all the same gets a list that is searched without the index.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { CertificateRevocationList } from "./certificate-revocation-list.ts";
import { sameAt } from "./entry-search.ts";
import type { RevokedCertificate } from "./revoked-certificate.ts";

/** Index of one list. */
export class RevocationListIndex {
  /** The list. */
  readonly list: CertificateRevocationList;
  /** How many entries the list has. */
  readonly size: number;
  private readonly octets: Bytes;
  private readonly seed: number;
  private readonly mask: number;
  /** Offsets of entries. */
  private readonly slots: Int32Array;
  /** An octet of the hash of each, 0 in free slots; undefined: the list has to be searched. */
  private readonly marks: Uint8Array | undefined;

  /**
   * Makes the index: walks the list twice.
   *
   * @throws {DerError} when an entry is malformed
   */
  constructor(list: CertificateRevocationList) {
    this.list = list;
    this.octets = list.der;
    this.seed = seedOf(list.signature);
    let size = 0;
    for (const scanner = list.scan(); scanner.next();) size++;
    this.size = size;
    // At most half of the slots are taken.
    const count = 2 ** Math.ceil(Math.log2(Math.max(size, 1) * 2));
    this.mask = count - 1;
    this.slots = new Int32Array(count);
    const marks = new Uint8Array(count);
    this.marks = this.fill(marks) ? marks : undefined;
  }

  /**
   * Whether there is an entry with this serial number, whoever issued the certificate.
   *
   * @param serialNumber contents of the serial number's INTEGER
   */
  has(serialNumber: Uint8Array): boolean {
    return this.offsetOf(serialNumber) !== 0;
  }

  /**
   * The first entry with this serial number, as {@link CertificateRevocationList.find} answers it.
   *
   * @param serialNumber contents of the serial number's INTEGER
   * @throws {DerError} when the entry is malformed
   */
  find(serialNumber: Uint8Array): RevokedCertificate | undefined {
    const offset = this.offsetOf(serialNumber);
    return offset === 0 ? undefined : this.list.entryAt(offset);
  }

  /** Enters every entry; false: too many serial numbers share slots, or one is longer than a short length says. */
  private fill(marks: Uint8Array): boolean {
    const { octets, slots, mask, seed } = this;
    for (const scanner = this.list.scan(); scanner.next();) {
      const length = scanner.serialEnd - scanner.serialAt;
      if (length > MAX_SERIAL_OCTETS) return false;
      const code = hash(octets, scanner.serialAt, scanner.serialEnd, seed);
      let slot = code & mask;
      for (let probes = 0; marks[slot] !== 0; slot = slot + 1 & mask) if (++probes > MAX_PROBES) return false;
      slots[slot] = scanner.start;
      marks[slot] = markOf(code);
    }
    return true;
  }

  /** Offset of the entry, 0 when there is none. */
  private offsetOf(serialNumber: Uint8Array): number {
    const { octets, slots, marks, mask } = this;
    const { length } = serialNumber;
    if (marks === undefined) return this.walk(serialNumber);
    if (length > MAX_SERIAL_OCTETS) return 0;
    const code = hash(serialNumber, 0, length, this.seed);
    const mark = markOf(code);
    for (let slot = code & mask;; slot = slot + 1 & mask) {
      if (marks[slot] === 0) return 0;
      if (marks[slot] !== mark) continue;
      const start = slots[slot]!;
      const first = octets[start + 1]!;
      const serialAt = start + 4 + (first < 0x80 ? 0 : first & 0x7f);
      if (octets[serialAt - 1] === length && sameAt(octets, serialAt, serialAt + length, serialNumber)) return start;
    }
  }

  /** The same without the index. */
  private walk(serialNumber: Uint8Array): number {
    for (const scanner = this.list.scan(); scanner.next();) {
      if (sameAt(this.octets, scanner.serialAt, scanner.serialEnd, serialNumber)) return scanner.start;
    }
    return 0;
  }
}

/** Indexes a list. @throws {DerError} when an entry is malformed */
export function indexRevocationList(list: CertificateRevocationList): RevocationListIndex {
  return new RevocationListIndex(list);
}

/** Murmur3's steps (public domain) over the octets in groups of four. */
function hash(octets: Uint8Array, start: number, end: number, seed: number): number {
  let state = seed ^ end - start;
  let at = start;
  for (; at + 3 < end; at += 4) {
    state = step(state, octets[at]! | octets[at + 1]! << 8 | octets[at + 2]! << 16 | octets[at + 3]! << 24);
  }
  let rest = 0;
  for (; at < end; at++) rest = rest << 8 | octets[at]!;
  state = step(state, rest);
  state = Math.imul(state ^ state >>> 16, 0x85ebca6b);
  state = Math.imul(state ^ state >>> 13, 0xc2b2ae35);
  return state ^ state >>> 16;
}

/** The highest octet: the lowest ones choose the slot. Never 0. */
function markOf(code: number): number {
  return code >>> 24 || 1;
}

function step(state: number, word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  const next = state ^ Math.imul(mixed << 15 | mixed >>> 17, 0x1b873593);
  return Math.imul(next << 13 | next >>> 19, 5) + 0xe6546b64 | 0;
}

function seedOf(signature: Uint8Array): number {
  let seed = 0;
  for (let i = Math.max(0, signature.length - 8); i < signature.length; i++) seed = step(seed, signature[i]!);
  return seed;
}

/** With half of the slots free, a hundred neighbours in a row do not happen by chance. */
const MAX_PROBES = 256;

/** What a length of one octet can say. */
const MAX_SERIAL_OCTETS = 127;
