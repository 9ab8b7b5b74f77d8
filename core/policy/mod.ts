/**
 * Attribute mapping: what session tags IAM Roles Anywhere makes of a certificate.
 *
 * @example
 * ```ts
 * import { DEFAULT_ATTRIBUTE_MAPPINGS, mapAttributes } from "anyrole/policy";
 * import { readCertificates } from "anyrole/x509";
 *
 * export function printTags(pem: string): void {
 *   const { tags } = mapAttributes(readCertificates(pem)[0]!, DEFAULT_ATTRIBUTE_MAPPINGS);
 *   for (const { key, value } of tags) console.log(key, value);
 * }
 * ```
 *
 * @module
 */

export {
  type AttributeMapping,
  type CertificateField,
  DEFAULT_ATTRIBUTE_MAPPINGS,
  mapAttributes,
  type MappedAttributes,
  type MappingRule,
  normalizeSpecifier,
  type SessionTag,
  type UnmappedAttribute,
  unmappedDiagnostic,
} from "./attribute-mapping.ts";
export type { Certificate } from "../x509/certificate.ts";
export { SUPPORTED_ATTRIBUTES } from "./attribute-types.ts";
