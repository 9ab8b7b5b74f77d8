/**
 * Session tags from a certificate: the attribute mapping of a profile, applied.
 *
 * Subject and issuer attributes become `x509Subject/CN`, `x509Issuer/O` and so on; of the subject alternative name
 * the first dNSName, the first URI and the first directoryName count. Repeated attributes are joined with `/` in
 * certificate order. What STS does not accept as a tag is left out and named in a diagnostic.
 *
 * @see IAM Roles Anywhere user guide, "Attribute mapping"; STS API reference, "Tag"
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import type { Name } from "../x509/name.ts";
import { attributeType, SUPPORTED_ATTRIBUTES } from "./attribute-types.ts";

/** Where mapped attributes are taken from. */
export type CertificateField = "x509Subject" | "x509Issuer" | "x509SAN";

/** One rule: `*`, `CN`, a dotted OID; under `x509SAN`: `DNS`, `URI`, `Name/*`, `Name/CN`. */
export interface MappingRule {
  /** What to map, 1 to 60 characters. */
  readonly specifier: string;
}

/** The rules of one certificate field. */
export interface AttributeMapping {
  /** The field. */
  readonly certificateField: CertificateField;
  /** Its rules, in order. */
  readonly mappingRules: readonly MappingRule[];
}

/** A session tag; `aws:PrincipalTag/{key}` in policies. */
export interface SessionTag {
  /** `x509Subject/CN`: 1 to 128 characters. */
  readonly key: string;
  /** At most 256 characters. */
  readonly value: string;
}

/** An attribute that STS does not accept as a tag. */
export interface UnmappedAttribute {
  /** The field it stands in. */
  readonly certificateField: CertificateField;
  /** Which attribute: `CN`, `DNS`, `Name/O`. */
  readonly specifier: string;
  /** Why. */
  readonly reason: "characters" | "length" | "encoding";
}

/** What a mapping makes of a certificate. */
export interface MappedAttributes {
  /** In the order of the rules, then of the certificate; each key once. */
  readonly tags: readonly SessionTag[];
  /** What was left out. */
  readonly unmapped: readonly UnmappedAttribute[];
}

/** The mapping of a new profile: everything that can be mapped. */
export const DEFAULT_ATTRIBUTE_MAPPINGS: readonly AttributeMapping[] = [
  { certificateField: "x509Issuer", mappingRules: [{ specifier: "*" }] },
  {
    certificateField: "x509SAN",
    mappingRules: [{ specifier: "DNS" }, { specifier: "URI" }, { specifier: "Name/*" }],
  },
  { certificateField: "x509Subject", mappingRules: [{ specifier: "*" }] },
];

/** Applies the mapping to a certificate. */
export function mapAttributes(
  certificate: Pick<Certificate, "subject" | "issuer" | "subjectAlternativeName">,
  mappings: readonly AttributeMapping[],
): MappedAttributes {
  const tags: SessionTag[] = [];
  const unmapped: UnmappedAttribute[] = [];
  for (const { certificateField, mappingRules } of mappings) {
    for (const rule of mappingRules) {
      for (const [specifier, values] of selectValues(certificate, certificateField, rule.specifier)) {
        const key = `${certificateField}/${specifier}`;
        const value = joinValues(values);
        const reason = value === undefined ? "encoding" : tagProblem(key, value);
        // What another rule has selected before is the same again.
        if (reason !== undefined) {
          if (!unmapped.some((one) => one.certificateField === certificateField && one.specifier === specifier)) {
            unmapped.push({ certificateField, specifier, reason });
          }
        } else if (value !== undefined && !tags.some((tag) => tag.key === key)) tags.push({ key, value });
      }
    }
  }
  return { tags, unmapped };
}

/** The service's list of what was left out: `Issuer: [ CN ]; Subject: [  ]; SAN: [ DNS ]`. */
export function unmappedDiagnostic(unmapped: readonly UnmappedAttribute[]): string {
  const list = (field: CertificateField): string =>
    `[ ${unmapped.filter((one) => one.certificateField === field).map((one) => one.specifier).join(", ")} ]`;
  return `Issuer: ${list("x509Issuer")}; Subject: ${list("x509Subject")}; SAN: ${list("x509SAN")}`;
}

/**
 * A specifier in the form in which the service shows it: `Name` and `Name/` become `Name/*`. Undefined when the
 * field does not know it: `*` under `x509SAN`, say.
 */
export function normalizeSpecifier(certificateField: CertificateField, specifier: string): string | undefined {
  if (certificateField !== "x509SAN") return specifier === "*" || isAttribute(specifier) ? specifier : undefined;
  if (specifier === "DNS" || specifier === "URI") return specifier;
  if (specifier === "Name" || specifier === "Name/") return "Name/*";
  if (!specifier.startsWith("Name/")) return undefined;
  const attribute = specifier.slice("Name/".length);
  return attribute === "*" || isAttribute(attribute) ? specifier : undefined;
}

/** A value of undefined is one whose characters could not be read. */
type Selected = readonly (readonly [specifier: string, values: readonly (string | undefined)[]])[];

function selectValues(
  certificate: Pick<Certificate, "subject" | "issuer" | "subjectAlternativeName">,
  field: CertificateField,
  written: string,
): Selected {
  const specifier = normalizeSpecifier(field, written);
  if (specifier === undefined) return [];
  if (field === "x509Subject") return selectAttributes(certificate.subject, specifier);
  if (field === "x509Issuer") return selectAttributes(certificate.issuer, specifier);
  const names = certificate.subjectAlternativeName ?? [];
  if (specifier === "DNS") {
    const name = names.find((one) => one.form === "dNSName");
    return name === undefined ? [] : [["DNS", [name.value]]];
  }
  if (specifier === "URI") {
    const name = names.find((one) => one.form === "uniformResourceIdentifier");
    return name === undefined ? [] : [["URI", [name.value]]];
  }
  const directory = names.find((one) => one.form === "directoryName");
  if (directory === undefined) return [];
  return selectAttributes(directory.value, specifier.slice("Name/".length))
    .map(([name, values]) => [`Name/${name}`, values]);
}

/** `*`: every supported attribute of the name; otherwise the one attribute, if it is there. */
function selectAttributes(name: Name, specifier: string): Selected {
  const wanted = specifier === "*" ? undefined : attributeType(specifier);
  const selected = new Map<string, (string | undefined)[]>();
  for (const rdn of name.rdns) {
    for (const attribute of rdn) {
      const label = wanted === undefined
        ? SUPPORTED_ATTRIBUTES.get(attribute.oid)
        : attribute.oid === wanted
        ? specifier
        : undefined;
      if (label === undefined) continue;
      const values = selected.get(label);
      if (values === undefined) selected.set(label, [attribute.text]);
      else values.push(attribute.text);
    }
  }
  return [...selected];
}

function isAttribute(specifier: string): boolean {
  return attributeType(specifier) !== undefined;
}

function joinValues(values: readonly (string | undefined)[]): string | undefined {
  return values.includes(undefined) ? undefined : values.join("/");
}

/** STS limits of keys and values; lengths are counted in UTF-16 units. Keys are made of letters, digits, `.` and `/`. */
function tagProblem(key: string, value: string): UnmappedAttribute["reason"] | undefined {
  if (key.length > 128 || value.length > 256) return "length";
  return TAG_CHARACTERS.test(value) ? undefined : "characters";
}

const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
