/**
 * What the service knows when a request arrives: trust anchors, profiles and roles.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import type { AttributeMapping } from "../policy/attribute-mapping.ts";

/** Everything a decision depends on besides the request. */
export interface SessionState {
  /** Trust anchors, by ARN. */
  readonly trustAnchors: readonly TrustAnchorState[];
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
}

/** A role of IAM. */
export interface RoleState {
  /** `arn:aws:iam::{account}:role/{path}{name}`. */
  readonly arn: string;
  /** `AROA` and 17 upper-case letters and digits. */
  readonly id: string;
  /** Longest session the role allows, 3,600 to 43,200 seconds. */
  readonly maxSessionDurationSeconds: number;
}
