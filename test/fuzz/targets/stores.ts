/**
 * What stores of sessions hold and answer: sealed entries, and replies of Redis.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import {
  openSession,
  readSealedFacts,
  sealedSubject,
  sealSession,
  type StoredSession,
} from "../../../core/credentials/sealed-session.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { redisOverTcp } from "../../../runtimes/edge/stores/redis-tcp.ts";
import { nodeCrypto } from "../../../runtimes/node/crypto.ts";
import { ARNS, identity } from "../../core/session/fake-service.ts";
import type { Material, Octets } from "../mutate.ts";

const PORTS = { crypto: /* @__PURE__ */ nodeCrypto(), sha256: portableSha256 };
const KEY = /* @__PURE__ */ new Uint8Array(32).fill(1);
const SUBJECT = /* @__PURE__ */ sealedSubject(identity(), ARNS, portableSha256);
const STORED = {
  session: { credentials: { accessKeyId: "ASIAEXAMPLE", expiration: "2026-06-01T13:00:00Z" } },
  obtainedAtMs: 1_780_000_000_000,
} as unknown as StoredSession;

/** Entries: of the subject and key, and of another key. */
export async function sealedMaterial(): Promise<Material> {
  const other = new Uint8Array(32).fill(2);
  const seeds = [await sealSession(STORED, SUBJECT, KEY, PORTS), await sealSession(STORED, SUBJECT, other, PORTS)];
  const tokens = ["\n", "{", "}", '"version":', '"subject":', '"obtainedAt":', "null", "\\u0000", "9", "\ufeff"];
  return { seeds, tokens: tokens.map(encodeUtf8) };
}

/** Opens an entry. Only what was sealed may come out; unchanged seeds aside, nothing does. */
export async function openSealed(input: Octets): Promise<void> {
  readSealedFacts(input);
  const opened = await openSession(input, SUBJECT, KEY, PORTS);
  if (opened !== undefined && JSON.stringify(opened) !== JSON.stringify(STORED)) {
    throw new Error("an entry was opened that nobody sealed");
  }
}

/** Replies to AUTH and GET. */
export function redisMaterial(): Material {
  const seeds = ["+OK\r\n$5\r\nhello\r\n", "+OK\r\n$-1\r\n", "+OK\r\n:42\r\n", "+OK\r\n$0\r\n\r\n", "-WRONGPASS no\r\n"]
    .concat("+OK\r\n-ERR no\r\n", `+OK\r\n$300\r\n${"x".repeat(300)}\r\n`);
  const tokens = ["\r\n", "\n", "\r", "$", "$-1", "*1", "*-1\r\n", ":", "+", "-", "$99999\r\n", "$87384\r\n", "%", "_"];
  return { seeds: seeds.map(encodeUtf8), tokens: tokens.map(encodeUtf8) };
}

/** A text, a number or nothing; or a coded error. */
export async function readReplies(input: Octets): Promise<void> {
  const length = 1 + input.length % 61;
  let at = 0;
  const read = () => {
    // What is long comes in few pieces, as from a socket.
    const size = at === 0 ? Math.max(length, input.length - 50 * length) : length;
    const value = input.slice(at, at += size);
    return Promise.resolve(value.length === 0 ? { done: true } : { done: false, value });
  };
  const send = redisOverTcp({
    password: "hunter2",
    connect: () => ({
      readable: { getReader: () => ({ read, cancel: () => Promise.resolve() }) },
      writable: { getWriter: () => ({ write: () => Promise.resolve(), close: () => Promise.resolve() }) },
    }),
  });
  const reply = await send(["GET", "a"]);
  if (reply !== null && typeof reply !== "string" && !Number.isSafeInteger(reply)) throw new Error(`${reply}`);
}
