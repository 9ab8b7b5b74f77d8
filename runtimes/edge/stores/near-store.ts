/**
 * Two stores as one: a near one that is asked first, and a far one that gives leases and knows the newest.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { readSealedFacts } from "../../../core/credentials/sealed-session.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { Awaitable } from "../../../core/crypto/signer.ts";
import type { Sleep } from "../../../core/ports.ts";
import { sleep } from "../../../core/session/sleep.ts";
import { withinTime } from "../../../core/session/time-limit.ts";

/** How long the near store may take, in milliseconds: it is to save the way to the far one. */
export const NEAR_LIMIT_MS = 500;

/**
 * Puts a store that is near (`cacheStore`, `kvStore`) before one that waits (`durableObjectStore`), which is one place in
 * the world: an isolate goes there when the near one has nothing, or nothing of use.
 *
 * @param onFailure told of what the near store did not do in half a second; then the far one is asked. What it throws, or
 * rejects with, is dropped
 * @param wait runs the timers
 * @throws {TypeError} when the far store cannot wait
 */
export function nearStore(
  near: CredentialStore,
  far: CredentialStore,
  onFailure?: (error: unknown) => void,
  wait: Sleep = sleep,
): Required<CredentialStore> {
  if (far.turn === undefined) throw new TypeError("the far store must be one that waits, as durableObjectStore()");
  const turn = far.turn.bind(far);
  const told = async <T>(ask: () => Awaitable<T>): Promise<T | undefined> => {
    try {
      return await withinTime(async () => await ask(), { ...NEAR_LIMIT, sleep: wait });
    } catch (error) {
      new Promise((resolve) => resolve(onFailure?.(error))).catch(() => {});
      return undefined;
    }
  };
  const get = (name: string): Promise<Bytes | undefined> => told(() => near.get(name));
  return {
    get: async (name) => await get(name) ?? await far.get(name),
    put: async (name, entry, expiresAtMs) => {
      await Promise.all([told(() => near.put(name, entry, expiresAtMs)), far.put(name, entry, expiresAtMs)]);
    },
    lease: (name, lifeMs) => far.lease(name, lifeMs),
    turn: async (name, request) => {
      const entry = request.refused === undefined ? await get(name) : undefined;
      if (entry !== undefined) return { entry };
      const answer = await turn(name, request);
      if (answer !== undefined && "entry" in answer) {
        const expiresAtMs = Date.parse(readSealedFacts(answer.entry)?.expiration ?? "");
        if (!Number.isNaN(expiresAtMs)) await told(() => near.put(name, answer.entry, expiresAtMs));
      }
      return answer;
    },
  };
}

const NEAR_LIMIT = {
  limitMs: NEAR_LIMIT_MS,
  expired: () =>
    new CredentialStoreError("ERR_STORE_TIMEOUT", `the near one did not answer within ${NEAR_LIMIT_MS} ms`),
  signal: undefined,
  signalFor: "core",
} as const;
