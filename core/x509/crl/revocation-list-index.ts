/**
 * An index over the serial numbers of a revocation list, made when many certificates are checked against one list.
 *
 * A hash table with open addresses, three slots for two entries, 25 octets a slot. Whoever asks waits for memory and
 * for little else, so a slot has everything in one place: the serial number itself and the offset of its entry in the
 * list, which is not looked at. An octet of each slot's hash stands in an array of its own that the processor's cache
 * can hold: a serial number that is not in the list is nearly always told by that octet.
 *
 * The hash begins with octets of the list's signature, which nobody who merely asks for certificates can foresee; an
 * issuer who makes serial numbers collide all the same, or whose serial numbers are longer than RFC 5280 §4.1.2.2
 * allows, gets a list that is searched without the index.
 *
 * @module
 */

import type { CertificateRevocationList } from "./certificate-revocation-list.ts";
import { sameAt } from "./entry-scanner.ts";
import type { RevokedCertificate } from "./revoked-certificate.ts";

/** Index of one list. */
export class RevocationListIndex {
  /** The list. */
  readonly list: CertificateRevocationList;
  /** How many entries the list has. */
  readonly size: number;
  private readonly seed: number;
  private readonly count: number;
  /** Of each slot, the offset of the entry and the five words of its serial number. */
  private readonly slots: Int32Array;
  /** An octet of the hash of each, 0 in free slots. */
  private readonly marks: Uint8Array;
  /** Whether all entries are there; false: the list has to be searched. */
  private readonly usable: boolean;

  /**
   * Makes the index: walks the list twice.
   *
   * @throws {DerError} when an entry is malformed
   */
  constructor(list: CertificateRevocationList) {
    this.list = list;
    this.seed = seedOf(list.signature);
    let size = 0;
    for (const scanner = list.scan(); scanner.next();) size++;
    this.size = size;
    this.count = Math.ceil(size * 1.5) + 1;
    this.slots = new Int32Array(this.count * SLOT_WORDS);
    this.marks = new Uint8Array(this.count);
    this.usable = this.fill();
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

  /** Enters every entry; false: too many serial numbers share slots, or one is too long. */
  private fill(): boolean {
    for (const scanner = this.list.scan(); scanner.next();) {
      const { octets, serialAt, serialEnd, start } = scanner;
      if (serialEnd - serialAt > MAX_SERIAL_OCTETS || this.look(octets, serialAt, serialEnd, start) < 0) return false;
    }
    return true;
  }

  /** Offset of the entry, 0 when there is none. */
  private offsetOf(serialNumber: Uint8Array): number {
    const { length } = serialNumber;
    if (!this.usable) return this.walk(serialNumber);
    // Not minimal: the words would be those of another number.
    if (length === 0 || length > MAX_SERIAL_OCTETS) return 0;
    if (length > 1 && (serialNumber[0]! + (serialNumber[1]! >> 7) & 0xff) === 0) return 0;
    return this.look(serialNumber, 0, length, 0);
  }

  /**
   * The offset of the entry with this serial number; if there is none, enters this one.
   *
   * @param entry offset of the entry to enter; 0: none
   * @returns 0 when there was none; -1 when there is no place for it
   */
  private look(octets: Uint8Array, from: number, to: number, entry: number): number {
    const { marks, slots, count } = this;
    const w0 = wordOf(octets, from, to);
    const w1 = wordOf(octets, from, to - 4);
    const w2 = wordOf(octets, from, to - 8);
    const w3 = wordOf(octets, from, to - 12);
    const w4 = wordOf(octets, from, to - 16);
    const code = step(step(step(step(step(this.seed, w0), w1), w2), w3), w4);
    const mark = code & 0xff || 1;
    // The highest bits choose the slot.
    let slot = Math.floor((code >>> 0) / 0x1_0000_0000 * count);
    for (let probes = 0; marks[slot] !== 0; slot = slot + 1 === count ? 0 : slot + 1) {
      const at = slot * SLOT_WORDS;
      if (
        marks[slot] === mark && slots[at + 1] === w0 && slots[at + 2] === w1 && slots[at + 3] === w2 &&
        slots[at + 4] === w3 && slots[at + 5] === w4
      ) return slots[at]!;
      if (entry !== 0 && ++probes > MAX_PROBES) return -1;
    }
    if (entry !== 0) {
      const at = slot * SLOT_WORDS;
      marks[slot] = mark;
      slots[at] = entry;
      slots[at + 1] = w0;
      slots[at + 2] = w1;
      slots[at + 3] = w2;
      slots[at + 4] = w3;
      slots[at + 5] = w4;
    }
    return 0;
  }

  /** The same without the index. */
  private walk(serialNumber: Uint8Array): number {
    for (const scanner = this.list.scan(); scanner.next();) {
      if (sameAt(this.list.der, scanner.serialAt, scanner.serialEnd, serialNumber)) return scanner.start;
    }
    return 0;
  }
}

/** Indexes a list. @throws {DerError} when an entry is malformed */
export function indexRevocationList(list: CertificateRevocationList): RevocationListIndex {
  return new RevocationListIndex(list);
}

/** Four octets of an INTEGER that begins at `from`, the last of them before `to`; what stands before it is its sign. */
function wordOf(octets: Uint8Array, from: number, to: number): number {
  if (to - from >= 4) return octets[to - 4]! << 24 | octets[to - 3]! << 16 | octets[to - 2]! << 8 | octets[to - 1]!;
  let word = octets[from]! >= 0x80 ? -1 : 0;
  for (let i = from; i < to; i++) word = word << 8 | octets[i]!;
  return word;
}

function step(state: number, word: number): number {
  const mixed = Math.imul(state ^ word, 0x85ebca6b);
  return mixed ^ mixed >>> 15;
}

function seedOf(signature: Uint8Array): number {
  const { length } = signature;
  return length < 8 ? 0 : step(wordOf(signature, 0, length), wordOf(signature, 0, length - 4));
}

/** With a third of the slots free, so many neighbours in a row do not happen by chance. */
const MAX_PROBES = 256;

/** RFC 5280 §4.1.2.2. */
const MAX_SERIAL_OCTETS = 20;

/** The offset, and five words of serial number. */
const SLOT_WORDS = 6;
