/**
 * Who calls an operation.
 *
 * @module
 */

import type { SessionTag } from "../../../core/policy/mod.ts";

/** Whoever signed a request. */
export interface Caller {
  /** `user`: a long-term access key, which may do everything; `session`: temporary credentials of this emulator. */
  readonly kind: "user" | "session";
  /** Twelve digits. */
  readonly account: string;
  /** `arn:aws:iam::…:user/…` or `arn:aws:sts::…:assumed-role/…`. */
  readonly arn: string;
  /** As GetCallerIdentity answers it. */
  readonly userId: string;
  /** What a session brings with it; absent for a user. */
  readonly session?: CallerSession;
}

/** The part of a session that policies look at. */
export interface CallerSession {
  /** The role, path included. */
  readonly roleArn: string;
  /** Its source identity; absent: none. */
  readonly sourceIdentity?: string;
  /** Session tags. */
  readonly tags: readonly SessionTag[];
  /** Keys of the tags that sessions made with this one have as well; absent: none. */
  readonly transitiveTagKeys?: readonly string[];
  /** Inline and managed session policies; none: the role's policies alone count. */
  readonly policies: readonly SessionPolicy[];
  /** When it was made, milliseconds since the epoch. */
  readonly issuedMs: number;
  /** When it ends, milliseconds since the epoch. */
  readonly expiresMs: number;
}

/** A session policy. */
export interface SessionPolicy {
  /** What it is called; of a managed policy: its ARN. */
  readonly name: string;
  /** JSON text; absent: that of the managed policy, as it is when it is asked. */
  readonly document?: string;
}
