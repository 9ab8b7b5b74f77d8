/**
 * The MAC of a PKCS#12 file: MacData (RFC 7292 §4) with HMAC keyed by the derivation of its appendix B, or PBMAC1
 * (RFC 9579).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { constantTimeEqual } from "../bytes/constant-time.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { wipe } from "../bytes/wipe.ts";
import { HASH_OCTETS } from "../crypto/hash-octets.ts";
import { hmac } from "../crypto/password/hmac.ts";
import { deriveWithPkcs12, pkcs12Password } from "../crypto/password/pkcs12-derivation.ts";
import type { CryptoProvider, KeyDerivation } from "../crypto/provider.ts";
import type { HashName } from "../crypto/signature-algorithm.ts";
import type { DerReader } from "../der/reader.ts";
import { MAX_PKCS12_ITERATIONS, readHmac, readIterations, readKeyDerivation } from "./encryption-algorithm.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";

/** How a file is authenticated. */
export interface Pkcs12Mac {
  /** Makes the key of the password. */
  readonly derivation:
    | { readonly name: "PKCS#12"; readonly salt: Bytes; readonly iterations: number }
    | Exclude<KeyDerivation, { readonly name: "scrypt" }>;
  /** Of the HMAC. */
  readonly hash: HashName;
  /** The value to compare with. */
  readonly value: Bytes;
}

/**
 * Reads MacData.
 *
 * @throws {DerError} when it is not that
 * @throws {KeyError} `ERR_KEY_UNSUPPORTED`, `ERR_KEY_INVALID` or `ERR_KEY_LIMIT`
 */
export function readPkcs12Mac(macData: DerReader): Pkcs12Mac {
  const digestInfo = macData.sequence("MacData.mac");
  const algorithm = digestInfo.sequence("MacData.mac.digestAlgorithm");
  const oid = algorithm.objectIdentifier("MacData.mac.digestAlgorithm.algorithm");
  const hash = DIGESTS[oid];
  if (hash === undefined && oid !== PBMAC1) throw unsupportedKey("private key", `the MAC algorithm ${oid}`);
  const parameters = hash === undefined ? algorithm.sequence("PBMAC1-params") : undefined;
  if (parameters === undefined && !algorithm.done) algorithm.null("MacData.mac.digestAlgorithm.parameters");
  algorithm.finish("MacData.mac.digestAlgorithm");
  const value = digestInfo.octetString("MacData.mac.digest");
  digestInfo.finish("MacData.mac");
  const salt = macData.octetString("MacData.macSalt");
  const iterations = macData.done ? 1 : readIterations(macData, "MacData.iterations", MAX_PKCS12_ITERATIONS);
  macData.finish("MacData");
  // RFC 9579 §3: macSalt and iterations are not used then.
  const mac: Pkcs12Mac = parameters === undefined
    ? { derivation: { name: "PKCS#12", salt, iterations }, hash: hash!, value }
    : { ...readPbmac1(parameters), value };
  if (value.length !== HASH_OCTETS[mac.hash]) {
    throw new KeyError("ERR_KEY_INVALID", "private key", `its MAC has ${value.length} octets for ${mac.hash}`);
  }
  return mac;
}

/** PBMAC1-params (RFC 8018 appendix A.5) as RFC 9579 §5 narrows them. */
function readPbmac1(parameters: DerReader): Omit<Pkcs12Mac, "value"> {
  const kdf = parameters.sequence("PBMAC1-params.keyDerivationFunc");
  const { derivation, keyLength } = readKeyDerivation(kdf);
  kdf.finish("PBMAC1-params.keyDerivationFunc");
  const hash = readHmac(parameters, "PBMAC1-params.messageAuthScheme");
  parameters.finish("PBMAC1-params");
  if (derivation.name !== "PBKDF2") throw unsupportedKey("private key", `PBMAC1 with ${derivation.name}`);
  if (keyLength === undefined || keyLength < MIN_PBMAC1_KEY) {
    const state = `its PBMAC1 key has ${
      keyLength ?? "an unstated number of"
    } octets, at least ${MIN_PBMAC1_KEY} are needed`;
    throw new KeyError("ERR_KEY_INVALID", "private key", state);
  }
  return { derivation: { ...derivation, length: keyLength }, hash };
}

/**
 * Whether the password makes the MAC.
 *
 * Secret: password. Best effort: the derived key is overwritten, the comparison takes constant time.
 *
 * @param password undefined: none at all, which the derivation of PKCS#12 tells from the empty one
 */
export async function verifyPkcs12Mac(
  { derivation, hash, value }: Pkcs12Mac,
  password: string | Bytes | undefined,
  authenticated: Bytes,
  crypto: CryptoProvider,
): Promise<boolean> {
  const secrets: Bytes[] = [];
  const kept = (secret: Bytes): Bytes => (secrets.push(secret), secret);
  try {
    let key: Bytes;
    if (derivation.name === "PKCS#12") {
      const wide = kept(password === undefined ? new Uint8Array(0) : pkcs12Password(password));
      key = kept(await deriveWithPkcs12(PKCS12_MAC_KEY, wide, { ...derivation, hash }, HASH_OCTETS[hash], crypto));
    } else {
      const octets = password instanceof Uint8Array ? password : kept(encodeUtf8(password ?? ""));
      key = kept(await crypto.deriveKey(derivation, octets));
    }
    return constantTimeEqual(await hmac(hash, key, authenticated, crypto), value);
  } finally {
    wipe(...secrets);
  }
}

/** The diversifier ID of RFC 7292 §B.3. */
const PKCS12_MAC_KEY = 3;

/** RFC 9579 §5: implementations must not accept keys of less, in octets. */
const MIN_PBMAC1_KEY = 20;

const PBMAC1 = "1.2.840.113549.1.5.14";

const DIGESTS: Readonly<Record<string, HashName>> = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
