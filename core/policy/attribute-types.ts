/**
 * Attribute types of distinguished names that attribute mapping knows (X.520; RFC 4519).
 *
 * The service's list is not public. `CN`, `O`, `OU`, `C`, `L`, `ST` and `UID` are attested; the others are the
 * attributes that RFC 5280 §4.1.2.4 names and those that certificates commonly carry.
 *
 * @module
 */

/** Short names by OID, in dotted form. */
export const SUPPORTED_ATTRIBUTES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "T"],
  ["2.5.4.42", "GN"],
  ["2.5.4.43", "initials"],
  ["2.5.4.44", "generationQualifier"],
  ["2.5.4.46", "dnQualifier"],
  ["2.5.4.65", "pseudonym"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);

/** The OID that a specifier names: a short name, or an OID itself; undefined for anything else. */
export function attributeType(specifier: string): string | undefined {
  if (/^[0-2](\.(0|[1-9]\d*))+$/.test(specifier)) return specifier;
  for (const [oid, name] of SUPPORTED_ATTRIBUTES) if (name === specifier) return oid;
  return undefined;
}
