/**
 * Signers of keys that software holds, in whatever form a key comes.
 *
 * Nothing here reaches the code that decrypts keys: `loadSoftwareSigner` does.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { PrivateKey } from "../crypto/private-key.ts";
import type { CryptoProvider, PlatformKey } from "../crypto/provider.ts";
import { sessionAlgorithm, type SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import type { Signer } from "../crypto/signer.ts";
import { parseJwk } from "../keys/jwk.ts";
import { parsePrivateKey } from "../keys/private-key.ts";
import type { Certificate } from "../x509/certificate.ts";
import { readCertificates } from "../x509/read-certificates.ts";

/** A private JSON Web Key: an object with `kty`. */
export interface PrivateJsonWebKey {
  /** `RSA`, `EC` or `AKP` (ML-DSA). */
  readonly kty?: string;
}

/** A private key: PEM text, DER octets, a JSON Web Key, parsed components, or a `CryptoKey`. */
export type SoftwareKey = string | Bytes | PrivateJsonWebKey | PrivateKey | PlatformKey;

/** What {@link softwareSigner} needs besides the key. */
export interface SoftwareSignerOptions {
  /** Imports the key and signs. */
  readonly crypto: CryptoProvider;
  /** What to sign with. Default: what CreateSession wants of such a key. */
  readonly algorithm?: SignatureAlgorithm;
  /** The key's certificate, of a PEM file its first. Required for a `CryptoKey`, which does not show its public key. */
  readonly certificate?: Certificate | string | Bytes;
}

/**
 * Makes a signer of an unencrypted private key; PEM may hold certificates beside it.
 *
 * Secret: the key. Of a `CryptoKey` nothing leaves the platform.
 *
 * @example
 * ```ts
 * import { softwareSigner, webCryptoProvider } from "anyrole/sign";
 *
 * const crypto = webCryptoProvider();
 * const signer = await softwareSigner(await crypto.generatePrivateKey({ type: "ec", curve: "P-256" }), { crypto });
 * const signature = await signer.sign(new Uint8Array([1, 2, 3]));
 * console.log(signer.algorithm.name, signature.length);
 * ```
 *
 * @throws {KeyError} when the input is no private key, is encrypted, or is of a kind that is not supported
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when its components do not belong together, or the `CryptoKey` and the
 * certificate; `ERR_CRYPTO_UNSUPPORTED` when the provider lacks the algorithm
 * @throws {TypeError} when a `CryptoKey` comes without its certificate
 */
export async function softwareSigner(key: SoftwareKey, options: SoftwareSignerOptions): Promise<Signer> {
  const { crypto } = options;
  if (isPlatformKey(key)) {
    const { importPlatformKey } = crypto;
    if (options.certificate === undefined) throw new TypeError(`"certificate" is missing: a CryptoKey needs it`);
    if (importPlatformKey === undefined) {
      throw new TypeError(`"crypto" is the ${crypto.name} provider, which has no CryptoKeys: use webCryptoProvider()`);
    }
    const { publicKey } = certificateOf(options.certificate);
    return await importPlatformKey(key, publicKey, options.algorithm ?? sessionAlgorithmOf(publicKey));
  }
  const components = privateKeyOf(key);
  return await crypto.importPrivateKey(components, options.algorithm ?? sessionAlgorithm(components));
}

function privateKeyOf(key: Exclude<SoftwareKey, PlatformKey>): PrivateKey {
  if (typeof key === "string" || key instanceof Uint8Array) return parsePrivateKey(key);
  if ("kty" in key) return parseJwk(key);
  if ("type" in key && (key.type === "rsa" || key.type === "ec" || key.type === "ml-dsa")) return key;
  throw new TypeError(`"key" is neither text, octets, a JSON Web Key, a private key nor a CryptoKey`);
}

function isPlatformKey(key: SoftwareKey): key is PlatformKey {
  return typeof key === "object" && "usages" in key && "algorithm" in key;
}

function certificateOf(certificate: Certificate | string | Bytes): Certificate {
  return typeof certificate === "string" || certificate instanceof Uint8Array
    ? readCertificates(certificate)[0]!
    : certificate;
}

function sessionAlgorithmOf(publicKey: Certificate["publicKey"]): SignatureAlgorithm {
  if (publicKey.type !== "ed25519") return sessionAlgorithm(publicKey);
  throw new TypeError(`"certificate" has an Ed25519 key, which CreateSession does not accept`);
}
