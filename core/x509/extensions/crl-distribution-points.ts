/**
 * CRL distribution points (RFC 5280 §4.2.1.13).
 *
 * @module
 */

import { type DistributionPoint, readDistributionPoints } from "./distribution-point.ts";
import type { ExtensionType } from "./extension.ts";

/** Where CRLs that cover the certificate are, at least one point. */
export const CRL_DISTRIBUTION_POINTS: ExtensionType<readonly DistributionPoint[]> = {
  oid: "2.5.29.31",
  name: "cRLDistributionPoints",
  read(reader) {
    return readDistributionPoints(reader, "cRLDistributionPoints");
  },
};
