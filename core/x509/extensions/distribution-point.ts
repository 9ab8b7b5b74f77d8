/**
 * Distribution points of CRLs (RFC 5280 §4.2.1.13), which certificates and CRLs share.
 *
 * @module
 */

import { hasBit } from "../../der/bit-string.ts";
import type { DerReader } from "../../der/reader.ts";
import { contextConstructed, contextPrimitive } from "../../der/tag.ts";
import { type GeneralName, readGeneralNames } from "../general-name.ts";
import { readRelativeName, type RelativeDistinguishedName } from "../name.ts";

/** Names of a distribution point; a relative name is completed by the name of the CRL's issuer. */
export type DistributionPointName =
  | { readonly fullName: readonly GeneralName[] }
  | { readonly nameRelativeToCRLIssuer: RelativeDistinguishedName };

/** Reasons that one CRL may cover. */
export type ReasonFlag =
  | "keyCompromise"
  | "cACompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation"
  | "certificateHold"
  | "privilegeWithdrawn"
  | "aACompromise";

/** Where to find revocation information, for which reasons, from whom. */
export interface DistributionPoint {
  /** Where it is. */
  readonly distributionPoint?: DistributionPointName;
  /** For which reasons; absent: all. */
  readonly reasons?: readonly ReasonFlag[];
  /** Who issues the CRL; absent: the issuer of the certificate. */
  readonly cRLIssuer?: readonly GeneralName[];
}

/** Reads CRLDistributionPoints: at least one. */
export function readDistributionPoints(reader: DerReader, reading: string): DistributionPoint[] {
  const offset = reader.position;
  const sequence = reader.sequence(reading);
  if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, offset, "there is no distribution point");
  const points: DistributionPoint[] = [];
  while (!sequence.done) {
    const point = sequence.sequence(reading);
    const distributionPoint = readDistributionPointName(point, 0, reading);
    const reasons = readReasonFlags(point, 1, reading);
    const cRLIssuer = point.peek() === contextConstructed(2)
      ? readGeneralNames(point, reading, contextConstructed(2))
      : undefined;
    point.finish(reading);
    points.push({
      ...(distributionPoint === undefined ? {} : { distributionPoint }),
      ...(reasons === undefined ? {} : { reasons }),
      ...(cRLIssuer === undefined ? {} : { cRLIssuer }),
    });
  }
  return points;
}

/** Reads `[tag] DistributionPointName OPTIONAL`; a CHOICE keeps its own tag inside. */
export function readDistributionPointName(
  reader: DerReader,
  tag: number,
  reading: string,
): DistributionPointName | undefined {
  const explicit = reader.openOptional(contextConstructed(tag), reading);
  if (explicit === undefined) return undefined;
  const name = explicit.peek() === contextConstructed(1)
    ? { nameRelativeToCRLIssuer: readRelativeName(explicit, contextConstructed(1), reading) }
    : { fullName: readGeneralNames(explicit, reading, contextConstructed(0)) };
  explicit.finish(reading);
  return name;
}

/** Reads `[tag] ReasonFlags OPTIONAL`. */
export function readReasonFlags(reader: DerReader, tag: number, reading: string): ReasonFlag[] | undefined {
  if (reader.peek() !== contextPrimitive(tag)) return undefined;
  const bits = reader.bitString(reading, contextPrimitive(tag));
  // Bit 0 is unused.
  return REASON_FLAGS.filter((_, index) => hasBit(bits, index + 1));
}

/** In the order of their bits, which begin at 1. */
const REASON_FLAGS: readonly ReasonFlag[] = [
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
];
