/**
 * Delta CRL indicator (RFC 5280 §5.2.4).
 *
 * @module
 */

import { encodeHex } from "../../bytes/hex.ts";
import type { ExtensionType } from "./extension.ts";

/** The number of the CRL that this one completes; not negative, of any size. */
export const DELTA_CRL_INDICATOR: ExtensionType<bigint> = {
  oid: "2.5.29.27",
  name: "deltaCRLIndicator",
  read(reader) {
    return BigInt(`0x${encodeHex(reader.unsignedInteger("deltaCRLIndicator"))}`);
  },
};
