/**
 * The encodings of a message that RSA signs (RFC 8017 §9): EMSA-PKCS1-v1_5 and EMSA-PSS.
 *
 * Public: message, digest and encoded message of a signature are public; variable time.
 *
 * @module
 */

import { type Bytes, concatBytes, equalBytes } from "../bytes/bytes.ts";
import { decodeHex } from "../bytes/hex.ts";
import { HASH_OCTETS } from "./hash-octets.ts";
import type { HashName, PssAlgorithm } from "./signature-algorithm.ts";
import type { Awaitable } from "./signer.ts";

/** Hashes octets; `CryptoProvider.digest` fits. */
export type Digest = (hash: HashName, data: Bytes) => Awaitable<Bytes>;

/**
 * EMSA-PKCS1-v1_5 (RFC 8017 §9.2): 00 01 FF … FF 00 ‖ DigestInfo.
 *
 * @param length octets of the modulus
 * @returns undefined when the modulus is too short for the hash
 */
export function encodePkcs1(hash: HashName, digest: Bytes, length: number): Bytes | undefined {
  const info = concatBytes([decodeHex(DIGEST_INFO[hash])!, digest]);
  if (length < info.length + 11) return undefined;
  const encoded = new Uint8Array(length).fill(0xff);
  encoded[0] = 0;
  encoded[1] = 1;
  encoded[length - info.length - 1] = 0;
  encoded.set(info, length - info.length);
  return encoded;
}

/**
 * EMSA-PSS-VERIFY (RFC 8017 §9.1.2), with exactly the algorithm's salt length.
 *
 * @param encoded the encoded message EM: ceil(bits / 8) octets
 * @param bits emBits: one less than the bits of the modulus
 */
export function verifyPss(
  algorithm: PssAlgorithm,
  encoded: Bytes,
  bits: number,
  message: Bytes,
  digest: Digest,
): Awaitable<boolean> {
  const { hash, mgfHash, saltLength } = algorithm;
  const hashOctets = HASH_OCTETS[hash];
  const maskedLength = encoded.length - hashOctets - 1;
  if (maskedLength < saltLength + 1 || encoded[encoded.length - 1] !== 0xbc) return false;
  // Bits of the first octet that the modulus leaves unused: none to seven.
  const unused = (0xff << (bits - 8 * (encoded.length - 1))) & 0xff;
  if ((encoded[0]! & unused) !== 0) return false;
  const expected = encoded.subarray(maskedLength, maskedLength + hashOctets);

  const blocks: Awaitable<Bytes>[] = [];
  for (let counter = 0; counter * HASH_OCTETS[mgfHash] < maskedLength; counter++) {
    // MGF1 (RFC 8017 §B.2.1); the counter stays below 2^16: a modulus has at most 2,048 octets.
    blocks.push(digest(mgfHash, concatBytes([expected, Uint8Array.of(0, 0, counter >> 8, counter & 0xff)])));
  }
  return whenAll([digest(hash, message), ...blocks], ([messageHash, ...mask]) => {
    const block = concatBytes(mask);
    for (let i = 0; i < maskedLength; i++) block[i]! ^= encoded[i]!;
    block[0]! &= ~unused;
    const zeros = maskedLength - saltLength - 1;
    for (let i = 0; i < zeros; i++) if (block[i] !== 0) return false;
    if (block[zeros] !== 1) return false;
    const salt = block.subarray(zeros + 1, maskedLength);
    const salted = concatBytes([new Uint8Array(8), messageHash!, salt]);
    return whenAll([digest(hash, salted)], ([found]) => equalBytes(found!, expected));
  });
}

/** Calls `next` with the values: at once when all are there, otherwise when the last has come. */
export function whenAll<Result>(
  values: readonly Awaitable<Bytes>[],
  next: (values: readonly Bytes[]) => Awaitable<Result>,
): Awaitable<Result> {
  return values.some((value) => "then" in value) ? Promise.all(values).then(next) : next(values as readonly Bytes[]);
}

// DER of DigestInfo up to the digest (RFC 8017 §9.2, note 1), parameters NULL.
const DIGEST_INFO: { readonly [hash in HashName]: string } = {
  "SHA-1": "3021300906052b0e03021a05000414",
  "SHA-224": "302d300d06096086480165030402040500041c",
  "SHA-256": "3031300d060960864801650304020105000420",
  "SHA-384": "3041300d060960864801650304020205000430",
  "SHA-512": "3051300d060960864801650304020305000440",
};
