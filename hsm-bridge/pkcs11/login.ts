/**
 * Logging in to a token (PKCS#11 v3.1 §5.6.8): as its user, and for one signature of a key that asks each time.
 *
 * A PIN that a token refused is never sent again, a wrong one is asked for anew a few times at most, and one out of a URI
 * is not risked where another mistake would lock the token. Logins are made one after the other: what the first one learns
 * of a PIN, the others know.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import { CKF_TOKEN, CKS, CKU } from "./constants.ts";
import type { Cryptoki, TokenInfo } from "./cryptoki.ts";
import { MAX_PIN_ATTEMPTS, type PinRequest, type PinStore } from "./pin-store.ts";
import { Pkcs11Uri } from "./pkcs11-uri.ts";
import type { TokenSlot } from "./slots.ts";
import { isReturnValue, TokenError } from "./token-error.ts";
import { tokenAttributes } from "./uri-matching.ts";

/**
 * Logs in as the token's user, unless that is so already. It holds for all sessions that this process has with the token.
 *
 * Secret: the PIN.
 *
 * @throws {TokenError} `ERR_TOKEN_PIN_MISSING`, `ERR_TOKEN_PIN_INCORRECT`, `ERR_TOKEN_PIN_LOCKED`,
 * `ERR_TOKEN_PIN_LAST_TRY` or `ERR_TOKEN_PIN_SOURCE`
 */
export async function logIn(cryptoki: Cryptoki, session: bigint, slot: TokenSlot, pins: PinStore): Promise<void> {
  const { state } = await cryptoki.getSessionInfo(session);
  if (state === CKS.RO_USER_FUNCTIONS || state === CKS.RW_USER_FUNCTIONS) return;
  const uri = new Pkcs11Uri(tokenAttributes(slot));
  await authenticate({
    kind: "user",
    place: String(uri),
    uri,
    pins,
    tokenInfo: async () => await cryptoki.getTokenInfo(slot.id),
    proven: () => undefined,
    takesGiven: true,
    login: async (pin) => await cryptoki.login(session, CKU.USER, pin),
  });
}

/**
 * Gives the token the PIN of a key that asks for it at each signature, between `signInit` and `sign`.
 *
 * Secret: the PIN.
 *
 * @param key the key's URI
 * @throws {TokenError} as {@link logIn}
 */
export async function authenticateKey(
  cryptoki: Cryptoki,
  session: bigint,
  slot: TokenSlot,
  key: Pkcs11Uri,
  pins: PinStore,
): Promise<void> {
  const user = String(new Pkcs11Uri(tokenAttributes(slot)));
  const place = `${key} in context`;
  await pins.inTurn(() =>
    authenticate({
      kind: "context",
      place,
      uri: key,
      pins,
      tokenInfo: async () => await cryptoki.getTokenInfo(slot.id),
      proven: () => pins.reusesPin ? pins.accepted(user) : undefined,
      // Nothing is proven of a PIN where somebody else of this process had logged in before.
      takesGiven: pins.reusesPin,
      login: async (pin) => await cryptoki.login(session, CKU.CONTEXT_SPECIFIC, pin),
    })
  );
}

/** One login, of either kind. */
interface Authentication {
  readonly kind: PinRequest["kind"];
  /** Where the PIN holds. */
  readonly place: string;
  readonly uri: Pkcs11Uri;
  readonly pins: PinStore;
  tokenInfo(): Promise<TokenInfo>;
  /** A PIN that was right for something else, and is wanted here; undefined: there is none. */
  proven(): Bytes | undefined;
  /** Whether the PIN of a URI is wanted here. */
  readonly takesGiven: boolean;
  login(pin: Bytes | undefined): Promise<void>;
}

async function authenticate(authentication: Authentication): Promise<void> {
  const { place, pins } = authentication;
  const info = await authentication.tokenInfo();
  requireUnlocked(authentication, info);
  // It was counted, perhaps as a wrong one.
  if (pins.unanswered !== undefined && triesOf(info) !== undefined) throw pins.unanswered;
  const kept = pins.accepted(place) ?? authentication.proven();
  if (kept !== undefined) return await authenticateWith(authentication, info, kept, "proven");
  const given = authentication.takesGiven ? await pins.given() : undefined;
  try {
    await authenticateWith(authentication, info, given, "given");
  } finally {
    wipe(given);
  }
}

/** Logs in with the PIN, or with one that is asked for where there is none, or it is wrong. */
async function authenticateWith(
  authentication: Authentication,
  current: TokenInfo,
  known: Bytes | undefined,
  origin: "proven" | "given",
): Promise<void> {
  const { place, pins } = authentication;
  let info = current;
  if (known === undefined && (info.flags & CKF_TOKEN.PROTECTED_AUTHENTICATION_PATH) !== 0) {
    return await authenticateAtDevice(authentication, info);
  }
  let refused = known !== undefined && pins.isRefused(place, known);
  if (known !== undefined && !refused) {
    if (origin === "given" && triesOf(info) === "last") throw lastTry(authentication, info);
    if (await isRight(authentication, info, known)) return;
    refused = true;
  }
  // Nobody typed the PIN of a URI: it stays wrong.
  if (refused && origin === "given" && authentication.kind === "user") {
    throw incorrect(authentication, await authentication.tokenInfo());
  }
  for (let attempt = refused ? 2 : 1; pins.asks && attempt <= MAX_PIN_ATTEMPTS; attempt++) {
    info = await authentication.tokenInfo();
    requireUnlocked(authentication, info);
    const { kind, uri } = authentication;
    const token = visibleText(info.label);
    const pin = await pins.ask({ kind, token, uri: String(uri), attempt, tries: triesOf(info) });
    if (pin === undefined) break;
    try {
      if (pins.isRefused(place, pin)) throw incorrect(authentication, info);
      if (await isRight(authentication, info, pin)) return;
      refused = true;
    } finally {
      wipe(pin);
    }
  }
  throw refused ? incorrect(authentication, await authentication.tokenInfo()) : missing(authentication, info);
}

/** Whether the token takes the PIN; remembers the answer. */
async function isRight(authentication: Authentication, info: TokenInfo, pin: Bytes): Promise<boolean> {
  const { place, pins } = authentication;
  try {
    await authentication.login(pin);
  } catch (error) {
    if (isReturnValue(error, "CKR_PIN_LOCKED")) throw locked(authentication, info, error);
    // That there is no PIN is no answer of a token that has just said the contrary.
    const contrary = (info.flags & CKF_TOKEN.USER_PIN_INITIALIZED) !== 0 &&
      isReturnValue(error, "CKR_USER_PIN_NOT_INITIALIZED");
    if (contrary || isReturnValue(error, "CKR_GENERAL_ERROR")) pins.leaveOpen(error);
    if (!isReturnValue(error, ...REFUSALS)) throw error;
    pins.refuse(place, pin);
    return false;
  }
  pins.accept(place, pin);
  return true;
}

/** The PIN is typed at the device: it keeps it from us, and from everything else here. */
async function authenticateAtDevice(authentication: Authentication, info: TokenInfo): Promise<void> {
  for (let attempt = 1; attempt <= MAX_PIN_ATTEMPTS; attempt++) {
    try {
      return await authentication.login(undefined);
    } catch (error) {
      if (isReturnValue(error, "CKR_PIN_LOCKED")) throw locked(authentication, info, error);
      if (!isReturnValue(error, ...REFUSALS)) throw error;
      info = await authentication.tokenInfo();
      requireUnlocked(authentication, info);
    }
  }
  throw incorrect(authentication, info);
}

function triesOf({ flags }: TokenInfo): PinRequest["tries"] {
  if ((flags & CKF_TOKEN.USER_PIN_FINAL_TRY) !== 0) return "last";
  return (flags & CKF_TOKEN.USER_PIN_COUNT_LOW) !== 0 ? "low" : undefined;
}

function requireUnlocked(authentication: Authentication, info: TokenInfo): void {
  if ((info.flags & CKF_TOKEN.USER_PIN_LOCKED) !== 0) throw locked(authentication, info);
}

function missing({ kind, uri }: Authentication, { label }: TokenInfo): TokenError {
  const state = kind === "user"
    ? `token "${label}" wants a PIN, and none is given; put pin-value or pin-source into the URI, or answer "pin"`
    : `the key ${uri} wants a PIN for each signature, and none is given; answer "pin", or set "reusePin" where it is ` +
      "that of the login";
  return new TokenError("ERR_TOKEN_PIN_MISSING", `Cannot log in: no user PIN provided: ${state}`, {
    uri: String(uri),
    token: label,
  });
}

function incorrect({ uri }: Authentication, info: TokenInfo): TokenError {
  const tries = triesOf(info);
  const warning = tries === "last"
    ? "; one more wrong PIN locks it"
    : tries === "low"
    ? "; it locks after some more wrong PINs"
    : "";
  const message = `Cannot log in: token "${info.label}" refuses the PIN (CKR_PIN_INCORRECT)${warning}`;
  return new TokenError("ERR_TOKEN_PIN_INCORRECT", message, { uri: String(uri), token: info.label });
}

function locked({ uri }: Authentication, { label }: TokenInfo, cause?: unknown): TokenError {
  const message =
    `Cannot log in: the PIN of token "${label}" is locked after too many wrong ones; its security officer ` +
    "can set a new one";
  return new TokenError("ERR_TOKEN_PIN_LOCKED", message, { uri: String(uri), token: label, cause });
}

function lastTry({ uri }: Authentication, { label }: TokenInfo): TokenError {
  const message = `Cannot log in: one more wrong PIN locks token "${label}", and the one that is configured is not ` +
    "risked; log in once by hand with the right PIN, which resets the count";
  return new TokenError("ERR_TOKEN_PIN_LAST_TRY", message, { uri: String(uri), token: label });
}

const REFUSALS: readonly string[] = ["CKR_PIN_INCORRECT", "CKR_PIN_INVALID", "CKR_PIN_LEN_RANGE"];
