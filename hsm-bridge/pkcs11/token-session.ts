/**
 * What this process has open with one token: a session that keeps the login, and a pool of sessions to work in.
 *
 * @module
 */

import type { Cryptoki } from "./cryptoki.ts";
import { CKF_TOKEN } from "./constants.ts";
import { logIn } from "./login.ts";
import type { PinStore } from "./pin-store.ts";
import { SessionPool } from "./session-pool.ts";
import type { TokenSlot } from "./slots.ts";
import { isLoss, isReturnValue, TokenError } from "./token-error.ts";

/** A token that is open. */
export class TokenSession {
  /** The module. */
  readonly cryptoki: Cryptoki;
  /** The slot, and the token as it was when it was opened. */
  readonly slot: TokenSlot;
  readonly #pool: SessionPool;
  // The login ends with the last session: this one is open as long as the token is.
  readonly #keeper: bigint;
  #login: Promise<void> | undefined;
  #mechanisms: Promise<readonly number[]> | undefined;

  private constructor(cryptoki: Cryptoki, slot: TokenSlot, keeper: bigint, maxSessions: number | undefined) {
    this.cryptoki = cryptoki;
    this.slot = slot;
    this.#keeper = keeper;
    this.#pool = new SessionPool(cryptoki, slot.id, maxSessions);
  }

  /** Opens the token; nobody is logged in. */
  static async open(cryptoki: Cryptoki, slot: TokenSlot, maxSessions?: number): Promise<TokenSession> {
    return new TokenSession(cryptoki, slot, await cryptoki.openSession(slot.id, "read-only"), maxSessions);
  }

  /** Whether the token shows private objects only to its user. */
  get loginRequired(): boolean {
    return (this.slot.token.flags & CKF_TOKEN.LOGIN_REQUIRED) !== 0;
  }

  /** Logs in once, for all who ask. @throws {TokenError} as `logIn` */
  login(pins: PinStore): Promise<void> {
    return this.#login ??= pins.inTurn(() => logIn(this.cryptoki, this.#keeper, this.slot, pins)).catch((error) => {
      this.#login = undefined;
      throw error;
    });
  }

  /** Does work in a session of its own; see {@link SessionPool.use}. */
  use<T>(work: (session: bigint) => Promise<T>): Promise<T> {
    return this.#pool.use(work);
  }

  /**
   * Does work in a session that may write, and closes it.
   *
   * @throws {TokenError} `ERR_TOKEN_READ_ONLY` when the token cannot be written
   */
  async write<T>(work: (session: bigint) => Promise<T>): Promise<T> {
    const { id, token: { flags } } = this.slot;
    if ((flags & CKF_TOKEN.WRITE_PROTECTED) !== 0) throw this.#readOnly();
    const pool = new SessionPool(this.cryptoki, id, 1, "read-write");
    try {
      return await pool.use(work);
    } catch (error) {
      throw isReturnValue(error, "CKR_TOKEN_WRITE_PROTECTED", "CKR_SESSION_READ_ONLY") ? this.#readOnly(error) : error;
    } finally {
      await pool.close();
    }
  }

  /** Numbers of the mechanisms that the token has. */
  mechanisms(): Promise<readonly number[]> {
    return this.#mechanisms ??= (async () => await this.cryptoki.getMechanismList(this.slot.id))().catch((error) => {
      this.#mechanisms = undefined;
      throw error;
    });
  }

  #readOnly(cause?: unknown): TokenError {
    const { label } = this.slot.token;
    return new TokenError("ERR_TOKEN_READ_ONLY", `Cannot write to token "${label}": it is write-protected`, {
      token: label,
      cause,
    });
  }

  /** Closes all sessions, which logs out; one at work is closed when its work is done. */
  async close(): Promise<void> {
    try {
      await this.#pool.close();
    } finally {
      await this.#closeKeeper();
    }
  }

  async #closeKeeper(): Promise<void> {
    try {
      await this.cryptoki.closeSession(this.#keeper);
    } catch (error) {
      if (!isLoss(error)) throw error;
    }
  }
}
