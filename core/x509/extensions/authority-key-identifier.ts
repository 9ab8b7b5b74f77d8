/**
 * Authority key identifier (RFC 5280 §4.2.1.1).
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { checkInteger } from "../../der/integer.ts";
import { contextConstructed, contextPrimitive } from "../../der/tag.ts";
import { type GeneralName, readGeneralNames } from "../general-name.ts";
import type { ExtensionType } from "./extension.ts";

/** Which of the issuer's keys signed. A hint for building paths: nothing is trusted for it. */
export interface AuthorityKeyIdentifier {
  /** The issuer's subject key identifier. */
  readonly keyIdentifier?: Bytes;
  /** Issuer of the issuer's certificate; present together with the serial number. */
  readonly authorityCertIssuer?: readonly GeneralName[];
  /** INTEGER contents of the serial number of the issuer's certificate. */
  readonly authorityCertSerialNumber?: Bytes;
}

/** Authority key identifier. Issuer and serial number come together or not at all. */
export const AUTHORITY_KEY_IDENTIFIER: ExtensionType<AuthorityKeyIdentifier> = {
  oid: "2.5.29.35",
  name: "authorityKeyIdentifier",
  read(reader) {
    const start = reader.position;
    const sequence = reader.sequence("authorityKeyIdentifier");
    const keyIdentifier = sequence.contentOptional(contextPrimitive(0), "authorityKeyIdentifier.keyIdentifier");
    const authorityCertIssuer = sequence.peek() === contextConstructed(1)
      ? readGeneralNames(sequence, "authorityKeyIdentifier.authorityCertIssuer", contextConstructed(1))
      : undefined;
    const offset = sequence.position;
    const serialReading = "authorityKeyIdentifier.authorityCertSerialNumber";
    const authorityCertSerialNumber = sequence.contentOptional(contextPrimitive(2), serialReading);
    if (authorityCertSerialNumber !== undefined) checkInteger(authorityCertSerialNumber, serialReading, offset);
    sequence.finish("authorityKeyIdentifier");
    if ((authorityCertIssuer === undefined) !== (authorityCertSerialNumber === undefined)) {
      reader.fail("ERR_DER_VALUE", "authorityKeyIdentifier", start, "issuer and serial number do not come together");
    }
    return {
      ...(keyIdentifier === undefined ? {} : { keyIdentifier }),
      ...(authorityCertIssuer === undefined ? {} : { authorityCertIssuer }),
      ...(authorityCertSerialNumber === undefined ? {} : { authorityCertSerialNumber }),
    };
  },
};
