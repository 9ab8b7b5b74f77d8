/**
 * Identifiers that the emulator gives: of requests, resources, roles and access keys.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Random } from "../../core/ports.ts";
import { randomUuid } from "./uuid.ts";

/** Draws identifiers from one source of octets. */
export class Identifiers {
  readonly #random: Random;

  /** @param random secure octets; for tests that compare: octets that repeat from run to run */
  constructor(random: Random) {
    this.#random = random;
  }

  /** A UUID (RFC 9562 §5.4). */
  uuid(): string {
    return randomUuid(this.#random);
  }

  /** A unique id of IAM: a prefix, `AROA` for instance, and `length` letters and digits of base 32. */
  unique(prefix: string, length: number): string {
    return prefix + Array.from(this.#random(length), (octet) => BASE32[octet & 31]!).join("");
  }

  /** A serial number: 16 octets, positive, and as long as it looks (RFC 5280 §4.1.2.2). */
  serialNumber(): Bytes {
    const octets = this.#random(16);
    octets[0] = (octets[0]! & 0x7f) | 0x40;
    return octets;
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
