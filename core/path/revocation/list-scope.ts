/**
 * Whether a revocation list is about a certificate, and for which reasons (RFC 5280 §6.3.3 (b), (d)).
 *
 * @module
 */

import { encodeHex } from "../../bytes/hex.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { DistributionPoint, DistributionPointName, ReasonFlag } from "../../x509/extensions/distribution-point.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { Name } from "../../x509/name.ts";
import type { ListFacts } from "./list-facts.ts";
import type { UnknownStatus } from "./revocation-checker.ts";
import { unknown } from "./unknown-status.ts";

/** A bit for every reason. */
export const ALL_REASONS = 0xff;

/**
 * The reasons that a list covers for a certificate, as bits; or why it covers none.
 *
 * @param point a distribution point of the certificate, or an empty one, which stands for its issuer
 * @param pointNames whether the names of the points have to match
 */
export function coveredReasons(
  certificate: Certificate,
  point: DistributionPoint,
  list: ListFacts,
  pointNames: "enforce" | "ignore",
): number | UnknownStatus {
  const { distribution, label, fields: { issuer } } = list;
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
  if (
    pointNames === "enforce" && distribution.distributionPoint !== undefined &&
    !intersect(namesOf(distribution.distributionPoint, issuer), wantedNames(certificate, point))
  ) {
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
function wantedNames(certificate: Certificate, point: DistributionPoint): ReadonlySet<string> {
  const issuers = point.cRLIssuer ?? [{ form: "directoryName", value: certificate.issuer }];
  if (point.distributionPoint === undefined) return comparable(issuers);
  const issuer = issuers.find((name) => name.form === "directoryName");
  return namesOf(point.distributionPoint, issuer?.form === "directoryName" ? issuer.value : certificate.issuer);
}

function namesOf(name: DistributionPointName, issuer: Name): ReadonlySet<string> {
  if ("fullName" in name) return comparable(name.fullName);
  const whole = new Name([...issuer.rdns, name.nameRelativeToCRLIssuer], new Uint8Array(0), 0, 0);
  return comparable([{ form: "directoryName", value: whole }]);
}

/** Text that is the same for names that are the same; names that equal none are left out. */
function comparable(names: readonly GeneralName[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const name of names) {
    const key = comparableValue(name);
    if (key !== undefined) keys.add(`${name.form}:${key}`);
  }
  return keys;
}

function comparableValue(name: GeneralName): string | undefined {
  switch (name.form) {
    case "directoryName":
      return name.value.comparisonKey;
    case "dNSName":
      return name.value.toLowerCase();
    case "otherName":
      return `${name.oid}:${encodeHex(name.value)}`;
    case "ediPartyName":
      return JSON.stringify([name.nameAssigner, name.partyName]);
    default:
      return typeof name.value === "string" ? name.value : encodeHex(name.value);
  }
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
