/**
 * Consumer `sign`: a certificate and an unencrypted private key, each PEM or DER, sign a CreateSession request through
 * WebCrypto.
 *
 * @module
 */

import { createIdentity, softwareSigner, webCryptoProvider } from "../../core/sign/mod.ts";
import { type SignedRequest, signX509Request, type SigV4Request } from "../../core/sigv4/mod.ts";

/** Signs one request. */
export async function signCreateSession(
  certificate: string | Uint8Array<ArrayBuffer>,
  privateKey: string | Uint8Array<ArrayBuffer>,
  request: SigV4Request,
  region: string,
  timeMs: number,
): Promise<SignedRequest> {
  const signer = await softwareSigner(privateKey, { crypto: webCryptoProvider() });
  const identity = await createIdentity({ certificate, signer });
  return await signX509Request(request, { identity, region, service: "rolesanywhere", timeMs });
}
