/**
 * Inhibit anyPolicy (RFC 5280 §4.2.1.14).
 *
 * @module
 */

import type { ExtensionType } from "./extension.ts";

/** How many more certificates may follow before anyPolicy no longer counts. */
export const INHIBIT_ANY_POLICY: ExtensionType<number> = {
  oid: "2.5.29.54",
  name: "inhibitAnyPolicy",
  read(reader) {
    return reader.smallInteger("inhibitAnyPolicy", 0, 0x7fffffff);
  },
};
