/**
 * Subject alternative name (RFC 5280 §4.2.1.6).
 *
 * @module
 */

import { type GeneralName, readGeneralNames } from "../general-name.ts";
import type { ExtensionType } from "./extension.ts";

/** Names of the subject, at least one. */
export const SUBJECT_ALTERNATIVE_NAME: ExtensionType<readonly GeneralName[]> = {
  oid: "2.5.29.17",
  name: "subjectAlternativeName",
  read(reader) {
    return readGeneralNames(reader, "subjectAlternativeName");
  },
};
