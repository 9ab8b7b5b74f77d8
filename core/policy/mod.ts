/**
 * Attribute mapping: what session tags IAM Roles Anywhere makes of a certificate.
 *
 * ```ts
 * import { DEFAULT_ATTRIBUTE_MAPPINGS, mapAttributes } from "anyrole/policy";
 * import { parseCertificate } from "anyrole/x509";
 *
 * const { tags, unmapped } = mapAttributes(parseCertificate(der), DEFAULT_ATTRIBUTE_MAPPINGS);
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
