/**
 * Private key usage period (RFC 3280 §4.2.1.4, X.509 §9.2.2.5), which RFC 5280 no longer describes.
 *
 * @module
 */

import type { DerReader } from "../../der/reader.ts";
import { contextPrimitive, TAG } from "../../der/tag.ts";
import { decodeTime } from "../../der/time.ts";
import type { ExtensionType } from "./extension.ts";

/** When the private key may sign; milliseconds since the epoch, at least one field. */
export interface PrivateKeyUsagePeriod {
  /** First moment at which it may sign. */
  readonly notBefore?: number;
  /** Last moment at which it may sign. */
  readonly notAfter?: number;
}

/** Private key usage period. */
export const PRIVATE_KEY_USAGE_PERIOD: ExtensionType<PrivateKeyUsagePeriod> = {
  oid: "2.5.29.16",
  name: "privateKeyUsagePeriod",
  read(reader) {
    const offset = reader.position;
    const sequence = reader.sequence("privateKeyUsagePeriod");
    if (sequence.done) sequence.fail("ERR_DER_VALUE", "privateKeyUsagePeriod", offset, "there is no time");
    const notBefore = readTime(sequence, 0, "privateKeyUsagePeriod.notBefore");
    const notAfter = readTime(sequence, 1, "privateKeyUsagePeriod.notAfter");
    sequence.finish("privateKeyUsagePeriod");
    return { ...(notBefore === undefined ? {} : { notBefore }), ...(notAfter === undefined ? {} : { notAfter }) };
  },
};

function readTime(reader: DerReader, tag: number, reading: string): number | undefined {
  const offset = reader.position;
  const content = reader.contentOptional(contextPrimitive(tag), reading);
  return content === undefined ? undefined : decodeTime(TAG.generalizedTime, content, reading, offset);
}
