/**
 * AES-CBC with PKCS#7 padding (NIST SP 800-38A §6.2, RFC 5652 §6.3) and AES-GCM (NIST SP 800-38D) without a platform.
 *
 * Best effort: AES runs on tables, whose cache use depends on the key; keep these functions for keys in files.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { constantTimeEqual } from "../../bytes/constant-time.ts";
import { wipe } from "../../bytes/wipe.ts";
import { CryptoError } from "../crypto-error.ts";
import type { Cipher } from "../provider.ts";
import { cbc, gcm } from "./noble/ciphers.ts";

/**
 * Decrypts.
 *
 * Secret: key and result. Best effort: see the module; the padding check reads every octet that could be padding.
 *
 * @param key 16, 24 or 32 octets
 * @param data ciphertext; with AES-GCM the tag behind it
 * @throws {CryptoError} `ERR_CRYPTO_DECIPHER` when padding or tag are wrong or a length is impossible,
 * `ERR_CRYPTO_INVALID_KEY` for another key length, `ERR_CRYPTO_UNSUPPORTED` for GCM with an IV below 8 octets or a tag
 * of other than 96, 104, 112, 120 or 128 bits
 */
export function decipher(cipher: Cipher, key: Bytes, data: Bytes): Bytes {
  checkKey(cipher.name, key);
  return cipher.name === "AES-CBC" ? openCbc(key, cipher.iv, data) : openGcm(cipher, key, data);
}

/**
 * Encrypts with AES-GCM, the tag of 16 octets behind the ciphertext.
 *
 * Secret: key and plaintext. Best effort: see the module.
 *
 * @param iv 8 octets or more; 12 is the usual length; never twice with one key
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` or `ERR_CRYPTO_UNSUPPORTED`
 */
export function seal(key: Bytes, iv: Bytes, plaintext: Bytes, additionalData?: Bytes): Bytes {
  checkKey("AES-GCM", key);
  checkGcm(iv, 16);
  return gcm(key, iv, additionalData).encrypt(plaintext);
}

function openCbc(key: Bytes, iv: Bytes, data: Bytes): Bytes {
  if (iv.length !== 16) failDecipher("AES-CBC", `the IV has ${iv.length} octets, not 16`);
  if (data.length === 0 || data.length % 16 !== 0) {
    failDecipher("AES-CBC", "the data is not a number of whole blocks");
  }
  const padded = cbc(key, iv, { disablePadding: true }).decrypt(data);
  const count = padded[padded.length - 1]!;
  let wrong = (count - 1 | 16 - count) >> 8; // negative unless count is 1 … 16
  for (let i = 0; i < 16; i++) {
    const counts = (i - count) >> 8; // all ones while octet i from the end is padding
    wrong |= counts & (padded[padded.length - 1 - i]! ^ count);
  }
  if (wrong !== 0) {
    wipe(padded);
    failDecipher("AES-CBC", "the padding is wrong: a wrong password or damaged data");
  }
  const plaintext = padded.slice(0, padded.length - count);
  wipe(padded);
  return plaintext;
}

function openGcm(cipher: Extract<Cipher, { name: "AES-GCM" }>, key: Bytes, data: Bytes): Bytes {
  const { iv, additionalData } = cipher;
  const tagLength = (cipher.tagLength ?? 128) / 8;
  checkGcm(iv, tagLength);
  if (data.length < tagLength) failDecipher("AES-GCM", "the data is shorter than the tag");
  const ciphertext = data.slice(0, data.length - tagLength);
  // Counter mode is its own inverse; sealing the plaintext again gives the whole tag, to compare what there is of it.
  const plaintext = gcm(key, iv).encrypt(ciphertext).slice(0, ciphertext.length);
  const tag = gcm(key, iv, additionalData).encrypt(plaintext).subarray(plaintext.length);
  if (!constantTimeEqual(tag.subarray(0, tagLength), data.subarray(ciphertext.length))) {
    wipe(plaintext);
    failDecipher("AES-GCM", "the tag is wrong: a wrong key or damaged data");
  }
  return plaintext;
}

function checkKey(name: Cipher["name"], key: Bytes): void {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new CryptoError(
      "ERR_CRYPTO_INVALID_KEY",
      name,
      `Cannot import ${name} key: it has ${key.length} octets, not 16, 24 or 32`,
    );
  }
}

function checkGcm(iv: Bytes, tagLength: number): void {
  if (iv.length < 8 || !Number.isInteger(tagLength) || tagLength < 12 || tagLength > 16) {
    throw new CryptoError(
      "ERR_CRYPTO_UNSUPPORTED",
      "AES-GCM",
      `Cannot use AES-GCM: IV of ${iv.length} octets, tag of ${
        8 * tagLength
      } bits; at least 8, and 96 to 128, are wanted`,
    );
  }
}

function failDecipher(name: Cipher["name"], state: string): never {
  throw new CryptoError("ERR_CRYPTO_DECIPHER", `${name} decipher`, `Cannot decipher with ${name}: ${state}`);
}
