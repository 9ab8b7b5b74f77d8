/**
 * The tokens that one identity or signer uses: opened once, and opened anew when they were gone.
 *
 * @module
 */

import type { Cryptoki } from "./cryptoki.ts";
import type { PinStore } from "./pin-store.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";
import { matchingSlots, type TokenSlot } from "./slots.ts";
import { isLoss, isReturnValue, TokenError } from "./token-error.ts";
import { TokenSession } from "./token-session.ts";

/** How tokens are reached. */
export interface TokenAccessOptions {
  /** Opens the module; asked again, once, when all that was open is gone. */
  open(): Promise<Cryptoki>;
  /** Where PINs come from, and what is known of them. */
  readonly pins: PinStore;
  /** Sessions of each token at most. */
  readonly maxSessions?: number | undefined;
}

/** Open tokens of one module. */
export class TokenAccess {
  /** PINs of these tokens. */
  readonly pins: PinStore;
  readonly #options: TokenAccessOptions;
  #module: Promise<Cryptoki> | undefined;
  #tokens = new Map<bigint, Promise<TokenSession>>();
  #generation = 0;
  #recovery: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  /** Opens nothing yet. */
  constructor(options: TokenAccessOptions) {
    this.#options = options;
    this.pins = options.pins;
  }

  /** Counts how often everything was dropped; what was found before is no longer good. */
  get generation(): number {
    return this.#generation;
  }

  /** The slots that the URI means. */
  async slots(uri: Pkcs11Uri): Promise<readonly TokenSlot[]> {
    return await matchingSlots(await this.module(), uri);
  }

  /** The open token in a slot. */
  async token(slot: TokenSlot): Promise<TokenSession> {
    const known = this.#tokens.get(slot.id);
    if (known !== undefined) return await known;
    const opened = this.module().then((module) => TokenSession.open(module, slot, this.#options.maxSessions));
    this.#tokens.set(slot.id, opened);
    opened.catch(() => {
      if (this.#tokens.get(slot.id) === opened) this.#tokens.delete(slot.id);
    });
    return await opened;
  }

  /** The open module. */
  module(): Promise<Cryptoki> {
    if (this.#closing !== undefined) {
      return Promise.reject(new TypeError("the source or signer of the token was closed"));
    }
    const opened = this.#module ??= this.#options.open();
    opened.catch(() => {
      if (this.#module === opened) this.#module = undefined;
    });
    return opened;
  }

  /**
   * Does the work; when what was open turns out to be gone, drops it and does the work once more, with what is found
   * then; and after that once more with a module that is opened anew: some see a token that is back only then.
   *
   * A module that cannot read a token while another process logs in to it is opened anew as well, a few times: SoftHSM
   * takes the file that is being written for a damaged one, and does not look at it again. The PIN is sent again only if
   * the token does not count wrong ones by then.
   *
   * @throws {TokenError} `ERR_TOKEN_REMOVED` when it is still gone
   */
  async withTokens<T>(action: string, work: () => Promise<T>): Promise<T> {
    // No slot is a loss as well where the module was open before: the token may be back in the meantime.
    let wasOpen = this.#module !== undefined;
    let last = false;
    let repeated = 0;
    for (let attempt = 1;; attempt++) {
      const generation = this.#generation;
      try {
        return await work();
      } catch (error) {
        const passing = isUnreadable(error) || error === this.pins.unanswered || (!wasOpen && isNoSlot(error));
        if (passing && repeated < UNREADABLE_WAITS_MS.length && this.#closing === undefined) {
          await sleep(UNREADABLE_WAITS_MS[repeated++]!);
          await this.#recover(generation, "module");
          continue;
        }
        // Who recovers closes the module below those that are at work.
        const loss = isLoss(error) || (this.#closing === undefined && isClosed(error));
        if (!loss && (!wasOpen || !isNoSlot(error))) throw error;
        const drop = loss && attempt === 1 ? "sessions" : "module";
        await this.#recover(generation, drop);
        if (last) throw this.#removed(action, error);
        last = drop === "module";
        wasOpen = true;
      }
    }
  }

  #removed(action: string, lost: unknown): unknown {
    // The complaint of a token that is there says more.
    if (isReturnValue(lost, "CKR_USER_NOT_LOGGED_IN", "CKR_KEY_HANDLE_INVALID", "CKR_OBJECT_HANDLE_INVALID")) {
      return lost;
    }
    if (isClosed(lost)) return lost;
    const message = `Cannot ${action}: the token is gone, or was reset; plug it in again`;
    return new TokenError("ERR_TOKEN_REMOVED", message, { cause: lost });
  }

  /** Closes tokens and module, and forgets PINs. */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  async #end(): Promise<void> {
    const module = this.#module;
    try {
      await this.#dropSessions();
    } finally {
      this.pins.close();
      if (module !== undefined) await (await module).close();
    }
  }

  /** Drops what is open, unless somebody did since that generation. */
  #recover(generation: number, drop: "sessions" | "module"): Promise<void> {
    return this.#recovery = this.#recovery.catch(() => undefined).then(async () => {
      if (generation !== this.#generation || this.#closing !== undefined) return;
      this.#generation++;
      await this.#dropSessions();
      if (drop === "sessions") return;
      const module = this.#module;
      this.#module = undefined;
      if (module !== undefined) await (await module).close();
    });
  }

  async #dropSessions(): Promise<void> {
    const tokens = [...this.#tokens.values()];
    this.#tokens = new Map();
    for (const token of tokens) {
      try {
        await (await token).close();
      } catch (error) {
        // What cannot be closed because it is gone, or never was open, needs no closing.
        if ((error as { code?: unknown }).code !== "ERR_HSM_RETURN_VALUE" && !isClosed(error)) throw error;
      }
    }
  }
}

/** Whether a call that only looks failed without a reason. Signatures are not repeated: somebody may count them. */
function isUnreadable(error: unknown): boolean {
  return isReturnValue(error, "CKR_GENERAL_ERROR") && LOOKS.includes(error.operation ?? "");
}

const LOOKS: readonly string[] = [
  "C_GetSlotList",
  "C_GetSlotInfo",
  "C_GetTokenInfo",
  "C_GetMechanismList",
  "C_OpenSession",
  "C_GetSessionInfo",
  "C_FindObjectsInit",
  "C_FindObjects",
  "C_GetAttributeValue",
];

/** What is waited for before each repetition, milliseconds. */
const UNREADABLE_WAITS_MS: readonly number[] = [10, 40];

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function isClosed(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_HSM_CLOSED";
}

function isNoSlot(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_TOKEN_NO_SLOT";
}
