/**
 * Loading private keys that may be encrypted.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { wipe } from "../bytes/wipe.ts";
import { decryptWithPassword } from "../crypto/password/decrypt.ts";
import type { EncryptionScheme } from "../crypto/password/encryption-scheme.ts";
import type { PrivateKey } from "../crypto/private-key.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { openSequence } from "../der/reader.ts";
import { readDekInfo } from "./dek-info.ts";
import { readEncryptionAlgorithm, requireWholeBlocks } from "./encryption-algorithm.ts";
import { KeyError, readingKey } from "./key-error.ts";
import { findPrivateKeys, type KeyEntry } from "./key-file.ts";
import { isEncrypted, parseKey } from "./private-key.ts";

/** What {@link loadPrivateKey} needs besides the file. */
export interface LoadPrivateKeyOptions {
  /** Derives and deciphers; what it lacks (scrypt in WebCrypto) is a `CryptoError` that names a remedy. */
  readonly crypto: CryptoProvider;
  /**
   * Decrypts the key: text, taken as UTF-8 without normalisation, or octets. The empty password is a password.
   * Default: none.
   */
  readonly password?: string | Bytes | undefined;
}

/**
 * Loads a private key of any form that {@link parsePrivateKey} reads, and its encrypted forms: PKCS#8 with PBES2
 * (RFC 8018 §6.2) or a Triple-DES or RC2 scheme of PKCS#12, and PEM with a DEK-Info field.
 *
 * With a password it is the first encrypted key of the file, without one the first that is not encrypted: a password
 * that decrypts nothing is a mistake to be told, not to be passed over.
 *
 * Secret: password and result. Best effort: decrypted octets and derived keys are overwritten after use.
 *
 * @throws {KeyError} with the codes of {@link parsePrivateKey} (except `ERR_KEY_ENCRYPTED`),
 * `ERR_KEY_PASSWORD_MISSING`, `ERR_KEY_PASSWORD_WRONG`, `ERR_KEY_NOT_ENCRYPTED`, or `ERR_KEY_LIMIT` when the file asks
 * for more iterations or memory than is accepted
 * @throws {CryptoError} when the provider lacks a hash, cipher or key derivation, or fails
 */
export async function loadPrivateKey(input: string | Bytes, options: LoadPrivateKeyOptions): Promise<PrivateKey> {
  const { crypto, password, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`"${name}" is not an option of loadPrivateKey`);
  if (password !== undefined && typeof password !== "string" && !(password instanceof Uint8Array)) {
    throw new TypeError('"password" must be a string or a Uint8Array');
  }
  const entries = findPrivateKeys(input);
  try {
    return await loadEntry(entries, password, crypto);
  } finally {
    wipe(...entries.map(({ octets }) => octets));
  }
}

async function loadEntry(
  entries: readonly KeyEntry[],
  password: string | Bytes | undefined,
  crypto: CryptoProvider,
): Promise<PrivateKey> {
  const entry = entries.find((candidate) => isEncrypted(candidate) === (password !== undefined));
  if (entry !== undefined) {
    return password === undefined ? parseKey(entry.form, entry.octets) : await decryptKey(entry, password, crypto);
  }
  if (password !== undefined) {
    const state = "a password is given, but the key is not encrypted";
    throw new KeyError("ERR_KEY_NOT_ENCRYPTED", "private key", state);
  }
  // Nobody is asked for the password of a key that no password opens here.
  readEncrypted(entries[0]!);
  throw new KeyError("ERR_KEY_PASSWORD_MISSING", "private key", "it is encrypted, and no password is given");
}

async function decryptKey(entry: KeyEntry, password: string | Bytes, crypto: CryptoProvider): Promise<PrivateKey> {
  const { scheme, data } = readEncrypted(entry);
  let octets: Bytes | undefined;
  try {
    octets = await decryptWithPassword(scheme, password, data, crypto);
    return parseKey(entry.form, octets);
  } catch (cause) {
    // A wrong password shows as wrong padding, or by chance as right padding around octets that are no key. The code
    // tells, not the class: the provider may come from another copy of this package.
    const code = (cause as { readonly code?: unknown }).code;
    if (code !== "ERR_CRYPTO_DECIPHER" && code !== "ERR_KEY_MALFORMED") throw cause;
    const layer = entry.dekInfo === undefined ? "PKCS#8" : "PEM";
    throw new KeyError("ERR_KEY_PASSWORD_WRONG", "private key", `the ${layer} password is wrong`, { cause });
  } finally {
    wipe(octets);
  }
}

interface Encrypted {
  readonly scheme: EncryptionScheme;
  readonly data: Bytes;
}

/** Reads how the key is encrypted, and demands whole blocks. */
function readEncrypted(entry: KeyEntry): Encrypted {
  const encrypted = entry.dekInfo === undefined
    ? readingKey("private key", () => readEncryptedPrivateKeyInfo(entry.octets))
    : { scheme: readDekInfo(entry.dekInfo), data: entry.octets };
  requireWholeBlocks(encrypted.scheme, encrypted.data);
  return encrypted;
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3). */
function readEncryptedPrivateKeyInfo(octets: Bytes): Encrypted {
  const reader = openSequence(octets, "EncryptedPrivateKeyInfo");
  const scheme = readEncryptionAlgorithm(reader, "EncryptedPrivateKeyInfo.encryptionAlgorithm");
  const data = reader.octetString("EncryptedPrivateKeyInfo.encryptedData");
  reader.finish("EncryptedPrivateKeyInfo");
  return { scheme, data };
}
