/**
 * Certificate issuer, an extension of CRL entries (RFC 5280 §5.3.3).
 *
 * @module
 */

import { type GeneralName, readGeneralNames } from "../general-name.ts";
import type { ExtensionType } from "./extension.ts";

/** Names of the issuer of this and the following entries' certificates, in an indirect CRL, at least one. */
export const CERTIFICATE_ISSUER: ExtensionType<readonly GeneralName[]> = {
  oid: "2.5.29.29",
  name: "certificateIssuer",
  read(reader) {
    return readGeneralNames(reader, "certificateIssuer");
  },
};
