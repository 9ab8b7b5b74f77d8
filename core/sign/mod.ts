/**
 * Identities and signatures: who signs, and with which key. Encrypted keys are decrypted by `loadPrivateKey` of the
 * entry point `keys`, and given to `softwareSigner` then.
 *
 * @example
 * ```ts
 * import { createIdentity, type Identity, softwareSigner, webCryptoProvider } from "anyrole/sign";
 *
 * export async function identityOf(privateKeyPem: string, fullChainPem: string): Promise<Identity> {
 *   const signer = await softwareSigner(privateKeyPem, { crypto: webCryptoProvider() });
 *   return await createIdentity({ certificate: fullChainPem, signer });
 * }
 * ```
 *
 * @module
 */

export { BaseError, type ErrorContext } from "../base-error.ts";
export type { Bytes } from "../bytes/bytes.ts";
export type { Abort, Fetch, FetchBody, FetchInit, FetchResponse, Sleep } from "../ports.ts";
export type { Certificate } from "../x509/certificate.ts";
export { CryptoError, type CryptoErrorCode } from "../crypto/crypto-error.ts";
export { layeredProvider, lazyProvider } from "../crypto/layered-provider.ts";
export type {
  Cipher,
  CryptoProvider,
  KeyDerivation,
  KeySpecification,
  PlatformKey,
  VerifyingProvider,
} from "../crypto/provider.ts";
export type {
  EcPublicKey,
  Ed25519PublicKey,
  MlDsaPublicKey,
  NamedCurve,
  PssRestriction,
  PublicKey,
  RsaPublicKey,
} from "../crypto/public-key.ts";
export type { EcPrivateKey, MlDsaPrivateKey, PrivateKey, RsaPrivateKey } from "../crypto/private-key.ts";
export {
  type AlgorithmBase,
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  type EcdsaAlgorithm,
  ED25519,
  type Ed25519Algorithm,
  type HashName,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
  type MlDsaAlgorithm,
  type MlDsaParameterSet,
  type Pkcs1Algorithm,
  type PssAlgorithm,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  rsaPss,
  sessionAlgorithm,
  type SignatureAlgorithm,
  type SigV4X509Token,
} from "../crypto/signature-algorithm.ts";
export type { Awaitable, Signer, StreamVerifier, Verifier } from "../crypto/signer.ts";
export type {
  CipherParameters,
  DerivationParameters,
  ImportParameters,
  KeyUse,
  OperationParameters,
  SubtleWebCrypto,
  WebCrypto,
} from "../crypto/web-crypto.ts";
export { webCryptoProvider } from "../crypto/webcrypto-provider.ts";
export { webCryptoVerifier } from "../crypto/webcrypto-verifier.ts";
export { signerFromCryptoKey } from "../crypto/webcrypto-signer.ts";
export { arrangeChain, MAX_CHAIN_LENGTH } from "./arrange-chain.ts";
export { type CertificateInput, createIdentity, type Identity, type IdentityOptions } from "./identity.ts";
export { IdentityError, type IdentityErrorCode } from "./identity-error.ts";
export { fixedIdentity, type IdentitySource } from "./identity-source.ts";
export { identityFromMaterial, type IdentityMaterial } from "./identity-material.ts";
export { remoteIdentity, type RemoteIdentityOptions } from "./remote-identity.ts";
export { type RemoteSigner, remoteSigner, type RemoteSignerOptions } from "./remote-signer.ts";
export { RemoteSignerError, type RemoteSignerErrorCode, type RemoteSignerErrorDetail } from "./remote-signer-error.ts";
export {
  type PrivateJsonWebKey,
  type SoftwareKey,
  softwareSigner,
  type SoftwareSignerOptions,
} from "./software-signer.ts";
export { verifySignature } from "./verify-signature.ts";
export { type SigningIdentity, webCryptoIdentity } from "./webcrypto-identity.ts";
