/**
 * What a decision says.
 *
 * @module
 */

import type { SessionTag, UnmappedAttribute } from "../policy/attribute-mapping.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { SessionPolicy } from "./check-session-policies.ts";
import type { TraceEntry } from "./decision-trace.ts";
import type { SessionDenialCode } from "./session-denial.ts";
import type { SessionParameters } from "./session-parameters.ts";
import type { ProfileState, RoleState, TrustAnchorState } from "./session-state.ts";

/** Whether a session is created, and why. */
export type SessionDecision = SessionAllowed | SessionDenied;

/** A certificate that the trust anchor vouches for, and what came with it. */
export interface TrustedCertificate {
  /** The certificate that signed. */
  readonly certificate: Certificate;
  /** The trust anchor that was asked for. */
  readonly trustAnchor: TrustAnchorState;
  /** What was asked for. */
  readonly parameters: SessionParameters;
}

/** A session that the service creates. */
export interface SessionAllowed extends TrustedCertificate {
  /** The session is created. */
  readonly outcome: "allow";
  /** The role that is assumed. */
  readonly role: RoleState;
  /** The profile that was asked for. */
  readonly profile: ProfileState;
  /** Name of the role session. */
  readonly sessionName: string;
  /** Source identity of the session. */
  readonly sourceIdentity: string;
  /** Session tags. */
  readonly tags: readonly SessionTag[];
  /** Certificate attributes that could not become tags. */
  readonly unmapped: readonly UnmappedAttribute[];
  /** Policies that limit the session besides the role's: inline, then managed. */
  readonly sessionPolicies: readonly SessionPolicy[];
  /** How long the session lasts. */
  readonly durationSeconds: number;
  /** Until when: `2026-06-01T13:00:00Z`. */
  readonly expiration: string;
  /** Room that the tags take, in per cent. */
  readonly packedPolicySize: number;
  /** Every check. */
  readonly trace: readonly TraceEntry[];
}

/** A session that the service refuses. */
export interface SessionDenied {
  /** The session is refused. */
  readonly outcome: "deny";
  /** 400 or 403. */
  readonly httpStatus: number;
  /** The service's error code. */
  readonly code: SessionDenialCode;
  /** The service's sentence. */
  readonly message: string;
  /** The certificate, when it was trusted and something else was in the way; the service remembers its subject. */
  readonly trusted?: TrustedCertificate;
  /** Every check; the one that failed says why. */
  readonly trace: readonly TraceEntry[];
}
