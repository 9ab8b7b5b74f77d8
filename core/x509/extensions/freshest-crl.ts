/**
 * Freshest CRL, in certificates and CRLs (RFC 5280 §4.2.1.15, §5.2.6).
 *
 * @module
 */

import { type DistributionPoint, readDistributionPoints } from "./distribution-point.ts";
import type { ExtensionType } from "./extension.ts";

/** Where delta CRLs are, at least one point. */
export const FRESHEST_CRL: ExtensionType<readonly DistributionPoint[]> = {
  oid: "2.5.29.46",
  name: "freshestCRL",
  read(reader) {
    return readDistributionPoints(reader, "freshestCRL");
  },
};
