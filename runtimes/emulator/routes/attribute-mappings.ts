/**
 * Operations on the attribute mappings of profiles.
 *
 * @see IAM Roles Anywhere API reference, "PutAttributeMapping", "DeleteAttributeMapping"
 * @see IAM Roles Anywhere user guide, "Attribute mapping"
 * @module
 */

import {
  type AttributeMapping,
  type CertificateField,
  type MappingRule,
  normalizeSpecifier,
} from "../../../core/policy/mod.ts";
import { listMember, structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { RESOURCE_ID } from "../members/resource-members.ts";
import { choiceMember, textMember } from "../members/scalar-members.ts";
import { ownRecord, resourceArn } from "../roles-anywhere/resource-scope.ts";
import { invalid, type RestOperation } from "../protocols/rest-operation.ts";
import { putProfile } from "./profiles.ts";

const CERTIFICATE_FIELD: Member<CertificateField> = /* @__PURE__ */ choiceMember([
  "x509Subject",
  "x509Issuer",
  "x509SAN",
]);

const MAPPING_RULES: Member<readonly MappingRule[]> = /* @__PURE__ */ listMember(
  /* @__PURE__ */ structureMember<MappingRule>({ specifier: /* @__PURE__ */ textMember({ most: 60 }) }, ["specifier"]),
);

/** Input of `PutAttributeMapping`. */
export interface PutMappingInput {
  readonly profileId: string;
  readonly certificateField: CertificateField;
  readonly mappingRules: readonly MappingRule[];
}

/** Replaces the rules of one field; other fields keep theirs. */
export const PUT_ATTRIBUTE_MAPPING: RestOperation<PutMappingInput> = {
  name: "PutAttributeMapping",
  method: "PUT",
  path: "/profiles/{profileId}/mappings",
  status: 200,
  readOnly: false,
  rate: "profiles",
  input: /* @__PURE__ */ structureMember<PutMappingInput>({
    profileId: RESOURCE_ID,
    certificateField: CERTIFICATE_FIELD,
    mappingRules: MAPPING_RULES,
  }, ["profileId", "certificateField", "mappingRules"]),
  resource: (call, { profileId }) => resourceArn(call, "profiles", profileId),
  run(service, call, { profileId, certificateField, mappingRules }) {
    const record = ownRecord(service, call, "profiles", profileId);
    const specifiers = mappingRules.map(({ specifier }) => checkedSpecifier(certificateField, specifier));
    const attributeMappings = withRules(record.attributeMappings, certificateField, [...new Set(specifiers)]);
    return putProfile(service, { ...record, attributeMappings });
  },
};

/** Input of `DeleteAttributeMapping`. */
export interface DeleteMappingInput {
  readonly profileId: string;
  readonly certificateField: CertificateField;
  readonly specifiers?: readonly string[];
}

/** Removes some rules of one field, or all; rules that are not there do no harm. */
export const DELETE_ATTRIBUTE_MAPPING: RestOperation<DeleteMappingInput> = {
  name: "DeleteAttributeMapping",
  method: "DELETE",
  path: "/profiles/{profileId}/mappings",
  query: ["certificateField", "specifiers"],
  status: 200,
  readOnly: false,
  rate: "profiles",
  input: /* @__PURE__ */ structureMember<DeleteMappingInput>({
    profileId: RESOURCE_ID,
    certificateField: CERTIFICATE_FIELD,
    specifiers: /* @__PURE__ */ listMember(/* @__PURE__ */ textMember()),
  }, ["profileId", "certificateField"]),
  resource: (call, { profileId }) => resourceArn(call, "profiles", profileId),
  run(service, call, { profileId, certificateField, specifiers }) {
    const record = ownRecord(service, call, "profiles", profileId);
    const removed = specifiers?.map((one) => normalizeSpecifier(certificateField, one) ?? one);
    const rules = record.attributeMappings.find((one) => one.certificateField === certificateField)?.mappingRules ?? [];
    const kept = removed === undefined
      ? []
      : rules.map(({ specifier }) => specifier).filter((one) => !removed.includes(one));
    return putProfile(service, {
      ...record,
      attributeMappings: withRules(record.attributeMappings, certificateField, kept),
    });
  },
};

/** The mappings with these rules of one field; a field without rules has no entry (assumption). In order of fields. */
function withRules(
  mappings: readonly AttributeMapping[],
  certificateField: CertificateField,
  specifiers: readonly string[],
): readonly AttributeMapping[] {
  const others = mappings.filter((one) => one.certificateField !== certificateField);
  if (specifiers.length === 0) return others;
  const mapping = { mappingRules: specifiers.map((specifier) => ({ specifier })), certificateField };
  return [...others, mapping].sort((one, other) => one.certificateField < other.certificateField ? -1 : 1);
}

function checkedSpecifier(certificateField: CertificateField, specifier: string): string {
  const normal = normalizeSpecifier(certificateField, specifier);
  if (normal === undefined) throw invalid(`Invalid mapping rule: ${certificateField} has no specifier '${specifier}'`);
  return normal;
}
