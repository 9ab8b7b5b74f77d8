/**
 * Condition keys that stand for attributes of a certificate: `aws:PrincipalTag/x509Subject/CN` and its like.
 *
 * Which tags can exist follows from attribute mapping: a subject, issuer or directory name attribute of a supported
 * type, the first dNSName and the first URI. There is none for serial numbers, addresses or e-mail names.
 *
 * @see IAM Roles Anywhere user guide, "Attribute mapping"
 * @module
 */

import { type AttributeMapping, normalizeSpecifier } from "./attribute-mapping.ts";
import { attributeType, SUPPORTED_ATTRIBUTES } from "./attribute-types.ts";

/** A tag that a condition key names: of the principal or of the request, which have the same ones in a CreateSession. */
export interface TagKey {
  /** The tag as the policy spells it. */
  readonly tag: string;
  /** Its field and specifier when a certificate can have it; undefined: no certificate ever does. */
  readonly attribute: { readonly field: AttributeMapping["certificateField"]; readonly specifier: string } | undefined;
}

/** The tag that a condition key names; undefined for other keys. */
export function tagOfKey(key: string): TagKey | undefined {
  const tag = /^aws:(?:principal|request)tag\/(.*)$/is.exec(key)?.[1];
  return tag === undefined ? undefined : { tag, attribute: attributeOf(tag) };
}

/** Whether the mapping can make the tag. */
export function isMapped(
  { field, specifier }: NonNullable<TagKey["attribute"]>,
  mappings: readonly AttributeMapping[],
): boolean {
  return mappings.some(({ certificateField, mappingRules }) =>
    certificateField === field &&
    mappingRules.some((rule) => covers(normalizeSpecifier(field, rule.specifier), specifier))
  );
}

/** What to write in place of a tag that no certificate has. */
export function suggestTag(tag: string): string {
  const lower = tag.toLowerCase();
  if (lower.includes("serial")) {
    return "serial numbers are no tags; name the subject, or revoke single certificates by a revocation list";
  }
  const known = SUGGESTIONS.get(lower);
  if (known !== undefined) return `write aws:PrincipalTag/${known}`;
  const parts = lower.split("/");
  const attribute = [...SUPPORTED_ATTRIBUTES.values()].find((name) => name.toLowerCase() === parts.at(-1));
  const field = (["x509Subject", "x509Issuer"] as const).find((name) =>
    parts[0]!.includes(name.slice(4).toLowerCase())
  );
  if (attribute !== undefined && field !== undefined) return `write aws:PrincipalTag/${field}/${attribute}`;
  return "tags are x509Subject/…, x509Issuer/…, x509SAN/DNS, x509SAN/URI and x509SAN/Name/…";
}

function attributeOf(tag: string): TagKey["attribute"] {
  const match = /^(x509Subject|x509Issuer|x509SAN)\/(.+)$/i.exec(tag);
  if (match === null) return undefined;
  const field = FIELDS.find((name) => name.toLowerCase() === match[1]!.toLowerCase())!;
  const specifier = match[2]!;
  if (field !== "x509SAN") return isAttribute(specifier) ? { field, specifier } : undefined;
  if (/^(?:DNS|URI)$/i.test(specifier)) return { field, specifier: specifier.toUpperCase() };
  return /^Name\//i.test(specifier) && isAttribute(specifier.slice(5)) ? { field, specifier } : undefined;
}

/** Condition keys are case-insensitive, so that the short names are here. */
function isAttribute(name: string): boolean {
  const lower = name.toLowerCase();
  return attributeType(name) !== undefined ||
    [...SUPPORTED_ATTRIBUTES.values()].some((one) => one.toLowerCase() === lower);
}

/** A `*` maps attributes under their short names; an attribute by number must be named. */
function covers(rule: string | undefined, specifier: string): boolean {
  if (rule === undefined) return false;
  if (rule.toLowerCase() === specifier.toLowerCase()) return true;
  const prefix = rule === "*" ? "" : rule === "Name/*" ? "name/" : undefined;
  if (prefix === undefined || !specifier.toLowerCase().startsWith(prefix)) return false;
  return !/^\d/.test(specifier.slice(prefix.length));
}

const FIELDS = ["x509Subject", "x509Issuer", "x509SAN"] as const;
const SUGGESTIONS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["x509san/cn", "x509SAN/Name/CN"],
  ["x509san/name", "x509SAN/Name/CN"],
  ["x509san/dnsname", "x509SAN/DNS"],
  ["x509san/uniformresourceidentifier", "x509SAN/URI"],
  ["x509subject", "x509Subject/CN"],
  ["x509issuer", "x509Issuer/CN"],
]);
