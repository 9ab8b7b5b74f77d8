/**
 * Salts of sessions (TPM 2.0 Library, Part 1 §19.6.8): a fresh secret for each, which only this side and a key of the TPM
 * know.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import type { PublicArea } from "./public-area.ts";
import { shareByEcdh, shareByOaep, type SharedSecret } from "./session-cryptography.ts";

/**
 * Makes a salt for a storage key.
 *
 * @throws {Error} by `secret` when the key is a point that is not on its curve
 */
export function shareSalt({ key, nameHash }: PublicArea): SharedSecret {
  return key.type === "ec"
    ? shareByEcdh(key.curve, key.point, nameHash, "SECRET")
    : shareByOaep(key.spki, nameHash, "SECRET");
}

/**
 * Salts of one session after the other, for whichever key receives each. The next one can be made before it is asked
 * for, while nobody waits: Diffie-Hellman is most of what a session takes this side.
 *
 * Secret: the salt that was made ahead, until it is taken.
 */
export class SessionSalts {
  #area: PublicArea | undefined;
  #ahead: { readonly secret: Bytes; readonly encrypted: Bytes } | undefined;

  /** A salt for this key, and for one session: the one that was made ahead, when it was made for this key. */
  take(area: PublicArea): SharedSecret {
    const ahead = this.#ahead;
    const isFor = this.#area !== undefined && equalBytes(this.#area.name, area.name);
    this.#ahead = undefined;
    this.#area = area;
    if (ahead !== undefined && isFor) return { secret: () => ahead.secret, isReady: true, encrypted: ahead.encrypted };
    wipe(ahead?.secret);
    return shareSalt(area);
  }

  /** Makes the next salt, for the key of the last, unless it is made already. That key must have been of use. */
  prepare(): void {
    if (this.#area === undefined || this.#ahead !== undefined) return;
    const { secret, encrypted } = shareSalt(this.#area);
    this.#ahead = { secret: secret(), encrypted };
  }

  /** Overwrites the salt that nobody took. Best effort. */
  forget(): void {
    wipe(this.#ahead?.secret);
    this.#ahead = undefined;
    this.#area = undefined;
  }
}
