/**
 * Signers of private keys that may be encrypted.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { sessionAlgorithm } from "../crypto/signature-algorithm.ts";
import type { Signer } from "../crypto/signer.ts";
import { loadPrivateKey } from "../keys/load-private-key.ts";
import type { SoftwareSignerOptions } from "./software-signer.ts";

/** What {@link loadSoftwareSigner} needs besides the file. */
export interface LoadSoftwareSignerOptions extends Pick<SoftwareSignerOptions, "crypto" | "algorithm"> {
  /** Decrypts the key: text, taken as UTF-8, or octets. Default: the key is not encrypted. */
  readonly password?: string | Bytes;
}

/**
 * Makes a signer of the private key in a file's PEM or DER, encrypted or not.
 *
 * Secret: key and password.
 *
 * @throws {KeyError} when the input is no private key, or the password is missing, wrong or not needed
 * @throws {CryptoError} when the provider cannot decrypt or use it
 */
export async function loadSoftwareSigner(key: string | Bytes, options: LoadSoftwareSignerOptions): Promise<Signer> {
  const { crypto, algorithm, password } = options;
  const components = await loadPrivateKey(key, { crypto, password });
  return await crypto.importPrivateKey(components, algorithm ?? sessionAlgorithm(components));
}
