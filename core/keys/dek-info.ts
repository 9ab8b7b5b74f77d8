/**
 * DEK-Info, the header field that says how PEM is encrypted (RFC 1421 §4.6.1.3, with OpenSSL's cipher names).
 *
 * @module
 */

import { decodeHex } from "../bytes/hex.ts";
import type { EncryptionScheme } from "../crypto/password/encryption-scheme.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";

/**
 * Reads `AES-256-CBC,0123…`: a cipher, and the initialisation vector, whose first eight octets are the salt as well.
 *
 * @throws {KeyError} `ERR_KEY_MALFORMED` or `ERR_KEY_UNSUPPORTED`
 */
export function readDekInfo(field: string): EncryptionScheme {
  const match = /^([A-Za-z0-9-]{1,32})\s*,\s*([0-9A-Fa-f]*)$/.exec(field);
  const iv = match === null ? undefined : decodeHex(match[2]!);
  if (match === null || iv === undefined) {
    const state = field === "" ? "the DEK-Info field is missing" : "the DEK-Info field is not a cipher and hexadecimal";
    throw new KeyError("ERR_KEY_MALFORMED", "private key", state);
  }
  const name = match[1]!.toUpperCase();
  const cipher = name === "DES-EDE3-CBC"
    ? { name, keyLength: 24 as const, iv } as const
    : AES[name] && { name: "AES-CBC" as const, keyLength: AES[name], iv };
  if (cipher === undefined) throw unsupportedKey("private key", `PEM encryption with ${name}`);
  if (iv.length !== (cipher.name === "AES-CBC" ? 16 : 8)) {
    throw new KeyError("ERR_KEY_MALFORMED", "private key", `the DEK-Info field has ${iv.length} octets for ${name}`);
  }
  return { derivation: { name: "EVP_BytesToKey", salt: iv.subarray(0, 8) }, cipher };
}

const AES: Readonly<Record<string, 16 | 24 | 32>> = { "AES-128-CBC": 16, "AES-192-CBC": 24, "AES-256-CBC": 32 };
