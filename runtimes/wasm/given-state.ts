/**
 * The state of the service, of the records that the component is given.
 *
 * @module
 */

import type { ProfileState, SessionState as ServiceState } from "../../core/decision/session-state.ts";
import {
  type AttributeMapping,
  type CertificateField,
  DEFAULT_ATTRIBUTE_MAPPINGS,
} from "../../core/policy/attribute-mapping.ts";
import { parsePolicy } from "../../core/policy/policy-document.ts";
import { readCertificateRevocationLists } from "../../core/x509/crl/read-revocation-lists.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { MappingRecord, ProfileRecord, SessionState } from "./world.ts";

/**
 * Reads certificates, lists and policies.
 *
 * @throws {CertificateError} for what is no certificate or revocation list
 * @throws {PolicyError} for a trust policy that cannot be read
 * @throws {TypeError} for a certificate field that does not exist
 */
export function sessionState(given: SessionState): ServiceState {
  return {
    trustAnchors: given.trustAnchors.map(({ arn, enabled, certificates }) => ({
      arn,
      enabled,
      certificates: readCertificates(certificates),
    })),
    crls: given.crls.flatMap(({ arn, trustAnchorArn, enabled, crl }) =>
      readCertificateRevocationLists(crl).map((list) => ({ arn, trustAnchorArn, enabled, list }))
    ),
    profiles: given.profiles.map(profileState),
    roles: given.roles.map(({ trustPolicy, ...role }) => ({ ...role, trustPolicy: parsePolicy(trustPolicy, "trust") })),
  };
}

function profileState({ attributeMappings, sessionPolicy, ...profile }: ProfileRecord): ProfileState {
  return {
    ...profile,
    attributeMappings: attributeMappings?.map(mapping) ?? DEFAULT_ATTRIBUTE_MAPPINGS,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
  };
}

function mapping({ certificateField, specifiers }: MappingRecord): AttributeMapping {
  if (!FIELDS.includes(certificateField)) {
    throw new TypeError(`"certificate-field" must be one of ${FIELDS.join(", ")}`);
  }
  return {
    certificateField: certificateField as CertificateField,
    mappingRules: specifiers.map((specifier) => ({ specifier })),
  };
}

const FIELDS: readonly string[] = ["x509Subject", "x509Issuer", "x509SAN"];
