/**
 * Matching certificates with a selector, and choosing one.
 *
 * @module
 */

import { equalBytes } from "../bytes/bytes.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import type { CertificateSelector } from "./certificate-selector.ts";
import { fitsSpelling } from "./name-spelling.ts";
import { SelectionError } from "./selection-error.ts";

/** Something with a certificate that can be chosen by it. */
export interface Candidate {
  /** What the selector is compared with. */
  readonly certificate: Certificate;
}

/**
 * Whether the certificate has everything that the selector asks for. Validity and usages do not matter.
 *
 * Public: variable time.
 *
 * @throws {DerError} when a name that matters is malformed
 */
export function matchesSelector(certificate: Certificate, selector: CertificateSelector): boolean {
  const { subject, issuer, serialNumber } = selector;
  return (serialNumber === undefined || certificate.serialNumberHex === serialNumber) &&
    (subject === undefined || fitsSpelling(certificate.subject, subject)) &&
    (issuer === undefined || fitsSpelling(certificate.issuer, issuer));
}

/**
 * The one candidate that the selector means. The same certificate counts once, however often it is there.
 *
 * @param several what becomes of more than one: `refuse`, or take the one that expires last; of those the one that begins
 * last, and then the first
 * @throws {SelectionError} `ERR_SELECTION_NONE`, `ERR_SELECTION_SEVERAL`
 * @throws {DerError} as {@link matchesSelector}
 */
export function chooseCertificate<T extends Candidate>(
  candidates: readonly T[],
  selector: CertificateSelector,
  several: "refuse" | "latest-expiring",
): T {
  const matching = withoutRepetition(candidates.filter(({ certificate }) => matchesSelector(certificate, selector)));
  const first = matching[0];
  if (first === undefined) {
    const found = candidates.length === 0 ? "there is none" : `none of ${candidates.length} fits the selector`;
    throw new SelectionError("ERR_SELECTION_NONE", `Cannot choose certificate: no matching identities: ${found}`);
  }
  if (matching.length > 1 && several === "refuse") {
    const listed = matching.slice(0, MAX_LISTED).map(({ certificate }) =>
      `${nameText(certificate.subject)} (${certificate.serialNumberHex})`
    );
    if (matching.length > MAX_LISTED) listed.push("…");
    throw new SelectionError(
      "ERR_SELECTION_SEVERAL",
      `Cannot choose certificate: multiple matching identities: ${matching.length} fit the selector, ` +
        `${listed.join(", ")}; name a serial number, or take the one that expires last`,
    );
  }
  return matching.reduce((best, each) => isLater(each.certificate, best.certificate) ? each : best);
}

function withoutRepetition<T extends Candidate>(candidates: readonly T[]): T[] {
  return candidates.filter(({ certificate }, index) =>
    candidates.findIndex((other) => equalBytes(other.certificate.der, certificate.der)) === index
  );
}

function isLater(a: Certificate, b: Certificate): boolean {
  return a.notAfter !== b.notAfter ? a.notAfter > b.notAfter : a.notBefore > b.notBefore;
}

/** So many certificates are named in an error. */
const MAX_LISTED = 4;
