/**
 * CRL number (RFC 5280 §5.2.3).
 *
 * @module
 */

import { encodeHex } from "../../bytes/hex.ts";
import type { ExtensionType } from "./extension.ts";

/** The number of the CRL in its issuer's sequence; not negative, of any size. */
export const CRL_NUMBER: ExtensionType<bigint> = {
  oid: "2.5.29.20",
  name: "cRLNumber",
  read(reader) {
    return BigInt(`0x${encodeHex(reader.unsignedInteger("cRLNumber"))}`);
  },
};
