/**
 * The smallest source of an identity: certificate and key as text of a binding, for programs whose size counts.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type SigningIdentity, webCryptoIdentity } from "../sign/webcrypto-identity.ts";

/** The source of an identity of which no more is known than a request says. */
export interface SigningIdentitySource {
  /** What is known: not how long the certificate is valid, which the service says then. */
  readonly knows: "signing";
  /** The identity to use now. */
  identity(): Promise<SigningIdentity>;
}

/**
 * An identity of a certificate (a full chain as well) and its unencrypted key, PEM or DER, by `webCryptoIdentity`. It is
 * made when it is first asked for, and again if that failed; no promise is kept.
 *
 * Secret: the key, which is kept as long as the source; WebCrypto signs, with a key that cannot be exported.
 *
 * @throws as `webCryptoIdentity`, when the identity is asked for
 */
export function pemIdentity(certificate: string | Bytes, privateKey: string | Bytes): SigningIdentitySource {
  let held: SigningIdentity | undefined;
  return { knows: "signing", identity: async () => held ??= await webCryptoIdentity(certificate, privateKey) };
}
