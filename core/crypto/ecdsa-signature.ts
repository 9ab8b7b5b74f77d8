/**
 * The two encodings of an ECDSA signature: r ‖ s, as WebCrypto and IEEE P1363 write it, and the DER
 * `SEQUENCE { r INTEGER, s INTEGER }` of X.509 (RFC 3279 §2.2.3).
 *
 * Public: signatures are public; variable time.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { openSequence } from "../der/reader.ts";
import { INTEGER, SEQUENCE } from "../der/tag.ts";
import { CryptoError } from "./crypto-error.ts";

/**
 * Encodes r ‖ s as DER.
 *
 * @param raw r and s, unsigned big-endian, half of the octets each
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_SIGNATURE_ENCODING` when the halves are empty, of different length, or
 * longer than those of P-521
 */
export function ecdsaSignatureToDer(raw: Uint8Array): Bytes {
  if (raw.length === 0 || raw.length % 2 !== 0 || raw.length > MAX_RAW_OCTETS) {
    throw new CryptoError(
      "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING",
      "ECDSA signature encoding",
      `Cannot encode ECDSA signature: ${raw.length} octets are not two integers of equal length`,
    );
  }
  // Every signature of a session passes here: the octets are put into their places without arrays between.
  const half = raw.length / 2;
  const r = integerStart(raw, 0, half);
  const s = integerStart(raw, half, raw.length);
  const rLength = half - r;
  const sLength = raw.length - s;
  const length = 4 + rLength + sLength;
  const der = new Uint8Array((length < 0x80 ? 2 : 3) + length);
  let at = 0;
  der[at++] = SEQUENCE;
  if (length >= 0x80) der[at++] = 0x81;
  der[at++] = length;
  der[at++] = INTEGER;
  der[at++] = rLength;
  for (let i = r; i < half; i++) der[at++] = i < 0 ? 0 : raw[i]!;
  der[at++] = INTEGER;
  der[at++] = sLength;
  for (let i = s; i < raw.length; i++) der[at++] = i < half ? 0 : raw[i]!;
  return der;
}

/** r and s of P-521: the length of their DER takes one octet, in the long form. */
const MAX_RAW_OCTETS = 132;

/** Where a minimal INTEGER of the octets begins; one before `from` when a zero octet must stand in front. */
function integerStart(octets: Uint8Array, from: number, to: number): number {
  let start = from;
  while (start < to - 1 && octets[start] === 0) start++;
  return octets[start]! & 0x80 ? start - 1 : start;
}

/**
 * Decodes a DER signature, strictly: minimal lengths, minimal non-negative integers, nothing left over. Whether r and
 * s lie between 1 and n - 1 is the verifier's question.
 *
 * @param curveOctets octets of r and of s: `CURVE_OCTETS` of the key's curve
 * @returns r ‖ s, each as long as `curveOctets`
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_SIGNATURE_ENCODING`, with the `DerError` as its cause
 */
export function ecdsaSignatureFromDer(der: Bytes, curveOctets: number): Bytes {
  try {
    // Two INTEGERs with a sign octet each, in three headers of at most three octets.
    const integers = openSequence(der, "ECDSA signature", 2 * (curveOctets + 1) + 9);
    const r = integers.unsignedInteger("ECDSA signature r");
    const s = integers.unsignedInteger("ECDSA signature s");
    integers.finish("ECDSA signature");
    return concatBytes([widen(r, curveOctets), widen(s, curveOctets)]);
  } catch (cause) {
    throw new CryptoError(
      "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING",
      "ECDSA signature decoding",
      "Cannot decode ECDSA signature: it is not a DER SEQUENCE of two integers that fit the curve",
      { cause },
    );
  }
}

function widen(integer: Bytes, octets: number): Bytes {
  if (integer.length > octets) throw new RangeError(`an integer of ${integer.length} octets, at most ${octets} fit`);
  const wide = new Uint8Array(octets);
  wide.set(integer, octets - integer.length);
  return wide;
}
