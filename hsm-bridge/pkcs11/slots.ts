/**
 * Slots with tokens in them.
 *
 * @module
 */

import type { Cryptoki, SlotInfo, TokenInfo } from "./cryptoki.ts";
import { CKF_TOKEN } from "./constants.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";
import { TokenError } from "./token-error.ts";
import { fitsModule, fitsSlot } from "./uri-matching.ts";

/** A slot and the token in it. */
export interface TokenSlot {
  /** CK_SLOT_ID. */
  readonly id: bigint;
  /** CK_SLOT_INFO. */
  readonly slot: SlotInfo;
  /** CK_TOKEN_INFO. */
  readonly token: TokenInfo;
}

/** Every slot with a token in it that can be read; a token that is pulled meanwhile is left out. */
export async function listSlots(cryptoki: Cryptoki): Promise<readonly TokenSlot[]> {
  const slots: TokenSlot[] = [];
  for (const id of await cryptoki.getSlotList(true)) {
    try {
      slots.push({ id, slot: await cryptoki.getSlotInfo(id), token: await cryptoki.getTokenInfo(id) });
    } catch (error) {
      // A token that was pulled just now, or that this module cannot read, is none; SoftHSM says CKR_GENERAL_ERROR.
      if ((error as { code?: unknown }).code !== "ERR_HSM_RETURN_VALUE") throw error;
    }
  }
  return slots;
}

/** The slots that the URI means; none when the module itself is another one. */
export async function matchingSlots(cryptoki: Cryptoki, uri: Pkcs11Uri): Promise<readonly TokenSlot[]> {
  const { libraryManufacturer, libraryDescription, libraryVersion } = uri.attributes;
  const wanted = [libraryManufacturer, libraryDescription, libraryVersion].some((value) => value !== undefined);
  if (wanted && !fitsModule(uri, await cryptoki.getInfo())) return [];
  const fitting = (await listSlots(cryptoki)).filter((slot) => fitsSlot(uri, slot));
  // An empty token, such as SoftHSM always offers, is not what anybody looks for.
  const ready = fitting.filter(({ token: { flags } }) =>
    (flags & (CKF_TOKEN.TOKEN_INITIALIZED | CKF_TOKEN.USER_PIN_INITIALIZED)) !== 0
  );
  return ready.length > 0 ? ready : fitting;
}

/** Whether there may be a private key: NSS has a token of mechanisms alone, which nobody logs in to or writes to. */
export function mayHoldKeys({ token: { flags } }: TokenSlot): boolean {
  return (flags & CKF_TOKEN.WRITE_PROTECTED) === 0 ||
    (flags & (CKF_TOKEN.LOGIN_REQUIRED | CKF_TOKEN.USER_PIN_INITIALIZED)) !== 0;
}

/** The error for a URI that fits no slot. */
export function noSlot(action: string, uri: Pkcs11Uri): TokenError {
  const message =
    `Cannot ${action}: no matching slots: no token that is there fits ${uri}; see that it is plugged in, ` +
    "and that the module is the one for it";
  return new TokenError("ERR_TOKEN_NO_SLOT", message, { uri: String(uri) });
}

/** The error for a URI that fits several slots. */
export function severalSlots(action: string, uri: Pkcs11Uri, slots: readonly TokenSlot[]): TokenError {
  const labels = slots.map(({ id, token }) => `"${token.label}" (slot-id ${id})`);
  const message =
    `Cannot ${action}: multiple matching slots: ${slots.length} tokens fit ${uri}: ${labels.join(", ")}; ` +
    "name one of them with token, serial or slot-id";
  return new TokenError("ERR_TOKEN_SEVERAL_SLOTS", message, { uri: String(uri) });
}
