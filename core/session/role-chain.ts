/**
 * Roles that are assumed one after the other, beginning with the credentials of a session.
 *
 * @module
 */

import { parseTrustAnchorArn } from "../aws/roles-anywhere-arn.ts";
import { assumeRole, CHAINED_SECONDS, checkRoleRequest, type RoleRequest } from "./assume-role.ts";
import type { Session, SessionOptions } from "./create-session.ts";
import type { SessionPorts } from "./service-call.ts";

/** The roles of a chain, and where STS is. Unknown members are a TypeError. */
export interface RoleChainOptions {
  /** The roles, at least one, in the order in which they are assumed; the last one's credentials are the result. */
  readonly roles: readonly RoleRequest[];
  /** Absolute URL of STS to send to instead of the region's endpoint. */
  readonly endpoint?: string | undefined;
}

/** Roles to assume after a session. */
export interface RoleChain {
  /**
   * What tells it from other chains, in members that are no session option: part of what shared sessions are kept under.
   * Holds no secret.
   */
  readonly subject: Readonly<Record<string, unknown>>;
  /**
   * Assumes the roles.
   *
   * Secret: the session and the result hold credentials.
   * @param options those that the session was made with: duration, region, endpoint variants and limits hold for each
   * role as well
   * @returns the last role's session; its attempts are those of all calls
   */
  assume(session: Session, options: Omit<SessionOptions, "identity">, ports: SessionPorts): Promise<Session>;
  /** Checks the duration, before anything is sent. @throws {SessionError} ERR_SESSION_DURATION */
  check(options: Pick<SessionOptions, "durationSeconds">): void;
}

/**
 * Makes a chain of roles. Each is assumed with the credentials of the one before, the first with the session's. AWS
 * gives such credentials for an hour at most: a longer `durationSeconds` is an error.
 *
 * @throws {TypeError} there is no role, or an option that does not exist
 * @throws {ArnError} an ARN is malformed
 * @throws {SessionError} ERR_SESSION_ROLE_SESSION_NAME, ERR_SESSION_EXTERNAL_ID, ERR_SESSION_POLICY
 */
export function chainRoles(chain: RoleChainOptions): RoleChain {
  refuseUnknown("chainRoles()", chain, ["roles", "endpoint"]);
  const { endpoint } = chain;
  if (chain.roles.length === 0) throw new TypeError('"roles" must hold at least one role');
  const roles = chain.roles.map((role) => {
    refuseUnknown("a role of chainRoles()", role, ["roleArn", "roleSessionName", "externalId", "policy"]);
    checkRoleRequest(role, CHAINED_SECONDS);
    const { roleArn, roleSessionName, externalId, policy } = role;
    return { roleArn, roleSessionName, externalId, policy };
  });
  const check = ({ durationSeconds = CHAINED_SECONDS }: Pick<SessionOptions, "durationSeconds">): void =>
    checkRoleRequest(roles[0]!, durationSeconds);
  return {
    subject: { assumedRoles: roles, ...(endpoint ? { stsEndpoint: endpoint } : {}) },
    check,
    async assume(session, options, ports) {
      check(options);
      const { durationSeconds, region, fips, dualStack, userAgent, trustAnchorArn } = options;
      const trustAnchor = parseTrustAnchorArn(trustAnchorArn);
      const { maxAttempts, attemptTimeoutMs, deadlineMs } = options;
      let last = session;
      let { attempts } = session;
      for (const role of roles) {
        last = await assumeRole({
          ...role,
          session: last,
          durationSeconds,
          region: region || trustAnchor.region,
          partition: trustAnchor.partition,
          endpoint,
          fips,
          dualStack,
          userAgent,
          maxAttempts,
          attemptTimeoutMs,
          deadlineMs,
        }, ports);
        attempts += last.attempts;
      }
      return { ...last, attempts };
    },
  };
}

function refuseUnknown(what: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw new TypeError(`${what} has no option "${name}"`);
  }
}
