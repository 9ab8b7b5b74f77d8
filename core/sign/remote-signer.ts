/**
 * A signer whose key is in another process: the client of the signing protocol over HTTP, in any runtime that can fetch.
 *
 * @see core/sign/signing-protocol.ts
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { VerifyingProvider } from "../crypto/provider.ts";
import type { Awaitable, Signer } from "../crypto/signer.ts";
import type { Abort, Fetch, FetchResponse, Sleep } from "../ports.ts";
import { readBoundedBody } from "../response-body.ts";
import { limitTime } from "../time-limit.ts";
import { RemoteSignerError } from "./remote-signer-error.ts";
import { refusalError, RemoteKey } from "./signing-answer.ts";
import {
  keyDigest,
  MAX_SIGNING_ANSWER_LENGTH,
  readErrorDocument,
  readJsonObject,
  readKeyDocument,
  readSignature,
  signingAlgorithmName,
  writeSignDocument,
} from "./signing-protocol.ts";

/** How long an answer may take when the caller does not say, in milliseconds: some tokens want a finger on them. */
export const DEFAULT_REMOTE_SIGNER_TIMEOUT_MS = 30_000;

/** How often a connection that is refused is tried, and the pause before each further try in milliseconds. */
const CONNECTION_PAUSES_MS: readonly number[] = [100, 400];

/** Where the key is, and how to get there. */
export interface RemoteSignerOptions {
  /**
   * Base URL: `https://localhost:9912`. `http:` is for the names and addresses of this machine alone, where `fetch` goes
   * to a Unix socket, or to another worker.
   */
  readonly endpoint: string;
  /** The token of the grant, or what reads it: asked before every request. Absent: the way there is the grant. Secret. */
  readonly token?: string | (() => Awaitable<string>);
  /** Sends the requests. */
  readonly fetch: Fetch;
  /** Runs the timers. */
  readonly sleep: Sleep;
  /** How long an answer may take, in milliseconds; default {@linkcode DEFAULT_REMOTE_SIGNER_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** SubjectPublicKeyInfo that the key must have, DER. Default: any. */
  readonly publicKey?: Bytes;
  /** Checks every signature under the public key. Default: the form of signatures alone is checked. */
  readonly crypto?: VerifyingProvider;
  /** What errors call the other side; default: the endpoint, which says nothing of a Unix socket. */
  readonly name?: string;
}

/** A signer, and the certificates that whoever holds its key knows. */
export interface RemoteSigner extends Signer {
  /** Certificates, DER, that of the key first; empty when they are not known there. */
  readonly certificates: readonly Bytes[];
}

/**
 * Asks for the key and makes a signer of it. A key that is replaced there is refused from then on: make a new signer, or
 * use `remoteIdentity`, which does.
 *
 * A request is sent once: only a connection that is refused, before anything is sent, is tried again.
 *
 * Secret: the token, which goes to the endpoint alone.
 *
 * @example
 * ```ts
 * import { remoteSigner } from "anyrole/sign";
 *
 * export async function sidecarSigner(token: string) {
 *   const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
 *   return await remoteSigner({ endpoint: "https://localhost:9912", token, fetch, sleep });
 * }
 * ```
 *
 * @throws {RemoteSignerError} when the key cannot be had
 * @throws {TypeError} for an option that does not exist, or an endpoint that would show the token to others
 */
export async function remoteSigner(options: RemoteSignerOptions): Promise<RemoteSigner> {
  const {
    endpoint,
    token,
    fetch,
    sleep,
    timeoutMs = DEFAULT_REMOTE_SIGNER_TIMEOUT_MS,
    publicKey,
    crypto,
    name,
    ...unknown
  } = options;
  // A misspelt `publicKey` or `crypto` would leave a check out.
  for (const other of Object.keys(unknown)) throw new TypeError(`remoteSigner() has no option "${other}"`);
  if (!(timeoutMs > 0)) throw new RangeError(`"timeoutMs" must be above 0: ${timeoutMs}`);
  const base = checkEndpoint(endpoint);
  const shown = name ?? base;

  const send = async (method: "GET" | "POST", path: string, body: string | undefined, signal: Abort) => {
    const bearer = typeof token === "function" ? await token() : token;
    if (bearer !== undefined && !/^[\w.~+/-]+=*$/.test(bearer)) {
      throw new TypeError(`"token" is none that a header can hold (RFC 6750 §2.1)`);
    }
    const init = {
      method,
      headers: {
        accept: "application/json",
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
      redirect: "manual" as const,
      signal,
    };
    for (let tries = 0;; tries++) {
      try {
        return await fetch(base + path, init);
      } catch (cause) {
        if (signal.aborted) throw cause;
        const pauseMs = isRefusedConnection(cause) ? CONNECTION_PAUSES_MS[tries] : undefined;
        if (pauseMs === undefined) {
          const state = base.startsWith("https:")
            ? "nobody answers there over TLS; is it running, and the CA of its certificate trusted here?"
            : "nobody answers there; is it running?";
          throw new RemoteSignerError("ERR_REMOTE_SIGNER_UNREACHABLE", shown, state, { cause });
        }
        await sleep(pauseMs, signal);
      }
    }
  };

  const request = (method: "GET" | "POST", path: string, body?: string): Promise<Readonly<Record<string, unknown>>> =>
    limitTime(async (signal) => {
      const response = await send(method, path, body, signal);
      return await readAnswer(shown, response);
    }, {
      limitMs: timeoutMs,
      expired: () => new RemoteSignerError("ERR_REMOTE_SIGNER_TIMEOUT", shown, `no answer within ${timeoutMs} ms`),
      aborted: () => new RemoteSignerError("ERR_REMOTE_SIGNER_TIMEOUT", shown, "it was aborted"),
      sleep,
      signal: undefined,
      signalFor: fetch.takesAnySignal === true ? "core" : "fetch",
    });

  const answered = readKeyDocument(await request("GET", "/v1/key"));
  if (typeof answered === "string") throw protocolError(shown, `the key that it answered is none: ${answered}`);
  const key = new RemoteKey(shown, answered, publicKey, crypto);
  const algorithm = signingAlgorithmName(key.algorithm)!;
  const digest = keyDigest(key.publicKey);
  return {
    algorithm: key.algorithm,
    publicKey: key.publicKey,
    certificates: answered.certificates,
    async sign(message) {
      const answer = await request("POST", "/v1/sign", writeSignDocument({ algorithm, key: digest, message }));
      const signature = readSignature(answer);
      if (signature === undefined) throw protocolError(shown, "its answer holds no signature");
      return await key.check(message, signature);
    },
  };
}

async function readAnswer(shown: string, response: FetchResponse): Promise<Readonly<Record<string, unknown>>> {
  const { status } = response;
  let text: string | undefined;
  try {
    text = await readBoundedBody(response, MAX_SIGNING_ANSWER_LENGTH);
  } catch (cause) {
    throw new RemoteSignerError("ERR_REMOTE_SIGNER_UNREACHABLE", shown, "the answer broke off", { cause });
  }
  if (text === undefined) throw protocolError(shown, `its answer is longer than ${MAX_SIGNING_ANSWER_LENGTH} octets`);
  const document = readJsonObject(text);
  if (status === 200 && document !== undefined) return document;
  const error = document === undefined ? undefined : readErrorDocument(document);
  if (status === 200 || error === undefined) {
    throw protocolError(
      shown,
      `it answered status ${status} and no JSON of the signing protocol; is it another service?`,
    );
  }
  throw refusalError(shown, error);
}

function protocolError(shown: string, state: string): RemoteSignerError {
  return new RemoteSignerError("ERR_REMOTE_SIGNER_PROTOCOL", shown, state);
}

/** The endpoint without a slash at its end. @throws {TypeError} */
function checkEndpoint(endpoint: string): string {
  const match = /^(https?):\/\/(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?(?:\/[\w./~-]*)?$/.exec(endpoint);
  if (match === null) throw new TypeError(`"endpoint" is no URL of a host without query and credentials`);
  const [, scheme, host] = match;
  if (scheme === "http" && !LOOPBACK.test(host!)) {
    throw new TypeError(`"endpoint" must be https: to http://${host} the token would travel in the clear`);
  }
  return endpoint.replace(/\/+$/, "");
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Whether the system refused the connection, so that nothing was sent: as Node, Bun and Deno each say it. */
function isRefusedConnection(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const { code } = cause as { readonly code?: unknown };
    if (code === "ECONNREFUSED" || code === "ConnectionRefused" || code === "ENOENT") return true;
    if (/\bconnection refused\b/i.test(cause.message)) return true;
  }
  return false;
}
