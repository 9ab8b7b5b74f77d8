/**
 * Issuing distribution point, an extension of CRLs (RFC 5280 §5.2.5).
 *
 * @module
 */

import type { DerReader } from "../../der/reader.ts";
import { contextPrimitive } from "../../der/tag.ts";
import {
  type DistributionPointName,
  readDistributionPointName,
  readReasonFlags,
  type ReasonFlag,
} from "./distribution-point.ts";
import type { ExtensionType } from "./extension.ts";

/** Which certificates and reasons a CRL covers. */
export interface IssuingDistributionPoint {
  /** Where the CRL is published. */
  readonly distributionPoint?: DistributionPointName;
  /** It covers end-entity certificates only. */
  readonly onlyContainsUserCerts: boolean;
  /** It covers CA certificates only. */
  readonly onlyContainsCACerts: boolean;
  /** It covers these reasons only; absent: all. */
  readonly onlySomeReasons?: readonly ReasonFlag[];
  /** Its entries may name certificates of other issuers. */
  readonly indirectCRL: boolean;
  /** It covers attribute certificates only. */
  readonly onlyContainsAttributeCerts: boolean;
}

/** Issuing distribution point; never an empty SEQUENCE. FALSE written out is accepted. */
export const ISSUING_DISTRIBUTION_POINT: ExtensionType<IssuingDistributionPoint> = {
  oid: "2.5.29.28",
  name: "issuingDistributionPoint",
  read(reader) {
    const reading = "issuingDistributionPoint";
    const offset = reader.position;
    const sequence = reader.sequence(reading);
    if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, offset, "it is empty");
    const distributionPoint = readDistributionPointName(sequence, 0, `${reading}.distributionPoint`);
    const onlyContainsUserCerts = readFlag(sequence, 1, `${reading}.onlyContainsUserCerts`);
    const onlyContainsCACerts = readFlag(sequence, 2, `${reading}.onlyContainsCACerts`);
    const onlySomeReasons = readReasonFlags(sequence, 3, `${reading}.onlySomeReasons`);
    const indirectCRL = readFlag(sequence, 4, `${reading}.indirectCRL`);
    const onlyContainsAttributeCerts = readFlag(sequence, 5, `${reading}.onlyContainsAttributeCerts`);
    sequence.finish(reading);
    return {
      ...(distributionPoint === undefined ? {} : { distributionPoint }),
      onlyContainsUserCerts,
      onlyContainsCACerts,
      ...(onlySomeReasons === undefined ? {} : { onlySomeReasons }),
      indirectCRL,
      onlyContainsAttributeCerts,
    };
  },
};

function readFlag(reader: DerReader, tag: number, reading: string): boolean {
  return reader.peek() === contextPrimitive(tag) && reader.boolean(reading, contextPrimitive(tag));
}
