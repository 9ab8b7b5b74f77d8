/**
 * A credential store in Redis, Valkey, or what speaks like them.
 *
 * @module
 */

import { encodeHex } from "../../../core/bytes/hex.ts";
import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { CredentialStore, Lease } from "../../../core/credentials/store.ts";
import type { Awaitable } from "../../../core/crypto/signer.ts";
import { STORE_PREFIX } from "./store-names.ts";

/**
 * Sends one command and answers its reply: a text, a number or null; an error reply is thrown. `redisOverTcp` and
 * `redisOverRest` make one; with a client of your own it is `(command) => client.sendCommand([...command])`.
 */
export type RedisSend = (command: readonly string[]) => Awaitable<unknown>;

/**
 * Makes a store of a Redis or Valkey server, with leases (`SET … NX PX`, given back by their holder alone). Entries are
 * base64 texts, the same by TCP and by REST. GET, SET and EVAL of keys below `anyrole/session/` must be allowed.
 */
export function redisStore(send: RedisSend): CredentialStore {
  return {
    get: async (name) => {
      const reply = await send(["GET", STORE_PREFIX + name]);
      if (reply === null || typeof reply === "string") return reply === null ? undefined : decodeBase64(reply);
      throw new CredentialStoreError("ERR_STORE_ANSWER", `GET was answered with a ${typeof reply} in place of a text`);
    },
    put: async (name, entry, expiresAtMs) => {
      const life = Math.max(1, Math.floor(expiresAtMs - Date.now()));
      await send(["SET", STORE_PREFIX + name, encodeBase64(entry), "PX", String(life)]);
    },
    lease: async (name, lifeMs) => {
      const key = `${STORE_PREFIX}${name}/lease`;
      const token = encodeHex(crypto.getRandomValues(new Uint8Array(16)));
      const reply = await send(["SET", key, token, "NX", "PX", String(lifeMs)]);
      return reply === "OK" ? leaseOf(send, key, token) : undefined;
    },
  };
}

function leaseOf(send: RedisSend, key: string, token: string): Lease {
  return { release: async () => void await send(["EVAL", DELETE_OWN, "1", key, token]) };
}

/** Removes a lease if it is still the holder's. */
const DELETE_OWN = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0`;
