/**
 * Consumer `validate`: what {@link "./sign.ts"} does, and a certificate's path to a trust anchor validated, with
 * revocation lists.
 *
 * @module
 */

import { crlChecker } from "../../core/path/revocation/crl-checker.ts";
import { validatePath, type VerifiedPath } from "../../core/path/mod.ts";
import { webCryptoProvider } from "../../core/sign/mod.ts";
import { readCertificates } from "../../core/x509/mod.ts";
import { readCertificateRevocationLists } from "../../core/x509/crl/read-revocation-lists.ts";

export { signCreateSession } from "./sign.ts";

/** Validates the first certificate of a chain. */
export async function validateChain(
  chainPem: string,
  anchorPem: string,
  lists: Uint8Array<ArrayBuffer>,
  time: number,
): Promise<VerifiedPath> {
  const [endEntity, ...intermediates] = readCertificates(chainPem);
  return await validatePath(endEntity!, {
    anchors: readCertificates(anchorPem),
    intermediates,
    time,
    crypto: webCryptoProvider(),
    revocation: {
      checker: crlChecker({ crls: readCertificateRevocationLists(lists), expired: "enforce" }),
      unknown: "deny",
      depth: "chain",
    },
  });
}
