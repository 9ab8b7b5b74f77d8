/**
 * The chain of a certificate out of the certificates beside it on its token.
 *
 * @module
 */

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { arrangeIssuers } from "../../core/selection/arrange-issuers.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { readTokenCertificates, type TokenCertificate } from "./find-certificate.ts";
import { Pkcs11Uri } from "./pkcs11-uri.ts";
import type { TokenAccess } from "./token-access.ts";

/**
 * The certificates of the same token that really issued: each one's signature verifies under the key of the next. Neither
 * the certificate itself nor self-signed ones are among them.
 *
 * Public: variable time.
 *
 * @throws {IdentityError} `ERR_IDENTITY_CHAIN_TOO_LONG`
 */
export async function tokenChain(
  access: TokenAccess,
  { certificate, slot }: TokenCertificate,
  crypto: CryptoProvider,
): Promise<readonly Certificate[]> {
  const beside = await readTokenCertificates(await access.token(slot), new Pkcs11Uri({}));
  return await arrangeIssuers(certificate, beside.map((each) => each.certificate), crypto);
}
