/**
 * What a key may be used for (RFC 5280 §4.2.1.3, §4.2.1.12).
 *
 * RFC 5280 gives extendedKeyUsage no meaning in CA certificates; as everywhere on the Internet it restricts what the
 * certificates below may be used for.
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { ANY_EXTENDED_KEY_USAGE, CLIENT_AUTH, SERVER_AUTH } from "../../x509/extensions/extended-key-usage.ts";
import type { KeyUsage } from "../../x509/extensions/key-usage.ts";
import { type Refusal, refuse } from "../path-refusal.ts";

/**
 * Refuses a certificate, of an end entity or a CA, whose extendedKeyUsage does not include the purpose; without the
 * extension, or with anyExtendedKeyUsage in it, there is no restriction.
 *
 * @param purpose dotted
 */
export function checkExtendedKeyUsage(certificate: Certificate, purpose: string): Refusal | undefined {
  const purposes = certificate.extendedKeyUsage;
  if (purposes === undefined || purposes.includes(purpose) || purposes.includes(ANY_EXTENDED_KEY_USAGE)) {
    return undefined;
  }
  return refuse("ERR_PATH_PURPOSE", `its extendedKeyUsage, ${purposes.join(", ")}, does not include ${purpose}`);
}

/**
 * Refuses an end entity whose keyUsage lacks one of those that the caller wants, or, where extendedKeyUsage restricts
 * it as well, has none that goes with the purpose. Without keyUsage there is no restriction.
 */
export function checkEndEntityKeyUsage(
  certificate: Certificate,
  wanted: readonly KeyUsage[],
  purpose: string | undefined,
): Refusal | undefined {
  const usages = certificate.keyUsage;
  if (usages === undefined) return undefined;
  const missing = wanted.find((usage) => !usages.includes(usage));
  if (missing !== undefined) return refuse("ERR_PATH_KEY_USAGE", `its keyUsage does not include ${missing}`);
  if (purpose === undefined || certificate.extendedKeyUsage === undefined) return undefined;
  const consistent = CONSISTENT.get(purpose);
  return consistent !== undefined && !consistent.some((usage) => usages.includes(usage))
    ? refuse("ERR_PATH_KEY_USAGE", `its keyUsage, ${usages.join(", ")}, does not go with the purpose ${purpose}`)
    : undefined;
}

/** Key usages of which a purpose takes one (RFC 5280 §4.2.1.12). */
const CONSISTENT: ReadonlyMap<string, readonly KeyUsage[]> = /* @__PURE__ */ new Map<string, readonly KeyUsage[]>([
  [SERVER_AUTH, ["digitalSignature", "keyEncipherment", "keyAgreement"]],
  [CLIENT_AUTH, ["digitalSignature", "keyAgreement"]],
  ["1.3.6.1.5.5.7.3.3", ["digitalSignature"]], // codeSigning
  ["1.3.6.1.5.5.7.3.4", ["digitalSignature", "nonRepudiation", "keyEncipherment", "keyAgreement"]], // emailProtection
  ["1.3.6.1.5.5.7.3.8", ["digitalSignature", "nonRepudiation"]], // timeStamping
  ["1.3.6.1.5.5.7.3.9", ["digitalSignature", "nonRepudiation"]], // OCSPSigning
]);
