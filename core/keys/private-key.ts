/**
 * Reading unencrypted private keys, whatever their encoding.
 *
 * Nothing here reaches the code that decrypts: a program whose keys are in the clear does not carry it.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { wipe } from "../bytes/wipe.ts";
import type { PrivateKey } from "../crypto/private-key.ts";
import { parseEcPrivateKey } from "./ec-private-key.ts";
import { KeyError, readingKey } from "./key-error.ts";
import { findPrivateKeys, type KeyEntry, type KeyForm } from "./key-file.ts";
import { parsePkcs8 } from "./pkcs8.ts";
import { parseRsaPrivateKey } from "./rsa-private-key.ts";

/**
 * Reads the first unencrypted private key of a file: PKCS#8, PKCS#1 or SEC 1, in PEM or DER.
 *
 * PEM may hold certificates, parameters and other blocks around the key, in any order. A string is PEM text or the
 * base64 of DER, octets are DER or PEM text. Read are RSA of two primes from 1024 bits, P-256, P-384 and P-521 as
 * named curves, and ML-DSA-44, -65 and -87 as seed, expanded key or both. The result shares no memory with the input.
 *
 * Secret: the result, and every copy of the input that the caller or the engine keeps. Best effort: decoded octets are
 * overwritten after use.
 *
 * @throws {KeyError} `ERR_KEY_ENCRYPTED` when all its keys are encrypted (use `loadPrivateKey`), or another code
 */
export function parsePrivateKey(input: string | Bytes): PrivateKey {
  const entries = findPrivateKeys(input);
  const entry = entries.find((candidate) => !isEncrypted(candidate));
  if (entry === undefined) {
    throw new KeyError("ERR_KEY_ENCRYPTED", "private key", "it is encrypted; load it with its password");
  }
  try {
    return parseKey(entry.form, entry.octets);
  } finally {
    wipe(...entries.map(({ octets }) => octets));
  }
}

/** Whether reading the entry takes a password. */
export function isEncrypted(entry: KeyEntry): boolean {
  return entry.form === "encrypted-pkcs8" || entry.dekInfo !== undefined;
}

/**
 * Reads the octets of one key that is not, or no longer, encrypted.
 *
 * Secret: the result.
 *
 * @throws {KeyError} when they are not one
 */
export function parseKey(form: KeyForm, octets: Bytes): PrivateKey {
  return readingKey("private key", () => {
    if (form === "pkcs1") return parseRsaPrivateKey(octets);
    return form === "sec1" ? parseEcPrivateKey(octets) : parsePkcs8(octets);
  });
}
