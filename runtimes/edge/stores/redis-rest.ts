/**
 * Redis commands over HTTPS, as Upstash's REST interface takes them: a command is a JSON array, and its reply
 * `{"result": …}` or `{"error": …}`.
 *
 * @module
 */

import { STORE_LIMIT_MS } from "../../../core/credentials/shared-sessions.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { Fetch } from "../../../core/ports.ts";
import type { RedisSend } from "./redis-store.ts";

/** Where the service is and who we are. Unknown members are a TypeError. */
export interface RedisRestOptions {
  /** `https://….upstash.io`, or another that speaks the same. */
  readonly url: string;
  /** Secret: goes as `Authorization: Bearer …`. */
  readonly token: string;
  /** Sends the requests; default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

/**
 * Makes the sender of commands for `redisStore`. A command that takes longer than two seconds fails.
 *
 * Secret: the token is kept; no error holds it.
 *
 * @throws {TypeError} an option that does not exist
 */
export function redisOverRest(options: RedisRestOptions): RedisSend {
  const { url, token, fetch: given, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`redisOverRest() has no option "${name}"`);
  return async (command) => {
    const send = given ?? fetch as unknown as Fetch;
    const response = await send(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(command),
      redirect: "manual",
      signal: AbortSignal.timeout(STORE_LIMIT_MS),
    });
    const text = await response.text();
    const reply = response.status === 200 ? parseReply(text) : undefined;
    if (reply !== undefined && "result" in reply) return reply.result;
    // The text of an error may repeat what was sent.
    throw new CredentialStoreError("ERR_STORE_ANSWER", `${command[0]} was refused with status ${response.status}`);
  };
}

function parseReply(text: string): { readonly result?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined; // It is no JSON.
  }
}
