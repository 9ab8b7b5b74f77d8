/**
 * The key that sessions are sealed with before they are stored, derived of the private key that they were made with: who
 * can open them could have made them.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { wipe } from "../bytes/wipe.ts";
import { hkdfSha256 } from "../crypto/hkdf.ts";
import { encodePkcs8 } from "../crypto/pkcs8-encoding.ts";
import type { PrivateKey } from "../crypto/private-key.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import type { Signer } from "../crypto/signer.ts";
import { ecPublicKey, rsaPublicKey } from "../crypto/spki-encoding.ts";
import type { SessionIdentity } from "../session/request.ts";

/** A signer that may have a key to seal with. */
export interface SealingSigner extends Signer {
  /**
   * The key to seal with, 32 octets, a copy each time; absent when there is none, as of a private key that stays in a
   * device.
   *
   * Secret: the answer.
   */
  readonly sealingKey?: (() => Bytes) | undefined;
  /**
   * Proves that the private key is usable and belongs to the public one, where that was put off; absent: it is proven. It
   * fails as the import would have failed.
   */
  readonly prove?: (() => Promise<void>) | undefined;
}

/** An identity whose sessions can be sealed if its signer has a key for that. */
export interface SealingIdentity extends SessionIdentity {
  /** Signs, and may have a key to seal with. */
  readonly signer: SealingSigner;
}

/**
 * The same provider, whose signers of imported private keys have a sealing key: identities that are made with it can share
 * sessions.
 *
 * Secret: a signer keeps its sealing key, which opens stored sessions and from which no private key can be computed; when
 * the proof is put off it keeps the private key until then.
 *
 * @param proof when the provider proves a key: `"put-off"` is for who may never sign, because it finds a session; then the
 * public key is what the file says, for RSA and for elliptic-curve keys that bring it
 */
export function sealingProvider(
  crypto: CryptoProvider,
  sha256: Sha256,
  proof: "at-once" | "put-off" = "at-once",
): CryptoProvider {
  return {
    ...crypto,
    importPrivateKey: async (key, algorithm): Promise<SealingSigner> => {
      const sealingKey = sealingKeyOf(key, sha256);
      const claimed = proof === "put-off" ? claimedPublicKey(key) : undefined;
      let imported: Promise<Signer> | undefined;
      const signer = () => imported ??= Promise.resolve(crypto.importPrivateKey(key, algorithm));
      const publicKey = claimed ?? (await signer()).publicKey;
      return {
        algorithm,
        publicKey,
        sign: async (message) => await (await signer()).sign(message),
        sealingKey: () => sealingKey.slice(),
        ...(claimed === undefined ? {} : { prove: async () => void await signer() }),
      };
    },
  };
}

/**
 * The same signer with a sealing key, where its signatures are always the same (RSASSA-PKCS1-v1_5): HKDF-SHA-256 of its
 * signature of a text that is signed for nothing else. Without one where they are not. For private keys that stay in a device.
 *
 * Secret: the signature, which opens stored sessions: whoever can make it could have made them.
 */
export async function sealedBySignature(signer: Signer, sha256: Sha256): Promise<SealingSigner> {
  const { algorithm, publicKey } = signer;
  if (algorithm.scheme !== "rsa-pkcs1") return signer;
  const signature = await signer.sign(encodeUtf8(SEALED_TEXT));
  const sealingKey = sealingKeyOfSecret(signature, sha256);
  wipe(signature);
  return {
    algorithm,
    publicKey,
    sign: (message) => signer.sign(message),
    sealingKey: () => sealingKey.slice(),
  };
}

const SEALED_TEXT = "anyrole sealed session 1: key of a device, derived of its signature of this text";

/** SubjectPublicKeyInfo as the key itself states it; undefined where it would have to be computed. */
function claimedPublicKey(key: PrivateKey): Bytes | undefined {
  if (key.type === "rsa") return rsaPublicKey(key).spki;
  if (key.type !== "ec" || key.point === undefined) return undefined;
  try {
    return ecPublicKey({ curve: key.curve, point: key.point }).spki;
  } catch {
    return undefined; // It is no such point: the import says so.
  }
}

/**
 * The sealing key of a private key that is at hand: HKDF-SHA-256 of its PKCS#8 octets.
 *
 * Secret: the key and the result. Best effort: the PKCS#8 octets are overwritten.
 */
export function sealingKeyOf(key: PrivateKey, sha256: Sha256): Bytes {
  const pkcs8 = encodePkcs8(key);
  const derived = sealingKeyOfSecret(pkcs8, sha256);
  wipe(pkcs8);
  return derived;
}

/**
 * The sealing key of any secret of at least 16 octets.
 *
 * Secret: argument and result.
 *
 * @throws {RangeError} when the secret is shorter
 */
export function sealingKeyOfSecret(secret: Bytes, sha256: Sha256): Bytes {
  if (secret.length < 16) throw new RangeError('"secret" must have at least 16 octets; it is a key, not a password');
  return hkdfSha256(sha256, secret, { info: encodeUtf8("anyrole sealed session 1: AES-256-GCM"), length: 32 });
}
