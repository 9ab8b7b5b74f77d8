/**
 * The PINs of one user of tokens: where they come from, which ones a token took, and which ones it refused.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import type { Awaitable } from "../../core/crypto/signer.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";
import { TokenError } from "./token-error.ts";

/** What a PIN is wanted for. */
export interface PinRequest {
  /** `user`: to log in to the token; `context`: for one signature of a key that asks each time. */
  readonly kind: "user" | "context";
  /** The token's label, for people: what is not seen is escaped. */
  readonly token: string;
  /** The token, or for `context` the key, as a URI without a PIN. */
  readonly uri: string;
  /** Counts from 1; above it, the PIN before was refused. */
  readonly attempt: number;
  /** `low`: wrong PINs were given before; `last`: another one locks the token; undefined: neither is known. */
  readonly tries: "low" | "last" | undefined;
}

/**
 * Answers the PIN's octets, which are overwritten when they are no longer needed; undefined: there is none to be had.
 *
 * Secret: the result.
 */
export type AskPin = (request: PinRequest) => Awaitable<Bytes | undefined>;

/** Where PINs come from. */
export interface PinOptions {
  /** Asked when no URI has a PIN, and again, a few times, when the one it answered is wrong. Default: nobody is asked. */
  readonly pin?: AskPin | undefined;
  /**
   * Answers what is behind a URI's `pin-source`, the octets of the PIN alone: read by {@link pinSourcePath} and the
   * runtime's files, say. Default: a URI with `pin-source` is an error.
   */
  readonly readPinSource?: ((pinSource: string) => Awaitable<Bytes>) | undefined;
  /** Whether keys that ask for a PIN at each signature get the one of the login. Default: they get their own. */
  readonly reusePin?: boolean | undefined;
}

/** How often a PIN is asked for before giving up. */
export const MAX_PIN_ATTEMPTS = 3;

/**
 * The path that a `pin-source` means (RFC 7512 §2.3): a `file:` URI or a bare path; undefined for a command behind `|`,
 * another scheme, or a `file:` URI of another host. Commands are not run: a URI may come from anywhere.
 */
export function pinSourcePath(pinSource: string): string | undefined {
  if (pinSource.startsWith("|")) return undefined;
  const uri = /^file:(?:\/\/(?:localhost)?(?=\/))?([^]*)$/i.exec(pinSource);
  if (uri === null) return /^[A-Za-z][A-Za-z0-9+.-]+:/.test(pinSource) || pinSource === "" ? undefined : pinSource;
  if (uri[1] === "" || uri[1]!.startsWith("//")) return undefined;
  try {
    return decodeURIComponent(uri[1]!);
  } catch {
    return undefined; // A percent sign without digits names no file.
  }
}

/**
 * Keeps what is known of PINs as long as an identity lives.
 *
 * Best effort: what was kept is overwritten by {@link PinStore.close}.
 */
export class PinStore {
  readonly #options: PinOptions;
  readonly #uris: readonly (Pkcs11Uri | undefined)[];
  readonly #accepted = new Map<string, Bytes>();
  readonly #refused: { readonly place: string; readonly pin: Bytes }[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #unanswered: unknown;
  #closed = false;

  /**
   * Makes the store.
   *
   * @param uris whose PINs count, the first one that has any
   */
  constructor(options: PinOptions, uris: readonly (Pkcs11Uri | undefined)[]) {
    this.#options = options;
    this.#uris = uris;
  }

  /** Whether there is somebody to ask. */
  get asks(): boolean {
    return this.#options.pin !== undefined;
  }

  /** Whether keys that ask at each signature get the PIN of the login. */
  get reusesPin(): boolean {
    return this.#options.reusePin === true;
  }

  /** A copy of the PIN that a URI has or leads to, for the caller to overwrite; undefined: none does. */
  async given(): Promise<Bytes | undefined> {
    for (const uri of this.#uris) {
      const value = uri?.pinValue();
      if (value !== undefined) return value.slice();
      const source = uri?.attributes.pinSource;
      if (source === undefined) continue;
      if (this.#options.readPinSource === undefined) {
        const message = `Cannot read PIN: ${uri} names a "pin-source", and nothing here reads it; give "readPinSource"`;
        throw new TokenError("ERR_TOKEN_PIN_SOURCE", message, { uri: String(uri) });
      }
      return await this.#options.readPinSource(source);
    }
    return undefined;
  }

  /** Asks for a PIN; undefined: nobody is there, or has one. */
  async ask(request: PinRequest): Promise<Bytes | undefined> {
    return await this.#options.pin?.(request);
  }

  /** The PIN that was right here before. */
  accepted(place: string): Bytes | undefined {
    return this.#accepted.get(place);
  }

  /** Remembers that the PIN is right, unless the store is closed. */
  accept(place: string, pin: Bytes): void {
    if (this.#closed) return;
    const known = this.#accepted.get(place);
    if (known !== undefined && equalBytes(known, pin)) return;
    wipe(known);
    this.#accepted.set(place, pin.slice());
    this.#unanswered = undefined;
  }

  /** Remembers the error of a login that says neither that the PIN is right nor that it is wrong. */
  leaveOpen(error: unknown): void {
    this.#unanswered = error;
  }

  /** The error of such a login, if the last one was one. */
  get unanswered(): unknown {
    return this.#unanswered;
  }

  /** Remembers that the PIN is wrong, unless the store is closed: it is never sent to the token again. */
  refuse(place: string, pin: Bytes): void {
    if (this.#closed) return;
    // The PIN may be the one that is kept: the copy is made before that one is overwritten.
    this.#refused.push({ place, pin: pin.slice() });
    wipe(this.#accepted.get(place));
    this.#accepted.delete(place);
  }

  /** Whether the token refused this PIN before. */
  isRefused(place: string, pin: Bytes): boolean {
    return this.#refused.some((each) => each.place === place && equalBytes(each.pin, pin));
  }

  /** Does the work when all that was begun before is done: so that one person is asked one thing at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Overwrites every PIN that is kept. */
  close(): void {
    this.#closed = true;
    wipe(...this.#accepted.values(), ...this.#refused.map(({ pin }) => pin));
    this.#accepted.clear();
    this.#refused.length = 0;
  }
}
