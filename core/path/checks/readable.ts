/**
 * Whether what the validator needs of a certificate can be read: parsing leaves most fields for later.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { BASIC_CONSTRAINTS } from "../../x509/extensions/basic-constraints.ts";
import { AUTHORITY_KEY_IDENTIFIER } from "../../x509/extensions/authority-key-identifier.ts";
import { CRL_DISTRIBUTION_POINTS } from "../../x509/extensions/crl-distribution-points.ts";
import { EXTENDED_KEY_USAGE } from "../../x509/extensions/extended-key-usage.ts";
import type { ExtensionType } from "../../x509/extensions/extension.ts";
import { ISSUER_ALTERNATIVE_NAME } from "../../x509/extensions/issuer-alternative-name.ts";
import { KEY_USAGE } from "../../x509/extensions/key-usage.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "../../x509/extensions/subject-alternative-name.ts";
import { SUBJECT_KEY_IDENTIFIER } from "../../x509/extensions/subject-key-identifier.ts";
import { type Refusal, refuse } from "../path-refusal.ts";

/**
 * Refuses a certificate with a malformed field, or a malformed extension that the validator looks at or that is critical
 * (§4.2). Name constraints and policies are read where they are checked.
 */
export function checkReadable(certificate: Certificate): Refusal | undefined {
  try {
    // Asking for a value is what finds out that it is malformed.
    void certificate.subject;
    void certificate.issuer;
    void certificate.notBefore;
    void certificate.signatureAlgorithm;
    const { extensions } = certificate;
    for (let i = 0; i < extensions.length; i++) {
      const { oid, critical } = extensions[i]!;
      const type = READ.get(oid) ?? (critical ? READ_WHEN_CRITICAL.get(oid) : undefined);
      if (type !== undefined) certificate.decode(type);
    }
    return undefined;
  } catch (cause) {
    if (!isCoded(cause)) throw cause;
    return refuse("ERR_PATH_MALFORMED", `it is malformed: ${cause.message}`, cause);
  }
}

/** Whether both names can be read: a certificate without them is on no path. */
export function hasReadableNames(certificate: Certificate): boolean {
  try {
    return certificate.subject !== undefined && certificate.issuer !== undefined;
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}

/** Extensions that most certificates have. */
const READ: ReadonlyMap<string, ExtensionType<unknown>> = /* @__PURE__ */ new Map<string, ExtensionType<unknown>>([
  ["2.5.29.14", SUBJECT_KEY_IDENTIFIER],
  ["2.5.29.15", KEY_USAGE],
  ["2.5.29.17", SUBJECT_ALTERNATIVE_NAME],
  ["2.5.29.19", BASIC_CONSTRAINTS],
  ["2.5.29.35", AUTHORITY_KEY_IDENTIFIER],
  ["2.5.29.37", EXTENDED_KEY_USAGE],
]);

/** Extensions that say nothing to the validator, or nothing without lists. */
const READ_WHEN_CRITICAL: ReadonlyMap<string, ExtensionType<unknown>> = /* @__PURE__ */ new Map<
  string,
  ExtensionType<unknown>
>([
  ["2.5.29.18", ISSUER_ALTERNATIVE_NAME],
  ["2.5.29.31", CRL_DISTRIBUTION_POINTS],
]);
