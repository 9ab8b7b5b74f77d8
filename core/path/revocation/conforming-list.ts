/**
 * Rules of RFC 5280 §5 for those who issue revocation lists. Like those of
 * {@link CONFORMING_ISSUER_PROFILE} a relying party need not enforce them: validation (§6.3) does not ask.
 *
 * @module
 */

import type { RevocationListFields } from "../../x509/crl/revocation-list-fields.ts";
import { CRL_NUMBER } from "../../x509/extensions/crl-number.ts";
import { findExtension } from "../../x509/extensions/extension.ts";

/**
 * Why no conforming issuer issued this list; undefined: one may have. Who wants lists of such issuers alone gives a
 * checker only lists of which this says nothing.
 *
 * @throws {DerError} when the CRL number is malformed
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-5
 */
export function checkConformingList(list: RevocationListFields): string | undefined {
  if (list.version !== 2) return "it is of version 1";
  if (list.nextUpdate === undefined) return "its nextUpdate is missing";
  for (const { oid, name } of DEMANDED) {
    if (findExtension(list.extensions, oid) === undefined) return `its ${name} is missing`;
  }
  for (const { oid, critical } of list.extensions) {
    const demanded = CRITICALITY.get(oid);
    if (demanded !== undefined && demanded.critical !== critical) {
      return `its ${demanded.name} must ${demanded.critical ? "" : "not "}be critical`;
    }
  }
  const number = findExtension(list.extensions, CRL_NUMBER.oid)!.decode(CRL_NUMBER);
  return number >> 160n === 0n ? undefined : "its CRL number has more than 20 octets";
}

/** Extensions that every list has (§5). */
const DEMANDED: readonly { readonly oid: string; readonly name: string }[] = [
  { oid: "2.5.29.35", name: "authorityKeyIdentifier" },
  { oid: "2.5.29.20", name: "CRL number" },
];

/** Extensions that must be critical, or must not (§5.2). */
const CRITICALITY: ReadonlyMap<string, { readonly name: string; readonly critical: boolean }> = /* @__PURE__ */ new Map(
  [
    ["2.5.29.35", { name: "authorityKeyIdentifier", critical: false }],
    ["2.5.29.18", { name: "issuerAltName", critical: false }],
    ["2.5.29.20", { name: "CRL number", critical: false }],
    ["2.5.29.27", { name: "delta CRL indicator", critical: true }],
    ["2.5.29.28", { name: "issuingDistributionPoint", critical: true }],
    ["2.5.29.46", { name: "freshestCRL", critical: false }],
    ["1.3.6.1.5.5.7.1.1", { name: "authorityInfoAccess", critical: false }],
  ],
);
