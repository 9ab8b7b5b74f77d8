/**
 * Invalidity date, an extension of CRL entries (RFC 5280 §5.3.2).
 *
 * @module
 */

import { TAG } from "../../der/tag.ts";
import { decodeTime } from "../../der/time.ts";
import type { ExtensionType } from "./extension.ts";

/** When the key was or may have been compromised, milliseconds since the epoch; a GeneralizedTime. */
export const INVALIDITY_DATE: ExtensionType<number> = {
  oid: "2.5.29.24",
  name: "invalidityDate",
  read(reader) {
    const offset = reader.position;
    return decodeTime(
      TAG.generalizedTime,
      reader.content(TAG.generalizedTime, "invalidityDate"),
      "invalidityDate",
      offset,
    );
  },
};
