/**
 * Extended key usage (RFC 5280 §4.2.1.12).
 *
 * @module
 */

import { readObjectIdentifier } from "../known-object-identifier.ts";
import type { ExtensionType } from "./extension.ts";

/** id-kp-serverAuth. */
export const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
/** id-kp-clientAuth. */
export const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
/** anyExtendedKeyUsage. */
export const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

/** Purposes as dotted identifiers, at least one. */
export const EXTENDED_KEY_USAGE: ExtensionType<readonly string[]> = {
  oid: "2.5.29.37",
  name: "extendedKeyUsage",
  read(reader) {
    const offset = reader.position;
    const sequence = reader.sequence("extendedKeyUsage");
    if (sequence.done) sequence.fail("ERR_DER_VALUE", "extendedKeyUsage", offset, "there is no purpose");
    const purposes: string[] = [];
    while (!sequence.done) purposes.push(readObjectIdentifier(sequence, "extendedKeyUsage"));
    return purposes;
  },
};
