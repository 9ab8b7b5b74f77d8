/**
 * Sessions of one token, each doing one operation at a time (PKCS#11 v3.1 §5.6).
 *
 * @module
 */

import type { Cryptoki } from "./cryptoki.ts";
import { isLoss, isReturnValue } from "./token-error.ts";

/** How many sessions a token is given at most, unless told otherwise: tokens have few, and threads are few as well. */
export const DEFAULT_MAX_SESSIONS = 8;

/** Sessions that are opened when they are needed, and kept. */
export class SessionPool {
  readonly #cryptoki: Cryptoki;
  readonly #slot: bigint;
  readonly #access: "read-only" | "read-write";
  #maxSessions: number;
  readonly #idle: bigint[] = [];
  readonly #waiting: ((session: bigint | undefined) => void)[] = [];
  #open = 0;
  #closed = false;

  /** Makes a pool without a session. */
  constructor(
    cryptoki: Cryptoki,
    slot: bigint,
    maxSessions: number = DEFAULT_MAX_SESSIONS,
    access: "read-only" | "read-write" = "read-only",
  ) {
    if (!Number.isInteger(maxSessions) || maxSessions < 1) throw new RangeError(`"maxSessions" is ${maxSessions}`);
    this.#cryptoki = cryptoki;
    this.#slot = slot;
    this.#maxSessions = maxSessions;
    this.#access = access;
  }

  /** Sessions that are open now: the ones at work and the idle ones. */
  get size(): number {
    return this.#open;
  }

  /**
   * Does work in a session of its own, which is closed when the work fails: an operation may be half done in it. Work
   * beyond the limit waits for a session, first come, first served.
   */
  async use<T>(work: (session: bigint) => Promise<T>): Promise<T> {
    const session = await this.#take();
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      // Whether the session can be closed or not: what went wrong before is what counts.
      await this.#discard(session).catch(() => {});
      throw error;
    }
    await this.#giveBack(session);
    return result;
  }

  /** Closes idle sessions now, and those at work when their work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    const outcomes = await Promise.allSettled(this.#idle.splice(0).map((session) => this.#discard(session)));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  #take(): bigint | Promise<bigint> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#open < this.#maxSessions) {
      this.#open++;
      return this.#openSession();
    }
    return new Promise<bigint | undefined>((resolve) => this.#waiting.push(resolve))
      .then((session) => session ?? this.#openSession());
  }

  /** Opens a session in a place that is counted already, and gives the place back when that fails. */
  async #openSession(): Promise<bigint> {
    try {
      return await this.#cryptoki.openSession(this.#slot, this.#access);
    } catch (error) {
      if (isReturnValue(error, "CKR_SESSION_COUNT") && this.#open > 1) {
        // The token has fewer than the limit: those that are open have to do.
        this.#maxSessions = --this.#open;
        return await this.#take();
      }
      this.#release();
      throw error;
    }
  }

  #giveBack(session: bigint): void | Promise<void> {
    if (this.#closed) return this.#discard(session);
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(session);
    else next(session);
  }

  async #discard(session: bigint): Promise<void> {
    try {
      await this.#cryptoki.closeSession(session);
    } catch (error) {
      // A session that is gone, or whose module is closed, needs no closing.
      if (!isLoss(error) && (error as { code?: unknown }).code !== "ERR_HSM_CLOSED") throw error;
    } finally {
      this.#release();
    }
  }

  /** One session less: the next one in the queue takes its place, and opens its own. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open--;
    else next(undefined);
  }
}
