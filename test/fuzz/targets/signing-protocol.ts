/**
 * The signing protocol from both sides: what a client makes of answers, and a service of requests, over HTTP and over
 * standard input and output.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { decodeLatin1, decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { remoteSigner } from "../../../core/sign/remote-signer.ts";
import {
  keyDigest,
  readErrorDocument,
  readJsonObject,
  readKeyDocument,
  readSignDocument,
  REFUSAL_STATUS,
  writeKeyDocument,
  writeSignDocument,
} from "../../../core/sign/signing-protocol.ts";
import { execSigner } from "../../../hsm-bridge/remote/exec-signer.ts";
import { serveExecProtocol } from "../../../hsm-bridge/remote/exec-service.ts";
import type { StartProgram } from "../../../hsm-bridge/remote/program-pipe.ts";
import { createSigningService } from "../../../hsm-bridge/remote/signing-service.ts";
import { KEYS } from "../../vectors/keys/keys.ts";
import type { Material, Octets } from "../mutate.ts";

const PUBLIC_KEY = /* @__PURE__ */ decodePem(KEYS["P-256-public"])[0]!.octets;
const SIGNATURE: Octets = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);
const TOKEN = "0123456789abcdef0123456789abcdef";
const MESSAGE = /* @__PURE__ */ encodeUtf8("message");

/** Signs at once, what nobody checks. */
const SIGNER: Signer = { algorithm: ECDSA_SHA256, publicKey: PUBLIC_KEY, sign: () => SIGNATURE.slice() };

const KEY = writeKeyDocument({ ...SIGNER, certificates: [] });
const SIGN = writeSignDocument({ algorithm: "ecdsa-sha256", key: keyDigest(PUBLIC_KEY), message: MESSAGE });
const ANSWER = JSON.stringify({ signature: encodeBase64(SIGNATURE) });
const ERROR = `{"error":{"code":"RateExceeded","message":"slowly","retryAfterSeconds":1}}`;

const never = () => new Promise<void>(() => {});

const TOKENS = ["{", "}", "[", "]", ":", ",", "null", "\n", '"error":', '"id":', '"sign":', '"hello":1', "__proto__"]
  .concat('"version":1', '"certificates":[""]', "\\ud800", "1e999", "-0", "AAAA", "====", " ");

/** Documents, and two lines of them: the key's answer and the signature's, or a request. */
export function documentMaterial(): Material {
  const seeds = [KEY, SIGN, ANSWER, ERROR, `${KEY}\n${ANSWER}`, `${KEY}\n${ERROR}`, `${ERROR}\n${ERROR}`]
    .concat(writeKeyDocument({ ...SIGNER, certificates: [PUBLIC_KEY, PUBLIC_KEY] }));
  return { seeds: seeds.map(encodeUtf8), tokens: TOKENS.map(encodeUtf8) };
}

/** Reads documents, asks a service that answers them, and is a service that they are asked of. */
export async function readDocuments(input: Octets): Promise<void> {
  const text = decodeUtf8(input) ?? decodeLatin1(input);
  readOnce(text);
  await serve(input);
  await ask(text);
}

function readOnce(text: string): void {
  const document = readJsonObject(text);
  if (document === undefined) return;
  readErrorDocument(document);
  const key = readKeyDocument(document);
  if (typeof key !== "string" && typeof readKeyDocument(readJsonObject(writeKeyDocument(key))!) === "string") {
    throw new Error("a key document is none when it is written again");
  }
  const sign = readSignDocument(document);
  if (typeof sign === "string") return;
  const again = readSignDocument(readJsonObject(writeSignDocument(sign))!);
  if (typeof again === "string" || encodeBase64(again.message) !== encodeBase64(sign.message)) {
    throw new Error("a sign document changes when it is written again");
  }
}

async function ask(text: string): Promise<void> {
  const answers = text.split("\n");
  const fetch = () => {
    const answer = answers.shift() ?? "";
    const status = answer.includes('"error"') ? 403 : 200;
    return Promise.resolve({ status, headers: { get: () => null }, text: () => Promise.resolve(answer) });
  };
  const signer = await remoteSigner({ endpoint: "http://localhost", fetch, sleep: never });
  await signer.sign(MESSAGE);
}

/** A body, and a token and a host: the service answers each in its own words. */
async function serve(input: Octets): Promise<void> {
  const service = createSigningService({
    grants: [{ name: "fuzz", signer: SIGNER, messages: "any-message", access: { token: TOKEN } }],
    now: () => 0,
    sleep: never,
    keepRecord: () => {},
    onError: (error) => {
      throw error;
    },
  });
  const text = decodeLatin1(input.subarray(0, 64));
  const requests: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ["POST", "/v1/sign", { host: "localhost", authorization: `Bearer ${TOKEN}` }],
    ["POST", "/v1/sign", { host: "localhost", authorization: text }],
    ["GET", `/v1/${text}`, { host: text, authorization: `Bearer ${TOKEN}`, "content-length": text }],
  ];
  for (const [method, target, headers] of requests) {
    const { status, body } = await service({
      method,
      target,
      peer: "fuzz",
      header: (name) => headers[name],
      body: (maxLength) => Promise.resolve(input.length > maxLength ? undefined : input),
    });
    const document = readJsonObject(body);
    const refusal = document && readErrorDocument(document);
    const isRight = status === 200
      ? refusal === undefined && document !== undefined
      : Object.values(REFUSAL_STATUS).includes(status) && refusal !== undefined;
    if (!isRight) throw new Error(`status ${status} with ${body}`);
    if (headers["authorization"] === text && status === 200) throw new Error("signed without the token");
  }
}

/** Lines in both directions. */
export function lineMaterial(): Material {
  const request = `{"id":1,"sign":${SIGN}}\n`;
  const answer = `{"id":1,"signature":"${encodeBase64(SIGNATURE)}"}\n`;
  const error = `{"id":1,${ERROR.slice(1)}\n`;
  const seeds = [`{"hello":1}\n${request}`, request, answer, `${error}${answer}`, `{"id":2}\n${answer}`, `${KEY}\n`];
  return { seeds: seeds.map(encodeUtf8), tokens: TOKENS.map(encodeUtf8) };
}

/** As what a program writes, and as what a client writes to one, in pieces. */
export async function readLines(input: Octets): Promise<void> {
  await serveLines(input);
  await askProgram(input);
}

function pieces(input: Octets): readonly Octets[] {
  const length = 1 + input.length % 61;
  // Whole at first, so that long inputs do not come in a thousand pieces.
  const parts = [input.slice(0, Math.max(0, input.length - 20 * length))];
  for (let at = parts[0]!.length; at < input.length; at += length) parts.push(input.slice(at, at + length));
  return parts;
}

async function serveLines(input: Octets): Promise<void> {
  const written: string[] = [];
  async function* stream() {
    yield* pieces(input);
  }
  await serveExecProtocol({
    grant: { name: "fuzz", signer: SIGNER, messages: "any-message", rate: { perSecond: 1, burst: 3 } },
    input: stream(),
    write: (text) => Promise.resolve(void written.push(text)),
    now: () => 0,
    keepRecord: () => {},
    onError: (error) => {
      throw error;
    },
  });
  const lines = input.reduce((count, octet) => octet === 0x0a ? count + 1 : count, 0);
  if (written.length > lines + 1) throw new Error(`${written.length} answers to ${lines} lines`);
  if (written.some((text) => readJsonObject(text) === undefined)) throw new Error("an answer is no JSON");
  const signed = written.filter((text) => text.includes('"signature"')).length;
  if (signed > 3) throw new Error(`${signed} signatures where 3 are allowed`);
}

async function askProgram(input: Octets): Promise<void> {
  let started = 0;
  const start: StartProgram = (_, __, { output, ended }) => {
    started++;
    return {
      write: (line) => {
        if (line.startsWith('{"hello"')) return output(encodeUtf8(`${KEY}\n`));
        for (const piece of pieces(input)) output(piece);
        ended("it ended");
      },
      kill: () => ended("it was killed"),
      close: () => Promise.resolve(),
    };
  };
  const signer = await execSigner({ command: ["fuzz"], sleep: never, start });
  const signature = Promise.resolve(signer.sign(MESSAGE));
  await signature.catch(() => {});
  await signer.close();
  if (started > 2) throw new Error(`the program was started ${started} times for one signature`);
  await signature;
}
