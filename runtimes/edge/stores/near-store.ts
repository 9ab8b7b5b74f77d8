/**
 * Two stores as one: a near one that is asked first, and a far one that gives leases and knows the newest.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { readSealedFacts } from "../../../core/credentials/sealed-session.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import type { Awaitable } from "../../../core/crypto/signer.ts";

/**
 * Puts a store that is near (`cacheStore`, `kvStore`) before one that waits (`durableObjectStore`), which is one place in
 * the world: an isolate goes there when the near one has nothing, or nothing of use.
 *
 * @param onFailure told of what the near store did not do; then the far one is asked
 * @throws {TypeError} when the far store cannot wait
 */
export function nearStore(
  near: CredentialStore,
  far: CredentialStore,
  onFailure?: (error: unknown) => void,
): Required<CredentialStore> {
  if (far.turn === undefined) throw new TypeError("the far store must be one that waits, as durableObjectStore()");
  const turn = far.turn.bind(far);
  const told = async <T>(ask: () => Awaitable<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      onFailure?.(error);
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
