/**
 * A synchronous cryptographic provider with no platform cryptography at all, for runtimes that have none or lack an
 * algorithm: RSA by bigint, ECDSA, Ed25519 verification and ML-DSA over `@noble/*`. JavaScript gives no constant time:
 * prefer the platform's cryptography wherever there is one.
 *
 * @example
 * ```ts
 * import { portableProvider } from "anyrole/portable";
 *
 * const crypto = portableProvider({ random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) });
 * const digest = crypto.digest("SHA-256", new Uint8Array([1, 2, 3]));
 * ```
 *
 * @module
 */

export { portableProvider } from "./provider.ts";
export type { PortableOptions, SynchronousProvider, SynchronousSigner } from "./provider.ts";
export type { SynchronousVerifier } from "../rsa-verify.ts";
export type { Cipher, CryptoProvider, KeyDerivation, KeySpecification, PlatformKey } from "../provider.ts";
export type { EcPrivateKey, MlDsaPrivateKey, PrivateKey, RsaPrivateKey } from "../private-key.ts";
export type {
  EcPublicKey,
  Ed25519PublicKey,
  MlDsaPublicKey,
  NamedCurve,
  PssRestriction,
  PublicKey,
  RsaPublicKey,
} from "../public-key.ts";
export type {
  AlgorithmBase,
  EcdsaAlgorithm,
  Ed25519Algorithm,
  HashName,
  MlDsaAlgorithm,
  MlDsaParameterSet,
  Pkcs1Algorithm,
  PssAlgorithm,
  SignatureAlgorithm,
  SigV4X509Token,
} from "../signature-algorithm.ts";
export type { Awaitable, Signer, StreamVerifier, Verifier } from "../signer.ts";
export type { Bytes } from "../../bytes/bytes.ts";
export type { Random } from "../../ports.ts";
