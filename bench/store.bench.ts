/**
 * Topic `store`: an entry put, read and leased by the stores that processes share: files, and Redis by TCP.
 *
 * Held against the bare means of each: a file written or read by `node:fs`, without a lock, a new name or a check of who
 * may write; a command sent to Redis.
 *
 * @module
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Duplex } from "node:stream";
import type { CredentialStore } from "../core/credentials/mod.ts";
import { type RedisConnection, redisOverTcp, redisStore } from "../runtimes/edge/mod.ts";
import type { Host } from "../runtimes/host.ts";
import { fileStore } from "../runtimes/shared/credential-store/file-store.ts";
import { report } from "./inside.ts";
import type { Effort, Group } from "./harness.ts";
import { ENTRY, NAME, storeGroup } from "./store-group.ts";

/** Measures the stores of a runtime that has files. @param redisPort of a server on loopback; 0: there is none */
export async function measureStores(host: Host, redisPort: number, effort: Effort): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  try {
    const groups = [fileGroup(host, folder), ...redisPort === 0 ? [] : [redisGroup(redisPort)]];
    await report(groups, effort);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

function fileGroup(host: Host, folder: string): Group {
  const file = join(folder, "bare");
  return storeGroup("files", fileStore(host, join(folder, "cache")), {
    put: () => writeFileSync(file, ENTRY, { mode: 0o600 }),
    get: () => readFileSync(file),
  });
}

function redisGroup(port: number): Group {
  const open = (): RedisConnection => Duplex.toWeb(connect(port, "127.0.0.1")) as unknown as RedisConnection;
  const send = redisOverTcp({ connect: open });
  const store: CredentialStore = redisStore(send);
  const text = "A".repeat(Math.ceil(ENTRY.length / 3) * 4);
  return storeGroup("Redis by TCP", store, {
    put: () => send(["SET", NAME, text, "PX", "60000"]),
    get: () => send(["GET", NAME]),
  });
}
