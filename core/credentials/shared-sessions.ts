/**
 * Sessions that many processes share: a good one is taken from the store, and of all that find none, one makes the call
 * while the others wait for what comes of it.
 *
 * The store is a help and never a condition: when it fails, is silent or full, or when the one who makes the call dies,
 * whoever waited makes a call of its own.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { wipe } from "../bytes/wipe.ts";
import type { Awaitable } from "../crypto/signer.ts";
import type { Abort, Now, Sleep } from "../ports.ts";
import type { Session, SessionOptions } from "../session/create-session.ts";
import { throwIfAborted, withinTime } from "../session/time-limit.ts";
import {
  openSession,
  type SealedSubject,
  sealedSubject,
  type SealingPorts,
  sealSession,
  type StoredSession,
} from "./sealed-session.ts";
import { type SealingIdentity, sealingKeyOfSecret } from "./sealing-key.ts";
import type { CredentialStore, Lease, TurnRequest } from "./store.ts";
import { CredentialStoreError } from "./store-error.ts";

/** How to share. Unknown members are a TypeError. */
export interface SharedSessionsOptions extends SealingPorts {
  /** Where sealed sessions are. */
  readonly store: CredentialStore;
  /**
   * Secret: at least 16 octets to derive the sealing key of, the same wherever sessions are shared. Default: the
   * identity's private key; identities whose key is not at hand do not share then.
   */
  readonly secret?: Bytes | undefined;
  /**
   * Seconds that a session of the store must still live; default {@linkcode MIN_LIFE_SECONDS}, or half of a session's
   * whole life when that is less. A new session is handed out however short it lives.
   */
  readonly minimumLifeSeconds?: number | undefined;
  /** Our clock. */
  readonly now: Now;
  /** Waits for others. */
  readonly sleep: Sleep;
  /** Told of what the store did not do, which costs a call at most; what it throws, or rejects with, is dropped. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** What a session is wanted for. */
export interface SharedSessionRequest {
  /** Whose session. */
  readonly identity: SealingIdentity;
  /** How it is asked for. */
  readonly options: Omit<SessionOptions, "identity">;
  /** Makes the call. */
  readonly create: () => Promise<Session>;
  /** A session that is not wanted: the one that its holder wants to replace. */
  readonly replaced?: Session | undefined;
  /** Ends the waiting. */
  readonly signal?: Abort | undefined;
}

/** Sessions that are shared. */
export interface SharedSessions {
  /**
   * A session of the store, with no attempts to its name, or a new one.
   *
   * Secret: it holds credentials.
   */
  session(request: SharedSessionRequest): Promise<Session>;
}

/**
 * Seconds that a session of the store must still live when nobody says otherwise: the AWS SDKs ask again from 15 minutes
 * before the end on.
 */
export const MIN_LIFE_SECONDS = 900;

/** How long the others count on the one who makes the call, in milliseconds. */
export const CALL_LEASE_MS = 10_000;

/** How long somebody waits for others before making a call of its own, in milliseconds. */
export const MAX_WAIT_MS = 20_000;

/** How long a store may take for an answer, in milliseconds. */
export const STORE_LIMIT_MS = 2000;

/** How far the clock of who made a session may be ahead of ours, in milliseconds: those of a fleet are never the same. */
export const MAX_CLOCK_DIFFERENCE_MS = 30_000;

/** How often those who wait look whether it has come, in milliseconds. */
const LOOK_MS = 50;

/** How long a store that can wait does so at a time, in milliseconds. */
const TURN_MS = 1000;

/**
 * Makes sessions shared.
 *
 * Secret: `secret` is kept; sealing keys are overwritten after use.
 *
 * @throws {TypeError} an option that does not exist
 * @throws {RangeError} `minimumLifeSeconds` is no number from 0 to 43200
 */
export function shareSessions(options: SharedSessionsOptions): SharedSessions {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`shareSessions() has no option "${name}"`);
  }
  const { minimumLifeSeconds, secret, sha256 } = options;
  if (minimumLifeSeconds !== undefined && !(minimumLifeSeconds >= 0 && minimumLifeSeconds <= MAX_LIFE_SECONDS)) {
    throw new RangeError(`"minimumLifeSeconds" must be from 0 to ${MAX_LIFE_SECONDS}`);
  }
  return {
    session: async (request) => {
      const key = secret === undefined ? request.identity.signer.sealingKey?.() : sealingKeyOfSecret(secret, sha256);
      if (key === undefined) {
        tell(
          options,
          new CredentialStoreError("ERR_STORE_KEY", "the private key is not at hand to seal with; give a secret"),
        );
        return await request.create();
      }
      try {
        return await new Sharing(request, options, key).session();
      } finally {
        wipe(key);
      }
    },
  };
}

/** One request for a session. Secret: the key. */
class Sharing {
  readonly #request: SharedSessionRequest;
  readonly #options: SharedSessionsOptions;
  readonly #subject: SealedSubject;
  readonly #key: Bytes;
  /** Whether the store has failed: from then on it is left alone. */
  #alone = false;
  /** What a store that can wait has handed out in vain. */
  #refused: Bytes | undefined;

  constructor(request: SharedSessionRequest, options: SharedSessionsOptions, key: Bytes) {
    this.#request = request;
    this.#options = options;
    this.#key = key;
    this.#subject = sealedSubject(request.identity, request.options, options.sha256);
  }

  async session(): Promise<Session> {
    const { store, sleep } = this.#options;
    const { signal } = this.#request;
    const stepMs = store.turn === undefined ? LOOK_MS : TURN_MS;
    for (let waitedMs = 0; waitedMs < MAX_WAIT_MS; waitedMs += stepMs) {
      const next = store.turn === undefined ? await this.#look() : await this.#turn();
      if (next !== undefined) return "lease" in next ? await this.#lead(next.lease) : next.session;
      if (this.#alone) break;
      await sleep(LOOK_MS, signal);
    }
    throwIfAborted(signal);
    return await this.#create();
  }

  /** Looks for a session, and when there is none, for the right to make it. */
  async #look(): Promise<Next | undefined> {
    const { store } = this.#options;
    const session = await this.#stored();
    if (session !== undefined) return { session };
    const lease = await this.#asked(() => store.lease(this.#subject.name, CALL_LEASE_MS));
    return lease && { lease };
  }

  /** The same in one request, of a store that can wait. */
  async #turn(): Promise<Next | undefined> {
    const request: TurnRequest = { refused: this.#refused, lifeMs: CALL_LEASE_MS, waitMs: TURN_MS };
    const turn = await this.#asked(() => this.#options.store.turn!(this.#subject.name, request));
    if (turn === undefined || "lease" in turn) return turn;
    const session = await this.#opened(turn.entry);
    if (session === undefined) this.#refused = turn.entry;
    return session && { session };
  }

  async #lead(lease: Lease): Promise<Session> {
    try {
      // Whoever had it before may have come to an end since the last look; a turn looks and leases at once.
      const stored = this.#options.store.turn === undefined ? await this.#stored() : undefined;
      return stored ?? await this.#create();
    } finally {
      await this.#told(() => lease.release());
    }
  }

  async #create(): Promise<Session> {
    await this.#request.identity.signer.prove?.();
    const session = await this.#request.create();
    const { store, now } = this.#options;
    const obtainedAtMs = now();
    await this.#asked(async () => {
      const entry = await sealSession({ session, obtainedAtMs }, this.#subject, this.#key, this.#options);
      await store.put(this.#subject.name, entry, endOf(session));
    });
    return session;
  }

  /** The session of the store, when it is of use. */
  async #stored(): Promise<Session | undefined> {
    const entry = await this.#asked(() => this.#options.store.get(this.#subject.name));
    return entry === undefined ? undefined : await this.#opened(entry);
  }

  /** The session of an entry, when it is of use. */
  async #opened(entry: Bytes): Promise<Session | undefined> {
    const { now } = this.#options;
    const stored = await this.#tried(() => openSession(entry, this.#subject, this.#key, this.#options));
    if (stored === undefined || !this.#isGood(stored, now())) return undefined;
    const { session } = stored;
    const unwanted = session.credentials.accessKeyId === this.#request.replaced?.credentials.accessKeyId;
    return unwanted ? undefined : { ...session, attempts: 0 };
  }

  #isGood({ session, obtainedAtMs }: StoredSession, at: number): boolean {
    const end = endOf(session);
    const { minimumLifeSeconds } = this.#options;
    const wantedMs = minimumLifeSeconds === undefined
      ? Math.min(MIN_LIFE_SECONDS * 1000, (end - obtainedAtMs) / 2)
      : minimumLifeSeconds * 1000;
    // One that was made later than now is of a clock that was set since, and so its end means nothing.
    return obtainedAtMs <= at + MAX_CLOCK_DIFFERENCE_MS && end - at >= wantedMs && at < end;
  }

  /** Asks for something, unless the store has failed before. */
  async #asked<T>(ask: () => Awaitable<T>): Promise<T | undefined> {
    return this.#alone ? undefined : await this.#told(ask);
  }

  /** The answer in time; undefined after a failure, which is told. */
  #told<T>(ask: () => Awaitable<T>): Promise<T | undefined> {
    return this.#tried(() => {
      const answer = ask();
      // A file's answer is there at once, and needs no timer.
      return answer instanceof Promise ? inTime(answer, this.#options.sleep) : answer;
    });
  }

  /** What comes of it; undefined after a failure, which is told. */
  async #tried<T>(work: () => Awaitable<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#alone = true;
      tell(this.#options, error);
      return undefined;
    }
  }
}

/** What there is for who wants a session: one, or the right to make one. */
type Next = { readonly session: Session } | { readonly lease: Lease };

/** A listener that fails, at once or later, must not cost the credentials. */
function tell({ onFailure }: SharedSessionsOptions, error: unknown): void {
  new Promise((resolve) => resolve(onFailure?.(error))).catch(() => {});
}

function inTime<T>(answer: Promise<T>, sleep: Sleep): Promise<T> {
  return withinTime(() => answer, {
    limitMs: STORE_LIMIT_MS,
    expired: () => new CredentialStoreError("ERR_STORE_TIMEOUT", `no answer within ${STORE_LIMIT_MS} ms`),
    sleep,
    signal: undefined,
    signalFor: "core",
  });
}

/** When a session ends by our clock. */
function endOf({ expiresAtMs, clockSkewMs }: Session): number {
  return expiresAtMs - clockSkewMs;
}

/** The longest session that there is. */
const MAX_LIFE_SECONDS = 43_200;

const OPTION_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<keyof SharedSessionsOptions>([
  "store",
  "secret",
  "minimumLifeSeconds",
  "now",
  "sleep",
  "onFailure",
  "crypto",
  "sha256",
]);
