/**
 * Key usage (RFC 5280 §4.2.1.3).
 *
 * @module
 */

import { hasBit } from "../../der/bit-string.ts";
import type { ExtensionType } from "./extension.ts";

/** What the key may do, by the standard's names. */
export type KeyUsage =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "dataEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign"
  | "encipherOnly"
  | "decipherOnly";

/** Key usages in the order of their bits. */
export const KEY_USAGES: readonly KeyUsage[] = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

/** Key usage: at least one bit is set; bits that have no name are ignored, zero bits at the end are accepted. */
export const KEY_USAGE: ExtensionType<readonly KeyUsage[]> = {
  oid: "2.5.29.15",
  name: "keyUsage",
  read(reader) {
    const offset = reader.position;
    const bits = reader.bitString("keyUsage");
    if (bits.octets.every((octet) => octet === 0)) {
      reader.fail("ERR_DER_VALUE", "keyUsage", offset, "no bit is set");
    }
    return KEY_USAGES.filter((_, index) => hasBit(bits, index));
  },
};
