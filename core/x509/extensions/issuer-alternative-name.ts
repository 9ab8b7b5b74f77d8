/**
 * Issuer alternative name (RFC 5280 §4.2.1.7).
 *
 * @module
 */

import { type GeneralName, readGeneralNames } from "../general-name.ts";
import type { ExtensionType } from "./extension.ts";

/** Names of the issuer, at least one. */
export const ISSUER_ALTERNATIVE_NAME: ExtensionType<readonly GeneralName[]> = {
  oid: "2.5.29.18",
  name: "issuerAlternativeName",
  read(reader) {
    return readGeneralNames(reader, "issuerAlternativeName");
  },
};
