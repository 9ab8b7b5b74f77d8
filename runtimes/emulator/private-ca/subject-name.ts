/**
 * Distinguished names as the API writes them.
 *
 * @see AWS Private CA API reference, "ASN1Subject"
 * @module
 */

import type { AttributeTemplate } from "../../../core/issue/name-encoding.ts";

/** `ASN1Subject` of the API: text by member, and attributes of other types. */
export interface Asn1Subject {
  readonly [member: string]:
    | string
    | readonly { readonly ObjectIdentifier: string; readonly Value: string }[]
    | undefined;
  readonly CustomAttributes?: readonly { readonly ObjectIdentifier: string; readonly Value: string }[];
}

/** The attributes in the order in which the service writes them. */
export function subjectName(subject: Asn1Subject): AttributeTemplate[] {
  const attributes: AttributeTemplate[] = [];
  for (const [member, type] of ATTRIBUTES) {
    const value = subject[member];
    if (typeof value === "string" && value !== "") attributes.push({ type, value });
  }
  for (const { ObjectIdentifier, Value } of subject.CustomAttributes ?? []) {
    attributes.push({ type: ObjectIdentifier, value: Value });
  }
  return attributes;
}

const ATTRIBUTES: readonly (readonly [member: string, type: string])[] = [
  ["Country", "C"],
  ["Organization", "O"],
  ["OrganizationalUnit", "OU"],
  ["DistinguishedNameQualifier", "2.5.4.46"],
  ["State", "ST"],
  ["Locality", "L"],
  ["CommonName", "CN"],
  ["SerialNumber", "serialNumber"],
  ["Title", "title"],
  ["Surname", "SN"],
  ["GivenName", "GN"],
  ["Initials", "2.5.4.43"],
  ["Pseudonym", "2.5.4.65"],
  ["GenerationQualifier", "2.5.4.44"],
];
