/**
 * Consumer `validate`: what {@link "./sign.ts"} does, and a certificate's path to a trust anchor validated, with a
 * revocation list, DER as distribution points serve it (RFC 5280 §4.2.1.13).
 *
 * @module
 */

import { crlChecker, validatePath, type VerifiedPath } from "../../core/path/mod.ts";
import { webCryptoVerifier } from "../../core/sign/mod.ts";
import { parseCertificateRevocationList, readCertificates } from "../../core/x509/mod.ts";

export { signCreateSession } from "./sign.ts";

/** Validates the first certificate of a chain. */
export async function validateChain(
  chainPem: string,
  anchorPem: string,
  list: Uint8Array<ArrayBuffer>,
  time: number,
): Promise<VerifiedPath> {
  const [endEntity, ...intermediates] = readCertificates(chainPem);
  return await validatePath(endEntity!, {
    anchors: readCertificates(anchorPem),
    intermediates,
    time,
    crypto: webCryptoVerifier(),
    revocation: {
      checker: crlChecker({ crls: [parseCertificateRevocationList(list)], expired: "enforce" }),
      unknown: "deny",
      depth: "chain",
    },
  });
}
