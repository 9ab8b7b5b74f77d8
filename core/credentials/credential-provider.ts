/**
 * A credential provider for the AWS SDKs: a function that answers credentials which are good for a while.
 *
 * @module
 */

import type { Awaitable } from "../crypto/signer.ts";
import { createSession, type Session, type SessionOptions } from "../session/create-session.ts";
import type { RoleChain } from "../session/role-chain.ts";
import type { SessionPorts } from "../session/service-call.ts";
import { throwIfAborted } from "../session/time-limit.ts";
import type { SealingIdentity } from "./sealing-key.ts";
import { createSessionCache, type CredentialEvent, type WaitUntil } from "./session-cache.ts";
import type { SharedSessions } from "./shared-sessions.ts";

/** Where the identity of each session comes from; an `IdentitySource` of `anyrole/sign` fits. */
export interface SessionIdentitySource {
  /** The identity to use now: a rotated certificate takes effect with the next session. */
  identity(): Awaitable<SealingIdentity>;
}

/** What to get credentials with. Unknown members are a TypeError. */
export interface CredentialProviderOptions extends Omit<SessionOptions, "identity"> {
  /** The identity, or where it comes from. */
  readonly source: SealingIdentity | SessionIdentitySource;
  /** Roles to assume after each session, by `chainRoles`; default: none, the credentials are the session's own. */
  readonly chain?: RoleChain | undefined;
  /** Sessions that are shared with others, by `shareSessions`; default: this provider's are its own. */
  readonly sharing?: SharedSessions | undefined;
  /** Told of every call's outcome, also of those in the background; what it throws, or rejects with, is dropped. */
  readonly onEvent?: ((event: CredentialEvent) => void) | undefined;
  /**
   * Whether callers are of one process (default), or `"requests"` of a worker, where what one request began ends with
   * it: then no promise is shared between callers, nothing goes on in the background, and the caller that finds the
   * session ending soon waits for the new one, unless it has a `waitUntil`.
   */
  readonly callers?: "process" | "requests" | undefined;
  /** For `"requests"`: as of {@linkcode CredentialRequest}, of whichever request is being served; default: none. */
  readonly waitUntil?: WaitUntil | undefined;
}

/**
 * Credentials as the AWS SDK for JavaScript wants them (`AwsCredentialIdentity`).
 *
 * Secret: `secretAccessKey` and `sessionToken`.
 */
export interface AwsCredentials {
  /** `ASIA…`. */
  readonly accessKeyId: string;
  /** Secret: signs requests. */
  readonly secretAccessKey: string;
  /** Secret: goes with every request. */
  readonly sessionToken: string;
  /** When they end, by this machine's clock, which is what SDKs compare it with. */
  readonly expiration: Date;
  /** Account that they belong to, twelve digits. */
  readonly accountId: string;
}

/** What a caller says. */
export interface CredentialRequest {
  /** Asks for credentials other than the current ones. */
  readonly forceRefresh?: boolean;
  /**
   * In a worker: keeps this request alive after its answer, as `(work) => context.waitUntil(work)`. Then the request that
   * finds the session ending soon need not wait: the next session is fetched after its answer.
   */
  readonly waitUntil?: WaitUntil | undefined;
}

/** A provider (`AwsCredentialIdentityProvider`). */
export type CredentialProvider = (properties?: CredentialRequest) => Promise<AwsCredentials>;

/**
 * Makes a credential provider. It does nothing until it is called; then it keeps a session, replaces it in the
 * background between ten and five minutes before its end, lets callers wait from one minute before it, and serves the
 * last good one as long as it is valid. After a failure it pauses, half a second to a second at first and a minute at
 * most; callers without valid credentials get that failure again meanwhile.
 *
 * Secret: what the provider answers are credentials; errors and events hold none.
 * @param ports as of `createSession`; when `signal` aborts, the provider refuses all further calls with its reason
 * @throws {TypeError} `source` is missing, or `chain` or `sharing` is another thing; other options are checked when a session is made
 */
export function createCredentialProvider(options: CredentialProviderOptions, ports: SessionPorts): CredentialProvider {
  const { source, onEvent, chain, sharing, callers = "process", waitUntil, ...sessionOptions } = options;
  if (callers !== "process" && callers !== "requests") throw new TypeError('"callers" must be "process" or "requests"');
  if (typeof source !== "object" || source === null) throw new TypeError('"source" must be an identity or its source');
  if (chain !== undefined && typeof chain?.assume !== "function") {
    throw new TypeError('"chain" must be what chainRoles() answers');
  }
  if (sharing !== undefined && typeof sharing?.session !== "function") {
    throw new TypeError('"sharing" must be what shareSessions() answers');
  }
  const cache = createSessionCache({
    create: async (replaced) => {
      const identity = "identity" in source ? await source.identity() : source;
      const create = async () => {
        chain?.check(sessionOptions);
        const session = await createSession({ ...sessionOptions, identity }, ports);
        return chain === undefined ? session : await chain.assume(session, sessionOptions, ports);
      };
      if (sharing === undefined) return await create();
      const options = { ...sessionOptions, ...chain?.subject };
      return await sharing.session({ identity, options, create, replaced, signal: ports.signal });
    },
    now: ports.now,
    random: ports.random,
    onEvent,
    ...(callers === "process" ? {} : { wait: (milliseconds) => ports.sleep(milliseconds, ports.signal) }),
  });
  return async (properties) => {
    throwIfAborted(ports.signal);
    return awsCredentials(await cache.session(properties?.forceRefresh === true, properties?.waitUntil ?? waitUntil));
  };
}

/**
 * A session's credentials in the AWS SDK's form; a new object each time, because SDKs write into it.
 *
 * Secret: holds credentials.
 */
export function awsCredentials(session: Session): AwsCredentials {
  const { accessKeyId, secretAccessKey, sessionToken, accountId } = session.credentials;
  const expiration = new Date(session.expiresAtMs - session.clockSkewMs);
  return { accessKeyId, secretAccessKey, sessionToken, expiration, accountId };
}
