/**
 * Attribute types of names by the words that software writes for them.
 *
 * @module
 */

/** The dotted type that a word means, in any case; dotted words stand for themselves. Undefined: nobody writes it so. */
export function attributeTypeOf(word: string): string | undefined {
  const dotted = word.replace(/^oid\./i, "");
  if (/^\d+(\.\d+)+$/.test(dotted)) return dotted;
  const upper = word.toUpperCase();
  return Object.prototype.hasOwnProperty.call(TYPES, upper) ? TYPES[upper] : undefined;
}

/** RFC 4514 §3, RFC 4519, and the words of OpenSSL and Windows. */
const TYPES: Readonly<Record<string, string>> = {
  CN: "2.5.4.3",
  COMMONNAME: "2.5.4.3",
  SN: "2.5.4.4",
  SURNAME: "2.5.4.4",
  SERIALNUMBER: "2.5.4.5",
  C: "2.5.4.6",
  COUNTRYNAME: "2.5.4.6",
  L: "2.5.4.7",
  LOCALITYNAME: "2.5.4.7",
  ST: "2.5.4.8",
  S: "2.5.4.8",
  STATEORPROVINCENAME: "2.5.4.8",
  STREET: "2.5.4.9",
  STREETADDRESS: "2.5.4.9",
  O: "2.5.4.10",
  ORGANIZATIONNAME: "2.5.4.10",
  OU: "2.5.4.11",
  ORGANIZATIONALUNITNAME: "2.5.4.11",
  T: "2.5.4.12",
  TITLE: "2.5.4.12",
  DESCRIPTION: "2.5.4.13",
  BUSINESSCATEGORY: "2.5.4.15",
  POSTALCODE: "2.5.4.17",
  NAME: "2.5.4.41",
  GN: "2.5.4.42",
  G: "2.5.4.42",
  GIVENNAME: "2.5.4.42",
  I: "2.5.4.43",
  INITIALS: "2.5.4.43",
  GENERATIONQUALIFIER: "2.5.4.44",
  DNQUALIFIER: "2.5.4.46",
  PSEUDONYM: "2.5.4.65",
  ORGANIZATIONIDENTIFIER: "2.5.4.97",
  UID: "0.9.2342.19200300.100.1.1",
  USERID: "0.9.2342.19200300.100.1.1",
  DC: "0.9.2342.19200300.100.1.25",
  DOMAINCOMPONENT: "0.9.2342.19200300.100.1.25",
  E: "1.2.840.113549.1.9.1",
  EMAIL: "1.2.840.113549.1.9.1",
  EMAILADDRESS: "1.2.840.113549.1.9.1",
  UNSTRUCTUREDNAME: "1.2.840.113549.1.9.2",
};
