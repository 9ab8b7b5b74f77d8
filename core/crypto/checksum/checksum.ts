/**
 * What a checksum of a stream is: something that takes octets piece by piece.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";

/** The checksum of the octets so far. */
export interface Checksum {
  /** Takes the next piece; its octets may change when the call has returned. */
  update(piece: Bytes): void;
  /** The checksum, big-endian. Ends it. */
  digest(): Bytes;
}

/** An algorithm that makes them. */
export interface ChecksumAlgorithm {
  /** As `x-amz-sdk-checksum-algorithm` names it. */
  readonly name: "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";
  /** Octets of the checksum. */
  readonly octets: number;
  /** Begins one. */
  create(): Checksum;
}
