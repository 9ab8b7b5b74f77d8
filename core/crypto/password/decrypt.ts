/**
 * Decryption with a password: PBES2 (RFC 8018 §6.2.2), Triple-DES and RC2 of PKCS#12 (RFC 7292 appendix C),
 * encrypted PEM.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { encodeUtf8 } from "../../bytes/text.ts";
import { wipe } from "../../bytes/wipe.ts";
import type { CryptoProvider } from "../provider.ts";
import { decryptTripleDesCbc } from "./des-ede3-cbc.ts";
import type { EncryptionScheme } from "./encryption-scheme.ts";
import { evpBytesToKey } from "./evp-bytes-to-key.ts";
import { deriveWithPkcs12, pkcs12Password } from "./pkcs12-derivation.ts";
import { decryptRc2Cbc } from "./rc2-cbc.ts";

/**
 * Decrypts and takes the padding off. A wrong password shows as `ERR_CRYPTO_DECIPHER` in all but one of some 250
 * cases for the CBC ciphers; in the others the result is random octets, which the caller must be able to tell.
 *
 * Secret: password and result. Best effort: the derived key is overwritten.
 *
 * @param password text, taken as UTF-8 (as UTF-16 for PKCS#12), or its octets; undefined: none at all, which PKCS#12
 * tells from the empty one
 * @throws {CryptoError} `ERR_CRYPTO_DECIPHER`, or what the provider says
 */
export async function decryptWithPassword(
  scheme: EncryptionScheme,
  password: string | Bytes | undefined,
  data: Bytes,
  crypto: CryptoProvider,
): Promise<Bytes> {
  const { derivation, cipher } = scheme;
  const length = cipher.keyLength;
  const secrets: Bytes[] = [];
  const kept = (secret: Bytes): Bytes => (secrets.push(secret), secret);
  const octets = password instanceof Uint8Array ? password : kept(encodeUtf8(password ?? ""));
  try {
    let key: Bytes;
    let iv = cipher.iv;
    switch (derivation.name) {
      case "PKCS#12": {
        const wide = kept(password === undefined ? new Uint8Array(0) : pkcs12Password(password));
        key = kept(await deriveWithPkcs12(PKCS12_KEY, wide, derivation, length, crypto));
        iv ??= await deriveWithPkcs12(PKCS12_IV, wide, derivation, 8, crypto);
        break;
      }
      case "EVP_BytesToKey":
        key = kept(evpBytesToKey(octets, derivation.salt, length));
        break;
      default:
        key = kept(await crypto.deriveKey({ ...derivation, length }, octets));
    }
    if (cipher.name === "RC2-CBC") return decryptRc2Cbc(key, 8 * length, iv!, data);
    if (cipher.name === "DES-EDE3-CBC") {
      return decryptTripleDesCbc(length === 24 ? key : kept(concatBytes([key, key.subarray(0, 8)])), iv!, data);
    }
    return await crypto.decipher(cipher, key, data);
  } finally {
    wipe(...secrets);
  }
}

/** The diversifiers ID of RFC 7292 §B.3. */
const PKCS12_KEY = 1;
const PKCS12_IV = 2;
