/**
 * Redis commands over HTTPS, as Upstash's REST interface takes them: a command is a JSON array, and its reply
 * `{"result": …}` or `{"error": …}`.
 *
 * @module
 */

import { STORE_LIMIT_MS } from "../../../core/credentials/shared-sessions.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { Fetch } from "../../../core/ports.ts";
import { readBoundedBody } from "../../../core/response-body.ts";
import type { RedisSend } from "./redis-store.ts";

/** Where the service is and who we are. Unknown members are a TypeError. */
export interface RedisRestOptions {
  /** `https://….upstash.io`, or another that speaks the same. `http:` is for this machine alone. */
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
 * @throws {TypeError} an option that does not exist, or a URL that would show the token to others
 */
export function redisOverRest(options: RedisRestOptions): RedisSend {
  const { url, token, fetch: given, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`redisOverRest() has no option "${name}"`);
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== "https:" && !(protocol === "http:" && /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname))) {
    throw new TypeError('"url" must be https: the token would travel in the clear');
  }
  if (username || password) throw new TypeError('"url" holds a user name or a password; give "token"');
  return async (command) => {
    const send = given ?? fetch as unknown as Fetch;
    const response = await send(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(command),
      redirect: "manual",
      signal: AbortSignal.timeout(STORE_LIMIT_MS),
    });
    const text = await readBoundedBody(response, MAX_REPLY_OCTETS);
    const reply = response.status === 200 ? parseReply(text ?? "") : undefined;
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

/** More than the base64 of the longest entry, and what is around it. */
const MAX_REPLY_OCTETS = 90_000;
