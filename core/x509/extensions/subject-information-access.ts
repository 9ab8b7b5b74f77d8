/**
 * Subject information access (RFC 5280 §4.2.2.2).
 *
 * @module
 */

import { type AccessDescription, readAccessDescriptions } from "./access-description.ts";
import type { ExtensionType } from "./extension.ts";

/** Where information and services of the subject are, at least one description. */
export const SUBJECT_INFORMATION_ACCESS: ExtensionType<readonly AccessDescription[]> = {
  oid: "1.3.6.1.5.5.7.1.11",
  name: "subjectInfoAccess",
  read(reader) {
    return readAccessDescriptions(reader, "subjectInfoAccess");
  },
};
