/**
 * The certificates that travel with an end-entity certificate, in the order that the service expects them.
 *
 * @module
 */

import { equalBytes } from "../bytes/bytes.ts";
import type { Certificate } from "../x509/certificate.ts";
import { IdentityError } from "./identity-error.ts";

/** Most intermediates in a chain. */
export const MAX_CHAIN_LENGTH = 5;

/**
 * Picks the intermediates that lead upwards from the certificate and orders them by distance: its issuer first, then
 * the issuer's issuer. Certificates of one name and key by several issuers stay together in the order given, because
 * any of them may lead to the trust anchor. Left out are the certificate itself, duplicates, self-signed certificates
 * and whatever does not lead upwards. Links are names (RFC 5280 §7.1) and key identifiers (§4.2.1.1); no signature is
 * checked: that is the service's part.
 *
 * Public: variable time.
 *
 * @param pool in any order, may contain the certificate
 * @throws {IdentityError} `ERR_IDENTITY_CHAIN_TOO_LONG` for more than {@link MAX_CHAIN_LENGTH}
 */
export function arrangeChain(certificate: Certificate, pool: readonly Certificate[]): readonly Certificate[] {
  let rest = pool.filter((candidate, index) =>
    !equalBytes(candidate.der, certificate.der) && !isSelfIssued(candidate) &&
    pool.findIndex((other) => equalBytes(other.der, candidate.der)) === index
  );
  const chain: Certificate[] = [];
  for (let layer: readonly Certificate[] = [certificate]; layer.length > 0;) {
    const issuers = rest.filter((candidate) => layer.some((child) => isIssuer(candidate, child)));
    rest = rest.filter((candidate) => !issuers.includes(candidate));
    chain.push(...issuers);
    layer = issuers;
  }
  if (chain.length > MAX_CHAIN_LENGTH) {
    throw new IdentityError(
      "ERR_IDENTITY_CHAIN_TOO_LONG",
      certificate,
      `${chain.length} intermediate certificates lead upwards from it, at most ${MAX_CHAIN_LENGTH} are sent; ` +
        "give only those between the certificate and its trust anchor",
    );
  }
  return chain;
}

/** Self-signed as far as names and key identifiers show it: a root, or a trust anchor. */
function isSelfIssued(certificate: Certificate): boolean {
  return isIssuer(certificate, certificate);
}

function isIssuer(candidate: Certificate, child: Certificate): boolean {
  if (!candidate.subject.equals(child.issuer)) return false;
  const wanted = child.authorityKeyIdentifier?.keyIdentifier;
  const found = candidate.subjectKeyIdentifier;
  return wanted === undefined || found === undefined || equalBytes(wanted, found);
}
