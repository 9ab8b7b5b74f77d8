/**
 * What the service knows when a request arrives: trust anchors, revocation lists, profiles and roles.
 *
 * @module
 */

import type { AttributeMapping } from "../policy/attribute-mapping.ts";
import type { PolicyDocument } from "../policy/policy-document.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { CertificateRevocationList } from "../x509/crl/certificate-revocation-list.ts";

/** Everything a decision depends on besides the request. */
export interface SessionState {
  /** Trust anchors, by ARN. */
  readonly trustAnchors: readonly TrustAnchorState[];
  /** Revocation lists; a `DecisionMemory` remembers them for as long as this array lives. */
  readonly crls: readonly RevocationListState[];
  /** Profiles, by ARN. */
  readonly profiles: readonly ProfileState[];
  /** Roles of IAM, by ARN. */
  readonly roles: readonly RoleState[];
}

/** A trust anchor. */
export interface TrustAnchorState {
  /** `arn:aws:rolesanywhere:{region}:{account}:trust-anchor/{id}`. */
  readonly arn: string;
  /** A disabled one refuses every request. */
  readonly enabled: boolean;
  /** One or two CA certificates. */
  readonly certificates: readonly Certificate[];
}

/** A revocation list. Of an import that holds several there is one for each, with the same ARN. */
export interface RevocationListState {
  /** `arn:aws:rolesanywhere:{region}:{account}:crl/{id}`. */
  readonly arn: string;
  /** The trust anchor whose certificates it is about. */
  readonly trustAnchorArn: string;
  /** A disabled one counts for nothing. */
  readonly enabled: boolean;
  /** The list; whether it can be believed is found out when it is used. */
  readonly list: CertificateRevocationList;
}

/** A profile. */
export interface ProfileState {
  /** `arn:aws:rolesanywhere:{region}:{account}:profile/{id}`. */
  readonly arn: string;
  /** A disabled one refuses every request. */
  readonly enabled: boolean;
  /** Roles that may be asked for, paths included. */
  readonly roleArns: readonly string[];
  /** Longest session, 900 to 43,200 seconds. */
  readonly durationSeconds: number;
  /** Whether a client may choose the role session name. */
  readonly acceptRoleSessionName: boolean;
  /** Which certificate attributes become session tags. */
  readonly attributeMappings: readonly AttributeMapping[];
  /** The inline session policy, JSON text as it was given; absent: none. */
  readonly sessionPolicy?: string;
  /** Managed session policies; absent: none. */
  readonly managedPolicies?: readonly ManagedPolicyState[];
}

/** A managed policy that a profile names. */
export interface ManagedPolicyState {
  /** `arn:aws:iam::{account}:policy/{path}{name}`. */
  readonly arn: string;
  /** JSON text; absent: no policy has this ARN. */
  readonly document?: string;
}

/** A role of IAM. */
export interface RoleState {
  /** `arn:aws:iam::{account}:role/{path}{name}`. */
  readonly arn: string;
  /** `AROA` and 17 upper-case letters and digits. */
  readonly id: string;
  /** Longest session the role allows, 3,600 to 43,200 seconds. */
  readonly maxSessionDurationSeconds: number;
  /** Who may assume it: `parsePolicy(text, "trust")`. */
  readonly trustPolicy: PolicyDocument;
}
