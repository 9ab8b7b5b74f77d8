/**
 * Trust anchors (RFC 5280 §6.1.1 (d)): a name and a key that are trusted because the caller says so.
 *
 * @module
 */

import type { PublicKey } from "../crypto/public-key.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Name } from "../x509/name.ts";

/**
 * A trust anchor that is not simply a certificate whose every word counts. It may, but need not, come from a
 * certificate; of that, what `validity` and `constraints` say is enforced.
 */
export interface TrustAnchor {
  /** The name that issuers are compared with. */
  readonly subject: Name;
  /** The key that made the signatures below. */
  readonly publicKey: PublicKey;
  /** The certificate that it comes from; absent: there is none, and nothing to enforce. */
  readonly certificate?: Certificate;
  /** Whether the certificate's own period of validity counts. */
  readonly validity: "enforce" | "ignore";
  /**
   * Whether what the certificate says about certificates below it counts (RFC 5937): basicConstraints, keyUsage,
   * extendedKeyUsage, name constraints, policies, critical extensions.
   */
  readonly constraints: "enforce" | "ignore";
}

/**
 * A trust anchor from a certificate. With both rules enforced it is the same as the certificate itself. `validatePath`
 * refuses rules that are neither.
 *
 * @throws {DerError} when the subject is malformed
 * @throws {KeyError} when the key is malformed or of a kind that is not supported
 */
export function trustAnchor(
  certificate: Certificate,
  rules: Pick<TrustAnchor, "validity" | "constraints">,
): TrustAnchor {
  const { validity, constraints } = rules;
  return { subject: certificate.subject, publicKey: certificate.publicKey, certificate, validity, constraints };
}
