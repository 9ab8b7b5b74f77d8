/**
 * Private and public keys: PEM and DER, PKCS#8, PKCS#1, SEC 1, JSON Web Keys, encrypted or not, of RSA, elliptic
 * curves and ML-DSA; PKCS#12 files of keys with their certificates.
 *
 * `parsePrivateKey` reads what is not encrypted and needs nothing else; `loadPrivateKey` decrypts as well, for which it
 * asks a cryptographic provider. Both answer components that any provider can import. `loadPkcs12` answers everything in a
 * PKCS#12 file, the certificates as octets.
 *
 * @example
 * ```ts
 * import { parsePrivateKey } from "anyrole/keys";
 *
 * const key = parsePrivateKey(`-----BEGIN PRIVATE KEY-----
 * MDQCAQAwCwYJYIZIAWUDBAMSBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ
 * GhscHR4f
 * -----END PRIVATE KEY-----`);
 * console.log(key.type); // "ml-dsa"
 * ```
 *
 * @example A PKCS#12 file
 * ```ts
 * import { webCryptoProvider } from "anyrole";
 * import { loadPkcs12 } from "anyrole/keys";
 *
 * export async function describe(file: Uint8Array<ArrayBuffer>, password: string): Promise<string> {
 *   const { privateKeys, certificates } = await loadPkcs12(file, { crypto: webCryptoProvider(), password });
 *   return `${privateKeys.map(({ key }) => key.type).join(", ")} and ${certificates.length} certificates`;
 * }
 * ```
 *
 * @module
 */

export { KeyError, type KeyErrorCode, type KeyErrorContext } from "./key-error.ts";
export { loadPrivateKey, type LoadPrivateKeyOptions } from "./load-private-key.ts";
export {
  loadPkcs12,
  type LoadPkcs12Options,
  type Pkcs12Certificate,
  type Pkcs12Contents,
  type Pkcs12PrivateKey,
} from "./pkcs12.ts";
export { parseJwk } from "./jwk.ts";
export { parsePrivateKey } from "./private-key.ts";
export { parseSubjectPublicKeyInfo } from "./subject-public-key-info.ts";
export type { Bytes } from "../bytes/bytes.ts";
export type { EcPrivateKey, MlDsaPrivateKey, PrivateKey, RsaPrivateKey } from "../crypto/private-key.ts";
export type {
  EcPublicKey,
  Ed25519PublicKey,
  MlDsaPublicKey,
  NamedCurve,
  PssRestriction,
  PublicKey,
  RsaPublicKey,
} from "../crypto/public-key.ts";
export type { HashName, MlDsaParameterSet } from "../crypto/signature-algorithm.ts";
