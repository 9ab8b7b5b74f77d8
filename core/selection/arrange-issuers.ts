/**
 * The chain of a certificate out of a pool that may hold anything: a directory, a store, a token.
 *
 * @module
 */

import { isCoded } from "../base-error.ts";
import { equalBytes } from "../bytes/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { arrangeChain } from "../sign/arrange-chain.ts";
import { verifySignature } from "../sign/verify-signature.ts";
import type { Certificate } from "../x509/certificate.ts";

/**
 * Picks the intermediates that really issued: whose name the certificate below gives, and under whose key its signature
 * verifies. The issuer of the certificate comes first; neither itself nor self-signed certificates are among them.
 * {@link arrangeChain} goes by names and key identifiers alone, which is enough for a chain that somebody put together
 * for one certificate.
 *
 * A signature that cannot be checked, for its algorithm or key say, proves no link.
 *
 * Public: variable time.
 *
 * @param pool in any order, may contain the certificate
 * @throws {IdentityError} `ERR_IDENTITY_CHAIN_TOO_LONG`
 */
export async function arrangeIssuers(
  certificate: Certificate,
  pool: readonly Certificate[],
  crypto: CryptoProvider,
): Promise<readonly Certificate[]> {
  const issuers: Certificate[] = [];
  for (let layer: readonly Certificate[] = [certificate]; layer.length > 0;) {
    const next: Certificate[] = [];
    for (const candidate of pool) {
      if ([certificate, ...issuers, ...next].some((known) => equalBytes(known.der, candidate.der))) continue;
      for (const child of layer) {
        if (await issued(candidate, child, crypto)) {
          next.push(candidate);
          break;
        }
      }
    }
    issuers.push(...next);
    layer = next;
  }
  return arrangeChain(certificate, issuers);
}

async function issued(issuer: Certificate, child: Certificate, crypto: CryptoProvider): Promise<boolean> {
  try {
    const algorithm = child.signatureAlgorithm;
    if (algorithm.scheme === "unknown" || !issuer.subject.equals(child.issuer)) return false;
    return await verifySignature(crypto, algorithm, issuer.publicKey, child.tbsCertificate, child.signature);
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}
