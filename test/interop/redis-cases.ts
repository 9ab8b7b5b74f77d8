/**
 * The cases of a credential store over a TCP connection to Redis, as this runtime opens one: a program for Node, Deno and
 * Bun, and a test for workerd. Says `ok` and how many there were.
 *
 * @module
 */

import { type RedisConnection, redisOverTcp, redisStore } from "../../runtimes/edge/mod.ts";
import { storeCases } from "../support/store-conformance.ts";

/** Where the server is; the password is of its default user. */
export interface RedisPlace {
  readonly port: number;
  readonly password: string;
}

/** Runs every case; rejects with the first that does not hold. */
export async function runRedisCases(
  { password }: RedisPlace,
  connect: () => RedisConnection | Promise<RedisConnection>,
): Promise<string> {
  const cases = storeCases("exclusive");
  for (const { name, run } of cases) {
    try {
      await run({ leases: "exclusive", open: () => redisStore(redisOverTcp({ connect, password, database: 1 })) });
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return `ok ${cases.length}`;
}
