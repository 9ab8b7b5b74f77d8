/**
 * One signature by a key on a token, in the encoding of X.509.
 *
 * RSA by the mechanism that hashes, where the token has it, else by CKM_RSA_PKCS over a DigestInfo that is made here;
 * ECDSA always over a digest that is made here, because most tokens have CKM_ECDSA alone; ML-DSA over the message, pure
 * and with an empty context.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { ecdsaSignatureToDer } from "../../core/crypto/ecdsa-signature.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { CURVE_OCTETS, type NamedCurve, type PublicKey } from "../../core/crypto/public-key.ts";
import { signatureOctets } from "../../core/crypto/key-fit.ts";
import type { HashName, SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { verifySignature } from "../../core/sign/verify-signature.ts";
import { derNull, derObjectIdentifier, derOctetString, derSequence } from "../../core/der/writer.ts";
import { CKM } from "./constants.ts";
import { authenticateKey } from "./login.ts";
import type { PinStore } from "./pin-store.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";
import { TokenError } from "./token-error.ts";
import type { TokenSession } from "./token-session.ts";

/** A private key on an open token. */
export interface TokenKey {
  /** The token. */
  readonly token: TokenSession;
  /** CK_OBJECT_HANDLE, good as long as the token is open. */
  readonly handle: bigint;
  /** The key, as a URI without a PIN. */
  readonly uri: Pkcs11Uri;
  /** Whether it asks for a PIN at each signature (CKA_ALWAYS_AUTHENTICATE). */
  readonly alwaysAuthenticate: boolean;
}

/** What one signature is made with. */
export interface TokenSignatureOptions {
  /** What to sign with. */
  readonly algorithm: SignatureAlgorithm;
  /** The public key, as its lengths matter. */
  readonly publicKey: PublicKey;
  /** Hashes where the token does not. */
  readonly crypto: CryptoProvider;
  /** Where the PIN of a key that asks each time comes from. */
  readonly pins: PinStore;
}

/**
 * Signs the message in a session of its own.
 *
 * Secret: the PIN of a key that asks each time; the private key stays on the token.
 *
 * @throws {TokenError} `ERR_TOKEN_KEY_UNSUPPORTED`, `ERR_TOKEN_SIGNATURE`, or as `authenticateKey`
 * @throws {HsmError} what the token says
 */
export async function signOnToken(key: TokenKey, message: Bytes, options: TokenSignatureOptions): Promise<Bytes> {
  const { token, handle } = key;
  const { mechanism, data } = await prepare(key, message, options);
  const raw = await token.use(async (session) => {
    await token.cryptoki.signInit(session, { type: mechanism }, handle);
    if (key.alwaysAuthenticate) await authenticateKey(token.cryptoki, session, token.slot, key.uri, options.pins);
    return await token.cryptoki.sign(session, data);
  });
  const { publicKey, algorithm, crypto } = options;
  const length = publicKey.type === "ec" ? 2 * CURVE_OCTETS[publicKey.curve] : signatureOctets(publicKey);
  if (raw.length === length) return publicKey.type === "ec" ? ecdsaSignatureToDer(raw) : raw;
  const filled = withLeadingZeros(raw, length, publicKey);
  if (filled !== undefined && await verifySignature(crypto, algorithm, publicKey, message, filled)) return filled;
  const { label } = token.slot.token;
  const text = `Cannot sign: token "${label}" made ${raw.length} octets, a signature has ${length}`;
  throw new TokenError("ERR_TOKEN_SIGNATURE", text, { uri: String(key.uri), token: label });
}

/**
 * A shorter signature as what it may stand for, as some tokens leave out leading zeros: of RSA (RFC 8017 §8.2.1, step 2c),
 * or of both halves of ECDSA (PKCS#11 v3.1 §6.3.1).
 */
function withLeadingZeros(raw: Bytes, length: number | undefined, { type }: PublicKey): Bytes | undefined {
  if (length === undefined || raw.length === 0 || raw.length > length) return undefined;
  if (type === "ec") return raw.length % 2 === 0 ? ecdsaSignatureToDer(raw) : undefined;
  if (type !== "rsa") return undefined;
  const filled = new Uint8Array(length);
  filled.set(raw, length - raw.length);
  return filled;
}

async function prepare(
  { token, uri }: TokenKey,
  message: Bytes,
  { algorithm, publicKey, crypto }: TokenSignatureOptions,
): Promise<{ readonly mechanism: number; readonly data: Bytes }> {
  const has = await token.mechanisms();
  if (algorithm.scheme === "rsa-pkcs1" && publicKey.type === "rsa") {
    const hashing = hashingMechanism(algorithm.hash);
    if (hashing !== undefined && has.includes(hashing)) return { mechanism: hashing, data: message };
    const oid = HASH_OIDS[algorithm.hash];
    if (oid !== undefined && has.includes(CKM.RSA_PKCS)) {
      const digest = await crypto.digest(algorithm.hash, message);
      return { mechanism: CKM.RSA_PKCS, data: digestInfo(oid, digest) };
    }
  }
  if (algorithm.scheme === "ecdsa" && publicKey.type === "ec" && has.includes(CKM.ECDSA)) {
    return { mechanism: CKM.ECDSA, data: shorten(await crypto.digest(algorithm.hash, message), publicKey.curve) };
  }
  if (algorithm.scheme === "ml-dsa" && publicKey.type === "ml-dsa" && has.includes(CKM.ML_DSA)) {
    return { mechanism: CKM.ML_DSA, data: message };
  }
  const { label } = token.slot.token;
  const text = `Cannot sign: token "${label}" has no mechanism for ${algorithm.name}`;
  throw new TokenError("ERR_TOKEN_KEY_UNSUPPORTED", text, { uri: String(uri), token: label });
}

/** DigestInfo (RFC 8017 §9.2, step 2), parameters NULL. */
function digestInfo(oid: string, digest: Bytes): Bytes {
  return derSequence(derSequence(derObjectIdentifier(oid), derNull()), derOctetString(digest));
}

/** The leftmost bits of a digest that is longer than the curve's order (FIPS 186-5 §6.4.1, step 2): not all tokens do it. */
function shorten(digest: Bytes, curve: NamedCurve): Bytes {
  return digest.subarray(0, CURVE_OCTETS[curve]);
}

function hashingMechanism(hash: HashName): number | undefined {
  switch (hash) {
    case "SHA-256":
      return CKM.SHA256_RSA_PKCS;
    case "SHA-384":
      return CKM.SHA384_RSA_PKCS;
    case "SHA-512":
      return CKM.SHA512_RSA_PKCS;
    default:
      return undefined;
  }
}

const HASH_OIDS: { readonly [hash in HashName]?: string } = {
  "SHA-256": "2.16.840.1.101.3.4.2.1",
  "SHA-384": "2.16.840.1.101.3.4.2.2",
  "SHA-512": "2.16.840.1.101.3.4.2.3",
};
