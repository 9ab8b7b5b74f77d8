/**
 * Rules beyond RFC 5280 §6 that a relying party may demand of the certificates of a path.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";

/** A relying party's rules; they can only refuse, never allow what RFC 5280 forbids. */
export interface PathProfile {
  /** For messages. */
  readonly name: string;
  /** Why this CA certificate is refused, completing "Cannot validate certificate X: …"; undefined: it is not. */
  checkAuthority(certificate: Certificate, position: "anchor" | "intermediate"): string | undefined;
  /** The same for the end entity; absent: there are no rules for it. */
  checkEndEntity?(certificate: Certificate): string | undefined;
}
