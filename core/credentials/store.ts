/**
 * What several processes, isolates or machines need to share sessions: a place for sealed octets, and leases, so that one
 * of them makes the call and the others wait for what comes of it.
 *
 * Nothing here is trusted. Entries are sealed before they are put and checked when they are taken, and a lease only
 * saves calls: whoever loses it, or never got one, may still make its own call and put what came of it. Every entry is
 * complete and good by itself, the last one put stays, and so a holder that comes late does no harm and there is no
 * fencing token.
 *
 * A store that is down says so by throwing or rejecting. Its user goes on without it: what it does is slower then, not
 * wrong.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { Awaitable } from "../crypto/signer.ts";

/** A place for sealed sessions. Names are 64 lower-case hexadecimal digits. */
export interface CredentialStore {
  /** The entry of this name; undefined when there is none. It may be an old one, or damaged: its reader finds out. */
  get(name: string): Awaitable<Bytes | undefined>;
  /**
   * Keeps an entry in the place of the one before: readers see either, never a mixture.
   *
   * @param expiresAtMs from when on nobody wants it, in milliseconds since the epoch; the store may remove it then
   */
  put(name: string, entry: Bytes, expiresAtMs: number): Awaitable<void>;
  /**
   * Tries to become the one who fetches the entry of this name; undefined when another is, at once and without waiting.
   *
   * A lease ends when it is released, or by itself after `lifeMs` at the latest: its holder may have died. It is not
   * renewed, and the store need not tell the holder that it is over.
   *
   * @param lifeMs milliseconds
   */
  lease(name: string, lifeMs: number): Awaitable<Lease | undefined>;
  /**
   * All of it in one request, for a store that can wait: the entry as soon as there is one other than the refused, or a
   * lease as soon as nobody has it; undefined when neither came in time. Absent: its user asks again and again.
   */
  turn?(name: string, request: TurnRequest): Awaitable<Turn | undefined>;
}

/** What a user of a store that can wait has seen, and how long it has. */
export interface TurnRequest {
  /** The entry that is of no use. */
  readonly refused?: Bytes | undefined;
  /** As of `lease`, in milliseconds. */
  readonly lifeMs: number;
  /** Longest wait, in milliseconds. */
  readonly waitMs: number;
}

/** What there is for it: an entry to try, or the right to make one. */
export type Turn = { readonly entry: Bytes } | { readonly lease: Lease };

/** The right to be the one who makes the call. */
export interface Lease {
  /** Gives it back. A lease that is over, and that another may have by now, is left alone. */
  release(): Awaitable<void>;
}
