/**
 * Revocation lists of the test CAs.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { derInteger } from "../../../core/der/writer.ts";
import { type ExtensionTemplate, issueRevocationList, type RevocationListTemplate } from "../../../core/issue/mod.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { DAY, NOW, testKey } from "../../support/test-authority.ts";

/** A list of a CA that names these serial numbers, DER. */
export async function revocationList(
  issuer: string,
  serials: readonly number[],
  more: Partial<RevocationListTemplate> = {},
  signer?: Signer,
): Promise<Bytes> {
  return await issueRevocationList({
    issuer: [{ type: "CN", value: issuer }],
    thisUpdate: NOW - DAY,
    nextUpdate: NOW + DAY,
    revokedCertificates: serials.map((serialNumber) => ({ serialNumber, revocationDate: NOW - DAY })),
    ...more,
  }, signer ?? await testKey(issuer));
}

/** A list as it is imported: PEM in base64. */
export function importedPem(...lists: readonly Bytes[]): { readonly data: string } {
  return { data: encodeBase64(encodeUtf8(lists.map((list) => encodePem("X509 CRL", list)).join(""))) };
}

/** A list as it is imported: DER in base64. */
export function importedDer(list: Bytes): { readonly data: string } {
  return { data: encodeBase64(list) };
}

/** cRLNumber. */
export function listNumber(number: number): ExtensionTemplate {
  return { oid: "2.5.29.20", critical: false, value: derInteger(number) };
}

/** deltaCRLIndicator: the number of the list that is completed. */
export function deltaOf(number: number): ExtensionTemplate {
  return { oid: "2.5.29.27", critical: true, value: derInteger(number) };
}
