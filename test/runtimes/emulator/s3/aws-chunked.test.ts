// runtimes: node20 node deno bun workerd
import { encodeBase64 } from "../../../../core/bytes/base64.ts";
import { type Bytes, concatBytes } from "../../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../../core/bytes/text.ts";
import { portableSha256 } from "../../../../core/crypto/sha256.ts";
import { deriveSigningKey } from "../../../../core/sigv4/hmac-scheme.ts";
import { signRequest } from "../../../../core/sigv4/mod.ts";
import {
  ADMINISTRATOR,
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  readAnswer,
  type ServiceAnswer,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/aws-chunked");

const HOST = "127.0.0.1:8080";
const SCOPE = "20260601/us-east-1/s3/aws4_request";
const DATE = "20260601T120000Z";

type Kind =
  | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
  | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
  | "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

interface Upload {
  readonly kind: Kind;
  readonly chunks: readonly string[];
  /** In the order in which they are sent. */
  readonly trailers?: readonly (readonly [string, string])[];
  /** Announced trailers; default: those that are sent. */
  readonly announced?: string;
  /** Default: what it is. */
  readonly decodedLength?: string | null;
  /** Changes the body after it was signed. */
  readonly change?: (body: Bytes) => Bytes;
}

/** Uploads a body in chunks, signed as a client signs them. */
async function upload({ emulator }: EmulatedAccount, options: Upload): Promise<ServiceAnswer> {
  const { kind, chunks, trailers = [], change = (body) => body } = options;
  const length = chunks.join("").length;
  const announced = options.announced ?? trailers.map(([name]) => name).join(",");
  const decoded = options.decodedLength === undefined ? String(length) : options.decodedLength;
  const headers: Record<string, string> = {
    "content-encoding": "aws-chunked",
    "x-amz-content-sha256": kind,
    ...(decoded === null ? {} : { "x-amz-decoded-content-length": decoded }),
    ...(announced === "" ? {} : { "x-amz-trailer": announced }),
  };
  const signed = signRequest({ method: "PUT", path: "/bucket/a", headers: { host: HOST, ...headers } }, {
    credentials: ADMINISTRATOR,
    region: "us-east-1",
    service: "s3",
    timeMs: NOW,
  });
  const key = deriveSigningKey(ADMINISTRATOR.secretAccessKey, SCOPE, portableSha256);
  let previous = signed.signature;
  const sign = (algorithm: string, hashes: string): string =>
    previous = key.hex(`${algorithm}\n${DATE}\n${SCOPE}\n${previous}\n${hashes}`);
  const parts: Bytes[] = [];
  const write = (text: string): void => void parts.push(encodeUtf8(text));
  const signs = kind.includes("AWS4");
  for (const chunk of [...chunks, ""]) {
    const hashes = `${portableSha256.hex("")}\n${portableSha256.hex(chunk)}`;
    const extension = signs ? `;chunk-signature=${sign("AWS4-HMAC-SHA256-PAYLOAD", hashes)}` : "";
    write(`${chunk.length.toString(16)}${extension}\r\n${chunk}${chunk === "" ? "" : "\r\n"}`);
  }
  const lines = trailers.map(([name, value]) => `${name}:${value}\n`);
  for (const [name, value] of trailers) write(`${name}:${value}\r\n`);
  if (signs && kind.endsWith("TRAILER")) {
    const hash = portableSha256.hex([...lines].sort().join(""));
    write(`x-amz-trailer-signature:${sign("AWS4-HMAC-SHA256-TRAILER", hash)}\r\n`);
  }
  write("\r\n");
  const body = change(concatBytes(parts));
  return await readAnswer(
    await emulator.fetch(
      new Request(`http://${HOST}/bucket/a`, { method: "PUT", headers: { ...headers, ...signed.headers }, body }),
    ),
  );
}

async function withBucket(): Promise<EmulatedAccount> {
  const account = emulatedAccount();
  await account.s3({ method: "PUT", path: "/bucket" });
  return account;
}

const CHUNKS = ["a".repeat(8192), "b".repeat(9000), "the end"];
const SHA256_TRAILER = ["x-amz-checksum-sha256", encodeBase64(portableSha256.digest(CHUNKS.join("")))] as const;

/** Replaces text by text of the same length or another. */
const replacing = (from: string | RegExp, to: string) => (body: Bytes): Bytes => {
  const text = decodeUtf8(body)!;
  const changed = text.replace(from, to);
  assert.is.not(changed, text);
  return encodeUtf8(changed);
};

test("PutObject accepts bodies in chunks, of every kind", async () => {
  const account = await withBucket();
  const uploads: readonly Upload[] = [
    { kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", chunks: CHUNKS },
    { kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", chunks: CHUNKS, trailers: [SHA256_TRAILER] },
    { kind: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", chunks: CHUNKS, trailers: [SHA256_TRAILER] },
    { kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", chunks: ["small"] },
    { kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", chunks: [] },
  ];
  for (const one of uploads) {
    const answer = await upload(account, one);
    assert.is(answer.status, 200, `${one.kind} ${answer.text}`);
    const read = await account.s3({ method: "GET", path: "/bucket/a" });
    assert.is(read.text, one.chunks.join(""));
    assert.is(read.headers.get("content-encoding"), null);
    if (one.trailers !== undefined) assert.is(answer.headers.get(SHA256_TRAILER[0]), SHA256_TRAILER[1]);
  }
});

test("PutObject refuses chunks and trailers that were changed on the way", async () => {
  const account = await withBucket();
  const payload: Upload = { kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", chunks: CHUNKS };
  const trailer: Upload = {
    kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    chunks: CHUNKS,
    trailers: [SHA256_TRAILER],
  };
  for (const signed of [payload, trailer]) {
    for (
      const change of [
        replacing("aaaa", "aaab"),
        replacing("the end", "the END"),
        replacing("bbb", "bbc"),
        replacing(/chunk-signature=[0-9a-f]{8}/, "chunk-signature=00000000"),
        // The same octets in other chunks.
        (body: Bytes) => {
          const text = decodeUtf8(body)!;
          const [first, second] = text.match(/[0-9a-f]+;chunk-signature=[0-9a-f]{64}\r\n[ab]+\r\n/g)!;
          return encodeUtf8(text.replace(first!, "").replace(second!, `${second}${first}`));
        },
        // The signature of the last chunk is missing its predecessor.
        (body: Bytes) => {
          const text = decodeUtf8(body)!;
          return encodeUtf8(text.replace(/2328;chunk-signature=[0-9a-f]{64}\r\nb+\r\n/, ""));
        },
      ]
    ) assertRefused(await upload(account, { ...signed, change }), 403, "SignatureDoesNotMatch");
  }
  const other = encodeBase64(portableSha256.digest("other"));
  const replaced = { ...trailer, change: replacing(SHA256_TRAILER[1], other) };
  assertRefused(await upload(account, replaced), 403, "SignatureDoesNotMatch");
  const dropped = { ...trailer, change: replacing(/x-amz-trailer-signature:.*\r\n/, "") };
  assertRefused(await upload(account, dropped), 403, "SignatureDoesNotMatch");
  const wrong: Upload = { ...trailer, trailers: [["x-amz-checksum-sha256", other]] };
  assertRefused(await upload(account, wrong), 400, "BadDigest");
  assertRefused(await account.s3({ method: "GET", path: "/bucket/a" }), 404, "NoSuchKey");
});

test("PutObject refuses chunks that cannot be read", async () => {
  const account = await withBucket();
  const unsigned: Upload = { kind: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", chunks: CHUNKS, trailers: [SHA256_TRAILER] };
  const cases: readonly (readonly [Partial<Upload>, number, string])[] = [
    [{ change: replacing(/^2000/, "2001") }, 400, "IncompleteBody"],
    [{ change: replacing(/^2000/, "fffffff0") }, 400, "IncompleteBody"],
    [{ change: replacing(/^2000/, "-1") }, 400, "IncompleteBody"],
    [{ change: replacing(/^2000/, "2000;chunk-signature=" + "0".repeat(64)) }, 400, "IncompleteBody"],
    [{ change: replacing(/\r\n0\r\n[^]*$/, "") }, 400, "IncompleteBody"],
    [{ change: () => new Uint8Array() }, 400, "IncompleteBody"],
    [{ change: (body) => concatBytes([body, encodeUtf8("more")]) }, 400, "IncompleteBody"],
    [{ change: replacing("x-amz-checksum-sha256:", "x amz:") }, 400, "MalformedTrailerError"],
    [{ change: replacing(/(x-amz-checksum-sha256:.*\r\n)/, "$1$1") }, 400, "MalformedTrailerError"],
    [{ trailers: [["x-amz-checksum-crc32", "AAAAAA=="]] }, 400, "BadDigest"],
    [{ announced: "x-amz-checksum-crc32" }, 400, "MalformedTrailerError"],
    [{ trailers: [], announced: "x-amz-checksum-crc32" }, 400, "MalformedTrailerError"],
    [{ decodedLength: "1" }, 400, "IncompleteBody"],
    [{ decodedLength: null }, 411, "MissingContentLength"],
    [{ chunks: ["small", "also small"] }, 403, "InvalidChunkSizeError"],
  ];
  for (const [change, status, code] of cases) {
    assertRefused(await upload(account, { ...unsigned, ...change }), status, code);
  }
  const trailing: Upload = {
    kind: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    chunks: CHUNKS,
    change: replacing(/\r\n$/, "x-amz-checksum-crc32:AAAAAA==\r\n\r\n"),
  };
  assertRefused(await upload(account, trailing), 400, "MalformedTrailerError");
});

test("a body in chunks is for S3 alone", async () => {
  const { query } = emulatedAccount();
  assert.is((await query("GetCallerIdentity")).status, 200);
  const { emulator } = emulatedAccount();
  const headers = { host: HOST, "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
  const signed = signRequest({ method: "POST", path: "/", headers, body: "" }, {
    credentials: ADMINISTRATOR,
    region: "us-east-1",
    service: "sts",
    timeMs: NOW,
  });
  const body = "Action=GetCallerIdentity&Version=2011-06-15";
  const response = await emulator.fetch(
    new Request(`http://${HOST}/`, { method: "POST", headers: { ...headers, ...signed.headers }, body }),
  );
  assertRefused(await readAnswer(response), 403, "SignatureDoesNotMatch");
});

test.run();
