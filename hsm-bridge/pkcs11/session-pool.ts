/**
 * Sessions of one token, each doing one operation at a time (PKCS#11 v3.1 §5.6).
 *
 * @module
 */

import type { Cryptoki } from "./cryptoki.ts";
import { isLoss } from "./token-error.ts";

/** How many sessions a token is given at most, unless told otherwise: tokens have few, and threads are few as well. */
export const DEFAULT_MAX_SESSIONS = 8;

/** Sessions that are opened when they are needed, and kept. */
export class SessionPool {
  readonly #cryptoki: Cryptoki;
  readonly #slot: bigint;
  readonly #maxSessions: number;
  readonly #idle: bigint[] = [];
  readonly #waiting: ((session: bigint | undefined) => void)[] = [];
  #open = 0;
  #closed = false;

  /** Makes a pool without a session. */
  constructor(cryptoki: Cryptoki, slot: bigint, maxSessions: number = DEFAULT_MAX_SESSIONS) {
    if (!Number.isInteger(maxSessions) || maxSessions < 1) throw new RangeError(`"maxSessions" is ${maxSessions}`);
    this.#cryptoki = cryptoki;
    this.#slot = slot;
    this.#maxSessions = maxSessions;
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
      await this.#discard(session);
      throw error;
    }
    await this.#giveBack(session);
    return result;
  }

  /** Closes idle sessions now, and those at work when their work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const session of this.#idle.splice(0)) await this.#discard(session);
  }

  #take(): bigint | Promise<bigint> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#open < this.#maxSessions) return this.#openSession();
    return new Promise<bigint | undefined>((resolve) => this.#waiting.push(resolve))
      .then((session) => session ?? this.#openSession());
  }

  /** The place in the count is taken before the call, and given back when it fails. */
  async #openSession(): Promise<bigint> {
    this.#open++;
    try {
      return await this.#cryptoki.openSession(this.#slot, "read-only");
    } catch (error) {
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
      // A session that is gone needs no closing.
      if (!isLoss(error)) throw error;
    } finally {
      this.#release();
    }
  }

  /** One session less: the next one in the queue may open its own. */
  #release(): void {
    this.#open--;
    this.#waiting.shift()?.(undefined);
  }
}
