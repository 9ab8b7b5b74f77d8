/**
 * Keeps a second emulator away from a state file.
 *
 * Beside the file stands a lock that names a port of this machine, where its owner answers with a token. A lock whose
 * owner does not answer is one that a crash left, and may be taken. On a file that several machines or containers share
 * the lock means nothing.
 *
 * @module
 */

import { encodeHex } from "../../../core/bytes/hex.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import type { DurableFiles, Host } from "../../host.ts";
import { StateError } from "./state-error.ts";

/** A lock that is held. */
export interface StateLock {
  /** Whether it still is: nobody took it. */
  isHeld(): boolean;
  /** Gives it back. */
  release(): Promise<void>;
}

/** The part of a host that a lock needs. */
export type LockHost = Pick<Host, "readFile" | "serve" | "httpClient" | "random" | "sleep">;

/**
 * Takes the lock of a file.
 *
 * @throws {StateError} `ERR_STATE_LOCKED` when its owner answers, or does not say no
 */
export async function lockState(host: LockHost, files: DurableFiles, path: string): Promise<StateLock> {
  const lockPath = `${path}.lock`;
  const token = encodeHex(host.random(16));
  const server = await host.serve(() => new Response(token), { hostname: LOOPBACK, port: 0 });
  const text = JSON.stringify({ port: server.port, token });
  const isHeld = () => readText(host, lockPath) === text;
  try {
    let held = await files.createFile(lockPath, encodeUtf8(text), 0o600);
    while (!held) {
      let other = readText(host, lockPath);
      if (other === "") {
        // It may be just about to be written.
        await host.sleep(SETTLE_MS);
        other = readText(host, lockPath);
      }
      if (await answers(host, other)) throw lockedError(path);
      await files.replaceFile(lockPath, encodeUtf8(text), 0o600);
      // Of several that found the same lock deserted, the last to write has it.
      await host.sleep(SETTLE_MS);
      held = isHeld();
    }
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    isHeld,
    release: async () => {
      if (isHeld()) await files.removeFile(lockPath);
      await server.close();
    },
  };
}

/** Whether the owner of a lock answers with its token, or keeps silent. */
async function answers(host: LockHost, lock: string): Promise<boolean> {
  const [, port, token] = /^\{"port":(\d+),"token":"([0-9a-f]{32})"\}$/.exec(lock) ?? [];
  if (port === undefined) return false;
  const silence = new AbortController();
  const send = host.httpClient({ serverCertificate: "verify" });
  const answer = send(`http://${LOOPBACK}:${port}/`, { method: "GET", headers: {}, redirect: "manual" })
    // Nobody listens there, or somebody who does not speak HTTP.
    .then(async (response) => await response.text() === token, () => false);
  const silent = host.sleep(SILENCE_MS, silence.signal).then(() => true, () => true);
  const alive = await Promise.race([answer, silent]);
  silence.abort();
  return alive;
}

function lockedError(path: string): StateError {
  return new StateError(
    "ERR_STATE_LOCKED",
    `Cannot use state file ${path}: another emulator has it; stop that one, or name another file`,
  );
}

/** The lock's text; empty when there is none. */
function readText(host: LockHost, path: string): string {
  try {
    return decodeUtf8(host.readFile(path, MAX_LOCK_OCTETS, "refuse")) ?? "";
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_FILE_NOT_FOUND") return "";
    throw error;
  }
}

const LOOPBACK = "127.0.0.1";
const MAX_LOCK_OCTETS = 1024;
const SETTLE_MS = 200;
const SILENCE_MS = 2000;
