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
import { derSequence, derUnsignedInteger } from "../der/writer.ts";
import { CryptoError } from "./crypto-error.ts";

/**
 * Encodes r ‖ s as DER.
 *
 * @param raw r and s, unsigned big-endian, half of the octets each
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_SIGNATURE_ENCODING` when the halves are empty or of different length
 */
export function ecdsaSignatureToDer(raw: Uint8Array): Bytes {
  if (raw.length === 0 || raw.length % 2 !== 0) {
    throw new CryptoError(
      "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING",
      "ECDSA signature encoding",
      `Cannot encode ECDSA signature: ${raw.length} octets are not two integers of equal length`,
    );
  }
  const half = raw.length / 2;
  return derSequence(derUnsignedInteger(raw.subarray(0, half)), derUnsignedInteger(raw.subarray(half)));
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
