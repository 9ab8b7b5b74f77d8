/**
 * The last permissions that sessions asked for, for people who want to know which policy decided.
 *
 * @module
 */

/** One question to the policies, ready for JSON; holds no secret. */
export interface LoggedAuthorization {
  /** The request id that the client got. */
  readonly requestId: string;
  /** When: ISO 8601, UTC. */
  readonly at: string;
  /** Who asked: the ARN of the session. */
  readonly principal: string;
  /** `s3:PutObject`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** What the policies say. */
  readonly outcome: "allow" | "explicit-deny" | "implicit-deny";
  /** Which policy and statement decided, one line each. */
  readonly explanation: readonly string[];
}

/** How many are kept. */
const KEPT = 100;

/** A ring of permissions that were asked for, the oldest first. */
export class AuthorizationLog {
  readonly #authorizations: LoggedAuthorization[] = [];

  /** Keeps one; the oldest makes room. */
  add(authorization: LoggedAuthorization): void {
    this.#authorizations.push(authorization);
    if (this.#authorizations.length > KEPT) this.#authorizations.shift();
  }

  /** Forgets all. */
  reset(): void {
    this.#authorizations.length = 0;
  }

  /** What is kept, the oldest first. */
  authorizations(): readonly LoggedAuthorization[] {
    return this.#authorizations.slice();
  }
}
