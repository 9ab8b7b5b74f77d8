/**
 * Sessions that stay fresh: one that is good is reused, one that ends soon is replaced in the background, and however
 * many callers wait, one call is made for all of them.
 *
 * @module
 */

import type { Now, Random, Sleep } from "../ports.ts";
import type { Session } from "../session/create-session.ts";
import { uniform } from "../session/retry.ts";

/** What happens behind the callers' backs; holds no credentials. */
export type CredentialEvent =
  | {
    readonly type: "refreshed";
    /** When the new credentials end: the service's own text. */
    readonly expiration: string;
    /** Requests that it took; none when others who share it had made it. */
    readonly attempts: number;
    /** The service's clock minus ours in milliseconds, when the request had to be signed with its time; else 0. */
    readonly clockSkewMs: number;
    /** The service's name of the call; empty when it gave none. */
    readonly requestId: string;
    /** `arn:aws:sts::account:assumed-role/role/session`, as far as the service told. */
    readonly assumedRoleArn?: string;
    /** Source identity, of the certificate's subject, as far as the service told. */
    readonly sourceIdentity?: string;
  }
  | {
    readonly type: "sharing-failed";
    /** What the store of shared sessions did not do; its user went on without it. */
    readonly error: unknown;
  }
  | {
    readonly type: "refresh-failed";
    /** Why. */
    readonly error: unknown;
    /** Milliseconds during which no other call is made. */
    readonly retryAfterMs: number;
    /** Whether the callers still get the last good credentials. */
    readonly serving: boolean;
  };

/** How a cache gets sessions and time. */
export interface SessionCacheOptions {
  /** Makes a session; `replaced` is the one that is held. */
  readonly create: (replaced: Session | undefined) => Promise<Session>;
  /** Our clock. */
  readonly now: Now;
  /** For jitter. */
  readonly random: Random;
  /** Told of every call's outcome; what it throws, or rejects with, is dropped. */
  readonly onEvent?: ((event: CredentialEvent) => void) | undefined;
  /**
   * For hosts where what one request began ends with it: no promise is shared. A caller that finds the session ending
   * soon waits for the new one that it asks for, unless it can have that done after its answer; others get the old one
   * meanwhile, or wait by this until there is one.
   * Default: callers share promises, and sessions are replaced in the background.
   */
  readonly wait?: Sleep | undefined;
}

/** A session that stays fresh. */
export interface SessionCache {
  /**
   * The current session, or a new one.
   *
   * Secret: the session holds credentials.
   * @param forceRefresh whether the current one is of no use to the caller
   * @param waitUntil where no promise is shared: keeps the caller's request alive for work in the background
   */
  session(forceRefresh?: boolean, waitUntil?: WaitUntil): Promise<Session>;
}

/** Keeps what one request began alive after its answer: `waitUntil` of a worker's execution context. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** The earliest and the latest that a session is replaced in the background, in milliseconds before its end. */
export const ADVISORY_REFRESH_MS: { readonly earliest: number; readonly latest: number } = {
  earliest: 600_000,
  latest: 300_000,
};

/** From when on callers wait for the new session, in milliseconds before the end of the old one. */
export const MANDATORY_REFRESH_MS = 60_000;

/** Longest pause after failures, in milliseconds; the first is half a second to a second, and each is up to twice the last. */
export const MAX_PAUSE_MS = 60_000;

/**
 * Where no promise is shared: how long the others count on a call that one of them makes, in milliseconds. A request
 * that is broken off takes its call along and tells nobody.
 */
export const LEASE_MS = 10_000;

/** How often those who wait look whether it has come, in milliseconds. */
const LOOK_MS = 50;

/** Makes a cache; it holds nothing until it is asked. Secret: then it holds the last session, credentials included. */
export function createSessionCache(options: SessionCacheOptions): SessionCache {
  const { create, now, random, onEvent, wait } = options;
  let held: Held | undefined;
  let flight: Promise<Session> | undefined;
  let lease: Span | undefined;
  let failure: Failure | undefined;

  // A listener that fails, at once or later, must not cost the callers their credentials.
  const tell = (event: CredentialEvent): void => {
    new Promise((resolve) => resolve(onEvent?.(event))).catch(() => {});
  };

  const refresh = (): Promise<Session> => {
    flight ??= Promise.resolve(held?.session).then(create).then(succeeded, failed).finally(() => {
      flight = undefined;
    });
    return flight;
  };

  const succeeded = (session: Session): Session => {
    held = hold(session, now(), random);
    failure = undefined;
    const { attempts, clockSkewMs, requestId, assumedRoleUser, sourceIdentity } = session;
    tell({
      type: "refreshed",
      expiration: session.credentials.expiration,
      attempts,
      clockSkewMs,
      requestId,
      ...(assumedRoleUser === undefined ? {} : { assumedRoleArn: assumedRoleUser.arn }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    });
    return session;
  };

  const failed = (error: unknown): never => {
    const count = (failure?.count ?? 0) + 1;
    const longest = Math.min(1000 * 2 ** (count - 1), MAX_PAUSE_MS);
    const pauseMs = longest / 2 + (longest / 2) * uniform(random);
    const at = now();
    failure = { error, count, from: at, until: at + pauseMs };
    tell({ type: "refresh-failed", error, retryAfterMs: pauseMs, serving: held !== undefined && at < held.expiresAt });
    throw error;
  };

  /** Whether a call would follow the last failure too closely. */
  const pausing = (at: number): boolean => within(failure, at);

  const shared = async (forceRefresh: boolean = false): Promise<Session> => {
    const at = now();
    const current = held !== undefined && at < held.expiresAt ? held : undefined;
    if (current === undefined || forceRefresh) {
      if (flight === undefined && pausing(at)) throw failure!.error;
      return await refresh();
    }
    if (at < current.refreshFrom || (flight === undefined && pausing(at))) return current.session;
    const refreshed = refresh();
    // Whoever is served the old session does not wait for this; its failure has been told as an event.
    refreshed.catch(() => {});
    if (at < current.mandatoryFrom) return current.session;
    try {
      return await refreshed;
    } catch (error) {
      if (now() < current.expiresAt) return current.session;
      throw error;
    }
  };

  /** Makes a call for the others as well; whoever has a good session keeps it when the call fails. */
  const lead = async (at: number, current: Held | undefined): Promise<Session> => {
    const mine = lease = { from: at, until: at + LEASE_MS };
    try {
      return await Promise.resolve(held?.session).then(create).then(succeeded, failed);
    } catch (error) {
      if (current !== undefined && now() < current.expiresAt) return current.session;
      throw error;
    } finally {
      if (lease === mine) lease = undefined;
    }
  };

  const separate = async (sleep: Sleep, forceRefresh: boolean, waitUntil?: WaitUntil): Promise<Session> => {
    const refused = forceRefresh ? held : undefined;
    for (;;) {
      const at = now();
      const current = held !== undefined && at < held.expiresAt && held !== refused ? held : undefined;
      const leased = within(lease, at);
      if (current !== undefined && (at < current.refreshFrom || leased || pausing(at))) return current.session;
      if (!leased) {
        if (pausing(at)) throw failure!.error;
        const leading = lead(at, current);
        if (current === undefined || waitUntil === undefined || at >= current.mandatoryFrom) return await leading;
        // Its failure has been told as an event.
        waitUntil(leading.catch(() => {}));
        return current.session;
      }
      await sleep(LOOK_MS);
    }
  };

  if (wait === undefined) return { session: shared };
  return { session: (forceRefresh = false, waitUntil) => separate(wait, forceRefresh, waitUntil) };
}

/** From when until when something holds, by our clock, in milliseconds since the epoch. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** Whether it holds. A clock that was set back ends it. */
function within(span: Span | undefined, at: number): boolean {
  return span !== undefined && at >= span.from && at < span.until;
}

/** A session and its times by our clock, in milliseconds since the epoch. */
interface Held {
  readonly session: Session;
  /** From when on it is replaced in the background. */
  readonly refreshFrom: number;
  /** From when on callers wait for its replacement. */
  readonly mandatoryFrom: number;
  /** When it ends. */
  readonly expiresAt: number;
}

/** A failure, and the pause after it. */
interface Failure extends Span {
  readonly error: unknown;
  /** Failures in a row. */
  readonly count: number;
}

/**
 * Sets the times of a session. One that lives shorter than the windows are wide gets windows in proportion: from half
 * to a quarter of its life before the end, and the last tenth; otherwise it would be replaced again and again.
 */
function hold(session: Session, at: number, random: Random): Held {
  const expiresAt = session.expiresAtMs - session.clockSkewMs;
  const life = expiresAt - at;
  const earliest = Math.min(ADVISORY_REFRESH_MS.earliest, life / 2);
  const latest = Math.min(ADVISORY_REFRESH_MS.latest, life / 4);
  const mandatory = Math.min(MANDATORY_REFRESH_MS, life / 10);
  const refreshFrom = expiresAt - earliest + (earliest - latest) * uniform(random);
  return { session, refreshFrom, mandatoryFrom: expiresAt - mandatory, expiresAt };
}
