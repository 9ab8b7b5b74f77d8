/**
 * Subject key identifier (RFC 5280 §4.2.1.2).
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { ExtensionType } from "./extension.ts";

/** Octets that identify the subject's key; a view. */
export const SUBJECT_KEY_IDENTIFIER: ExtensionType<Bytes> = {
  oid: "2.5.29.14",
  name: "subjectKeyIdentifier",
  read(reader) {
    return reader.octetString("subjectKeyIdentifier");
  },
};
