/**
 * Reason code, an extension of CRL entries (RFC 5280 §5.3.1).
 *
 * @module
 */

import { TAG } from "../../der/tag.ts";
import type { ExtensionType } from "./extension.ts";

/** Why a certificate is revoked, or, in a delta CRL, that it no longer is. */
export type ReasonCode =
  | "unspecified"
  | "keyCompromise"
  | "cACompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation"
  | "certificateHold"
  | "removeFromCRL"
  | "privilegeWithdrawn"
  | "aACompromise";

/** Reason code; value 7 and those above 10 are refused. */
export const REASON_CODE: ExtensionType<ReasonCode> = {
  oid: "2.5.29.21",
  name: "reasonCode",
  read(reader) {
    const offset = reader.position;
    const value = reader.smallInteger("reasonCode", 0, 10, TAG.enumerated);
    return REASON_CODES[value] ?? reader.fail("ERR_DER_VALUE", "reasonCode", offset, `${value} is no reason`);
  },
};

/** By value; 7 is not used. */
export const REASON_CODES: readonly (ReasonCode | undefined)[] = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  undefined,
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
];
