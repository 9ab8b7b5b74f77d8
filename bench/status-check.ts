/**
 * The status of one certificate by one revocation list.
 *
 * @module
 */

import type { VerifyingProvider } from "../core/crypto/provider.ts";
import { crlChecker, type RevocationStatus, type StreamedList } from "../core/path/mod.ts";
import { type CertificateRevocationList, parseCertificate } from "../core/x509/mod.ts";
import { NOW_MS } from "./now.ts";
import type { RevocationFixture } from "./revocation-fixture.ts";

/** Asks a checker of one list for the status of the fixture's certificate: parsed before, as its issuer is. */
export function statusCheck(
  { leaf, issuer }: Pick<RevocationFixture, "leaf" | "issuer">,
  crypto: VerifyingProvider,
): (list: CertificateRevocationList | StreamedList) => Promise<RevocationStatus> {
  const certificate = parseCertificate(leaf);
  const parsed = parseCertificate(issuer);
  const { subject, publicKey } = parsed;
  const context = { time: NOW_MS, crypto, spend: () => {} };
  return (list) =>
    crlChecker({ crls: [list], expired: "enforce" })
      .check(certificate, { subject, publicKey, certificate: parsed }, context);
}
