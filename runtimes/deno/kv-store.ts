/**
 * A credential store in Deno KV: a file of one machine, or the database of Deno Deploy.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CredentialStore, Lease } from "../../core/credentials/store.ts";
import { sleep } from "../../core/session/sleep.ts";

/** The part of a `Deno.Kv` that is used, of `await Deno.openKv()`. */
export interface DenoKv {
  /** Reads a value and its version; both null when there is none. */
  get(key: readonly string[]): Promise<DenoKvEntry>;
  /** Keeps a value; `expireIn` in milliseconds. */
  set(key: readonly string[], value: unknown, options: { readonly expireIn: number }): Promise<unknown>;
  /** Begins what happens as a whole or not at all. */
  atomic(): DenoKvOperation;
}

/** What is found under a key. */
export interface DenoKvEntry {
  /** Null when there is none. */
  readonly value: unknown;
  /** Null when there is none. */
  readonly versionstamp: string | null;
}

/** The part of a `Deno.AtomicOperation` that is used. */
export interface DenoKvOperation {
  /** Only if this version is the current one. */
  check(entry: { readonly key: readonly string[]; readonly versionstamp: string | null }): DenoKvOperation;
  /** Keeps a value; `expireIn` in milliseconds. */
  set(key: readonly string[], value: unknown, options: { readonly expireIn: number }): DenoKvOperation;
  /** Removes it. */
  delete(key: readonly string[]): DenoKvOperation;
  /** Does it; `ok` is false when a check failed. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/** Makes a store of a Deno KV database, which must be open as long as the store is used. */
export function denoKvStore(kv: DenoKv): CredentialStore {
  return {
    get: async (name) => {
      const { value } = await whenFree(() => kv.get(entryKey(name)));
      return value instanceof Uint8Array ? value as Bytes : undefined;
    },
    put: async (name, entry, expiresAtMs) => {
      const expireIn = Math.max(1, expiresAtMs - Date.now());
      await whenFree(() => kv.set(entryKey(name), entry, { expireIn }));
    },
    lease: async (name, lifeMs) => {
      const key = leaseKey(name);
      const { value, versionstamp } = await whenFree(() => kv.get(key));
      const now = Date.now();
      if (isHeld(value, now, lifeMs)) return undefined;
      const token = crypto.randomUUID();
      // It may be there for longer than it says: when the database removes it, is the database's affair.
      const lease: StoredLease = { token, untilMs: now + lifeMs };
      const taken = await whenFree(() =>
        kv.atomic().check({ key, versionstamp }).set(key, lease, { expireIn: lifeMs }).commit()
      );
      return taken.ok ? leaseOf(kv, key, token) : undefined;
    },
  };
}

function leaseOf(kv: DenoKv, key: readonly string[], token: string): Lease {
  return {
    release: async () => {
      const { value, versionstamp } = await whenFree(() => kv.get(key));
      if ((value as Partial<StoredLease> | null)?.token !== token) return;
      await whenFree(() => kv.atomic().check({ key, versionstamp }).delete(key).commit());
    },
  };
}

/** Asks again while another process writes into the same file, of which Deno tells nothing but the text of the error. */
async function whenFree<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !String(error).includes("database is locked")) throw error;
      await sleep(attempt * (1 + crypto.getRandomValues(new Uint8Array(1))[0]! / 64));
    }
  }
}

/** Whether a lease goes on. One that goes on for longer than leases do is of a clock that was set since. */
function isHeld(value: unknown, now: number, lifeMs: number): boolean {
  const untilMs = Number((value as Partial<StoredLease> | null)?.untilMs);
  return now < untilMs && untilMs - now <= Math.max(lifeMs, LONGEST_LEASE_MS);
}

interface StoredLease {
  readonly token: string;
  readonly untilMs: number;
}

const entryKey = (name: string): readonly string[] => ["anyrole", "session", name];
const leaseKey = (name: string): readonly string[] => ["anyrole", "lease", name];
const LONGEST_LEASE_MS = 60_000;

/** The pauses between them grow, and take a second together at most. */
const MAX_ATTEMPTS = 20;
