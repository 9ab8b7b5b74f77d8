/**
 * The commands of Redis that the store sends, in memory.
 *
 * @module
 */

import { sleep } from "../../core/session/sleep.ts";
import type { RedisSend } from "../../runtimes/edge/mod.ts";

/** Makes an empty server; each answer takes its time. */
export function memoryRedis(): RedisSend {
  const kept = new Map<string, { readonly value: string; readonly until: number }>();
  const get = (key: string): string | null => {
    const found = kept.get(key);
    return found !== undefined && Date.now() < found.until ? found.value : null;
  };
  return async (command) => {
    await sleep(0);
    const [name, key, value, ...options] = command as [string, string, string, ...string[]];
    if (name === "GET") return get(key);
    if (name === "SET") {
      if (options.includes("NX") && get(key) !== null) return null;
      kept.set(key, { value, until: Date.now() + Number(options[options.indexOf("PX") + 1]) });
      return "OK";
    }
    if (name !== "EVAL") throw new Error(`unknown command ${name}`);
    const [owned, token] = options as [string, string];
    return get(owned) === token && kept.delete(owned) ? 1 : 0;
  };
}
