/**
 * The bare operations of `node:crypto`, and the processor's time.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import { cpuUsage } from "node:process";
import type { Platform } from "./platform.ts";

/** The part of a platform of a runtime whose entry point uses `node:crypto`. */
export const nodeVerification: Pick<Platform, "bareVerification" | "bareSha256"> = {
  async bareVerification(key, algorithm, message, signature) {
    const handle = createPublicKey({ key: key.spki as Buffer, format: "der", type: "spki" });
    const hash = "hash" in algorithm ? algorithm.hash.replace("-", "").toLowerCase() : null;
    return () => verify(hash, message, handle, signature);
  },
  bareSha256: (data) => createHash("sha256").update(data).digest(),
};

/** Of all threads of this process, in milliseconds. */
export function processorMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** What a program printed; undefined: it failed. */
export function runProgram(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? stdout : undefined;
}
