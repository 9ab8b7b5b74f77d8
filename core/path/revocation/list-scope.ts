/**
 * Whether a revocation list is about a certificate, and for which reasons (RFC 5280 §6.3.3 (b), (d)).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import type { DistributionPoint, ReasonFlag } from "../../x509/extensions/distribution-point.ts";
import type { ListFacts } from "./list-facts.ts";
import { comparableNames, pointNames } from "./point-names.ts";
import type { UnknownStatus } from "./revocation-checker.ts";
import { unknown } from "./unknown-status.ts";

/** A bit for every reason. */
export const ALL_REASONS = 0xff;

/**
 * The reasons that a list covers for a certificate, as bits; or why it covers none.
 *
 * @param point a distribution point of the certificate, or an empty one, which stands for its issuer
 * @param wanted names of that point; undefined: they do not have to be those of the list
 */
export function coveredReasons(
  certificate: Certificate,
  point: DistributionPoint,
  list: ListFacts,
  wanted: ReadonlySet<string> | undefined,
): number | UnknownStatus {
  const { distribution, label, names, fields: { issuer } } = list;
  if (point.cRLIssuer !== undefined) {
    if (!point.cRLIssuer.some((name) => name.form === "directoryName" && name.value.equals(issuer))) {
      return unknown("no-list", "there is no list of the issuer that the certificate names");
    }
    if (distribution?.indirectCRL !== true) {
      return unknown("scope", `${label} is not indirect, and the certificate wants an indirect one`);
    }
  } else if (!issuer.equals(certificate.issuer)) {
    return unknown("no-list", "there is no list of the certificate's issuer");
  }
  if (distribution === undefined) return reasonBits(point.reasons);
  if (wanted !== undefined && names !== undefined && !intersect(names, wanted)) {
    return unknown("scope", `${label} is for another distribution point`);
  }
  if (distribution.onlyContainsAttributeCerts) return unknown("scope", `${label} is for attribute certificates`);
  if (distribution.onlyContainsUserCerts || distribution.onlyContainsCACerts) {
    // Before version 3 a certificate cannot say what it is.
    if (certificate.version !== 3) {
      return unknown("scope", `${label} is for certificates that say whether they are CAs`);
    }
    const isCa = certificate.basicConstraints?.ca === true;
    if (isCa !== distribution.onlyContainsCACerts) {
      return unknown("scope", `${label} is for ${isCa ? "end-entity" : "CA"} certificates`);
    }
  }
  return reasonBits(point.reasons) & reasonBits(distribution.onlySomeReasons);
}

/** Names of the certificate's distribution point; one that has none is named by its issuer of lists. */
export function wantedNames(certificate: Certificate, point: DistributionPoint): ReadonlySet<string> {
  const issuers = point.cRLIssuer ?? [{ form: "directoryName", value: certificate.issuer }];
  if (point.distributionPoint === undefined) return comparableNames(issuers);
  const issuer = issuers.find((name) => name.form === "directoryName");
  return pointNames(point.distributionPoint, issuer?.form === "directoryName" ? issuer.value : certificate.issuer);
}

function intersect(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}

/** Absent: all of them. */
function reasonBits(reasons: readonly ReasonFlag[] | undefined): number {
  if (reasons === undefined) return ALL_REASONS;
  return REASONS.reduce((bits, reason, index) => reasons.includes(reason) ? bits | 1 << index : bits, 0);
}

const REASONS: readonly ReasonFlag[] = [
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
];
