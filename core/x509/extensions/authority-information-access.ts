/**
 * Authority information access (RFC 5280 §4.2.2.1).
 *
 * @module
 */

import { type AccessDescription, readAccessDescriptions } from "./access-description.ts";
import type { ExtensionType } from "./extension.ts";

/** Where information and services of the issuer are, at least one description. */
export const AUTHORITY_INFORMATION_ACCESS: ExtensionType<readonly AccessDescription[]> = {
  oid: "1.3.6.1.5.5.7.1.1",
  name: "authorityInfoAccess",
  read(reader) {
    return readAccessDescriptions(reader, "authorityInfoAccess");
  },
};
