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
 * Secret: a signer keeps its sealing key, which opens stored sessions and from which no private key can be computed.
 */
export function sealingProvider(crypto: CryptoProvider, sha256: Sha256): CryptoProvider {
  return {
    ...crypto,
    importPrivateKey: async (key, algorithm): Promise<SealingSigner> => {
      const signer = await crypto.importPrivateKey(key, algorithm);
      const sealingKey = sealingKeyOf(key, sha256);
      return {
        algorithm: signer.algorithm,
        publicKey: signer.publicKey,
        sign: (message) => signer.sign(message),
        sealingKey: () => sealingKey.slice(),
      };
    },
  };
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
