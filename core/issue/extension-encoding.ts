/**
 * Extensions of certificates to be issued (RFC 5280 §4.2.1): the ones that a certification authority for Roles
 * Anywhere needs; any other can be given as OID and value.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import {
  derBitString,
  derBoolean,
  derContextConstructed,
  derContextPrimitive,
  derElement,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
} from "../der/writer.ts";
import { TAG } from "../der/tag.ts";
import { AUTHORITY_KEY_IDENTIFIER } from "../x509/extensions/authority-key-identifier.ts";
import { CRL_DISTRIBUTION_POINTS } from "../x509/extensions/crl-distribution-points.ts";
import { ISSUING_DISTRIBUTION_POINT } from "../x509/extensions/issuing-distribution-point.ts";
import { REASON_CODE, REASON_CODES, type ReasonCode } from "../x509/extensions/reason-code.ts";
import { BASIC_CONSTRAINTS, type BasicConstraints } from "../x509/extensions/basic-constraints.ts";
import { CRL_NUMBER } from "../x509/extensions/crl-number.ts";
import { EXTENDED_KEY_USAGE } from "../x509/extensions/extended-key-usage.ts";
import { KEY_USAGE, KEY_USAGES, type KeyUsage } from "../x509/extensions/key-usage.ts";
import { NAME_CONSTRAINTS } from "../x509/extensions/name-constraints.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "../x509/extensions/subject-alternative-name.ts";
import { SUBJECT_KEY_IDENTIFIER } from "../x509/extensions/subject-key-identifier.ts";
import { encodeGeneralName, type GeneralNameTemplate } from "./general-name-encoding.ts";

/** One extension to write. */
export interface ExtensionTemplate {
  /** extnID, dotted. */
  readonly oid: string;
  /** Whether who does not know it must refuse the certificate. */
  readonly critical: boolean;
  /** The DER of the extension's own type. */
  readonly value: Bytes;
}

/** Extensions: the list as a whole. */
export function encodeExtensions(extensions: readonly ExtensionTemplate[]): Bytes {
  return derSequence(
    ...extensions.map(({ oid, critical, value }) =>
      derSequence(derObjectIdentifier(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value))
    ),
  );
}

/** Basic constraints; critical. */
export function basicConstraintsExtension({ ca, pathLength }: BasicConstraints): ExtensionTemplate {
  const fields = [...(ca ? [derBoolean(true)] : []), ...(pathLength === undefined ? [] : [derInteger(pathLength)])];
  return { oid: BASIC_CONSTRAINTS.oid, critical: true, value: derSequence(...fields) };
}

/** Key usage; critical. */
export function keyUsageExtension(usages: readonly KeyUsage[]): ExtensionTemplate {
  const octets = new Uint8Array(2);
  let last = 0;
  for (const usage of usages) {
    const bit = KEY_USAGES.indexOf(usage);
    if (bit < 0) throw new RangeError(`"usages" holds an unknown key usage: ${usage}`);
    octets[bit >> 3] = octets[bit >> 3]! | (0x80 >> (bit & 7));
    last = Math.max(last, bit);
  }
  // A list of named bits ends with its last one (X.690 §11.2.2).
  return {
    oid: KEY_USAGE.oid,
    critical: true,
    value: derBitString(octets.subarray(0, (last >> 3) + 1), 7 - (last & 7)),
  };
}

/** Extended key usage of these purposes, dotted; not critical. */
export function extendedKeyUsageExtension(purposes: readonly string[]): ExtensionTemplate {
  return { oid: EXTENDED_KEY_USAGE.oid, critical: false, value: derSequence(...purposes.map(derObjectIdentifier)) };
}

/** Subject alternative name; critical where the subject is empty (RFC 5280 §4.2.1.6), which the caller says. */
export function subjectAlternativeNameExtension(
  names: readonly GeneralNameTemplate[],
  critical: boolean = false,
): ExtensionTemplate {
  return { oid: SUBJECT_ALTERNATIVE_NAME.oid, critical, value: derSequence(...names.map(encodeGeneralName)) };
}

/** Subject key identifier; not critical. */
export function subjectKeyIdentifierExtension(keyIdentifier: Bytes): ExtensionTemplate {
  return { oid: SUBJECT_KEY_IDENTIFIER.oid, critical: false, value: derOctetString(keyIdentifier) };
}

/** Authority key identifier, by the identifier alone; not critical. */
export function authorityKeyIdentifierExtension(keyIdentifier: Bytes): ExtensionTemplate {
  const value = derSequence(derContextPrimitive(0, keyIdentifier));
  return { oid: AUTHORITY_KEY_IDENTIFIER.oid, critical: false, value };
}

/** Name constraints; critical. */
export function nameConstraintsExtension(
  constraints: {
    readonly permittedSubtrees?: readonly GeneralNameTemplate[];
    readonly excludedSubtrees?: readonly GeneralNameTemplate[];
  },
): ExtensionTemplate {
  const subtrees = (tag: number, bases: readonly GeneralNameTemplate[] = []) =>
    bases.length === 0
      ? []
      : [derContextConstructed(tag, ...bases.map((base) => derSequence(encodeGeneralName(base))))];
  const value = derSequence(
    ...subtrees(0, constraints.permittedSubtrees),
    ...subtrees(1, constraints.excludedSubtrees),
  );
  return { oid: NAME_CONSTRAINTS.oid, critical: true, value };
}

/** CRL distribution points: one point, where the list has these names; not critical. */
export function crlDistributionPointsExtension(fullName: readonly GeneralNameTemplate[]): ExtensionTemplate {
  const point = derSequence(distributionPointName(fullName));
  return { oid: CRL_DISTRIBUTION_POINTS.oid, critical: false, value: derSequence(point) };
}

/** Issuing distribution point of a list for all reasons and kinds of certificates, found under these names; critical. */
export function issuingDistributionPointExtension(fullName: readonly GeneralNameTemplate[]): ExtensionTemplate {
  return { oid: ISSUING_DISTRIBUTION_POINT.oid, critical: true, value: derSequence(distributionPointName(fullName)) };
}

/** distributionPoint [0], whose CHOICE makes it explicit, of fullName [0]. */
function distributionPointName(fullName: readonly GeneralNameTemplate[]): Bytes {
  return derContextConstructed(0, derContextConstructed(0, ...fullName.map(encodeGeneralName)));
}

/** Reason code of a CRL entry: 0 to 10, but not 7 (RFC 5280 §5.3.1); not critical. */
export function reasonCodeExtension(reason: ReasonCode): ExtensionTemplate {
  const code = REASON_CODES.indexOf(reason);
  if (code < 0) throw new RangeError(`"reason" is no reason code: ${reason}`);
  return { oid: REASON_CODE.oid, critical: false, value: derElement(TAG.enumerated, Uint8Array.of(code)) };
}

/** CRL number; not critical. */
export function crlNumberExtension(number: number | bigint): ExtensionTemplate {
  return { oid: CRL_NUMBER.oid, critical: false, value: derInteger(number) };
}
