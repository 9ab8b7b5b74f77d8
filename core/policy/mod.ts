/**
 * Attribute mapping, which says what session tags IAM Roles Anywhere makes of a certificate, and the policies that look
 * at them: trust policies and permissions policies, read, evaluated and explained.
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
export type { Comparison, ConditionOperator } from "./condition-operator.ts";
export type { ConditionResult } from "./evaluate-condition.ts";
export {
  evaluatePolicies,
  evaluatePolicy,
  type PoliciesResult,
  type PolicyRequest,
  type PolicyResult,
  type StatementResult,
} from "./evaluate-policy.ts";
export { explainPolicy } from "./explain.ts";
export {
  type Condition,
  DEFAULT_MAX_POLICY_SIZE,
  parsePolicy,
  type ParsePolicyOptions,
  type PolicyDocument,
  type PolicyKind,
  type PolicyStatement,
  type PolicyVersion,
  type StatementPatterns,
} from "./policy-document.ts";
export type { RequestPrincipal, StatementPrincipal, StatementPrincipals } from "./principal.ts";
export { type ContextValues, RequestContext, requestContext } from "./request-context.ts";
export {
  decidePermission,
  type DecidingStatement,
  type NamedPolicy,
  type PermissionDecision,
  type PermissionSources,
} from "./session-permissions.ts";
export type { AdviceSeverity, PolicyAdvice, TrustPolicyFacts } from "./policy-advice.ts";
export { adviseTrustPolicy, ROLES_ANYWHERE_PRINCIPAL } from "./trust-policy-advice.ts";
export type { Certificate } from "../x509/certificate.ts";
export { SUPPORTED_ATTRIBUTES } from "./attribute-types.ts";
export { sessionContext, type SessionFacts, timeContext } from "./session-context.ts";
