/**
 * Consumer `sign`: a certificate and an unencrypted private key, each PEM or DER, sign a CreateSession request through
 * WebCrypto.
 *
 * @module
 */

import { webCryptoIdentity } from "../../core/sign/mod.ts";
import { type SignedRequest, signX509Request, type SigV4Request } from "../../core/sigv4/mod.ts";

/** Signs one request. */
export async function signCreateSession(
  certificate: string | Uint8Array<ArrayBuffer>,
  privateKey: string | Uint8Array<ArrayBuffer>,
  request: SigV4Request,
  region: string,
  timeMs: number,
): Promise<SignedRequest> {
  const identity = await webCryptoIdentity(certificate, privateKey);
  return await signX509Request(request, { identity, region, service: "rolesanywhere", timeMs });
}
