/**
 * The body encoding `aws-chunked`: chunks that carry signatures, and trailers that carry a checksum.
 *
 * A chunk is its length in hexadecimal, its signature where chunks are signed, and its octets; the last one is empty,
 * and trailers follow it. Each signature covers the one before it, the first that of the request's headers.
 *
 * @see Amazon S3 API reference, "Signature calculations for the authorization header: transferring payload in multiple
 * chunks" and "… including trailing headers"
 * @module
 */

import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { decodeLatin1 } from "../../../core/bytes/text.ts";
import type { Sha256 } from "../../../core/crypto/sha256.ts";
import type { Awaitable } from "../../../core/crypto/signer.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { SigV4Error } from "../../../core/sigv4/sigv4-error.ts";
import { headerField } from "../protocols/header-field.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";

/** What `x-amz-content-sha256` says of a body in chunks. */
export const CHUNKED_PAYLOADS: readonly string[] = [
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
  "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];

/** A body without its chunks. */
export interface DecodedBody {
  /** The octets of all chunks. */
  readonly data: Bytes;
  /** What follows them: values by name in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** What the signatures of chunks are verified with. */
export interface ChunkVerification {
  /** The scheme of the request's own signature. */
  readonly algorithm: string;
  /** Whether this is the signature of a string to sign, both as text. */
  readonly verify: (stringToSign: string, signature: string) => Awaitable<boolean>;
  /** `YYYYMMDDTHHMMSSZ`, of the request. */
  readonly date: string;
  /** `YYYYMMDD/region/s3/aws4_request`, without the region for SigV4a. */
  readonly scope: string;
  /** The signature of the request's headers, hexadecimal. */
  readonly seedSignature: string;
  readonly sha256: Sha256;
}

/**
 * The body of a request as the client has it, whether or not it came in chunks.
 *
 * @throws {ServiceRefusal} `IncompleteBody`, `MissingContentLength`, `InvalidChunkSizeError`, `MalformedTrailerError`
 */
export function decodeBody(request: SessionRequest): DecodedBody {
  const kind = chunkedPayload(request);
  if (kind === undefined) return { data: request.body, trailers: new Map() };
  const { chunks, trailers } = readChunks(request.body, kind);
  const data = concatBytes(chunks.map((chunk) => chunk.data));
  const stated = headerField(request, "x-amz-decoded-content-length");
  if (stated === undefined) {
    throw refuse(411, "MissingContentLength", "You must provide the X-Amz-Decoded-Content-Length HTTP header.");
  }
  if (stated !== String(data.length)) throw incomplete();
  const announced = (headerField(request, "x-amz-trailer") ?? "").toLowerCase().split(",").map((name) => name.trim());
  const names = announced.filter((name) => name !== "").sort().join();
  if (names !== [...trailers.keys()].sort().join()) {
    throw malformedTrailer("The trailers are not those that X-Amz-Trailer announces");
  }
  return { data, trailers };
}

/**
 * Verifies the signature of every chunk and of the trailers; a body that is not signed in chunks has none.
 *
 * @throws {SigV4Error} (as a rejection) `ERR_SIGV4_SIGNATURE`
 * @throws {ServiceRefusal} (as a rejection) as {@linkcode decodeBody}
 */
export async function verifyChunks(request: SessionRequest, verification: ChunkVerification): Promise<void> {
  const kind = chunkedPayload(request);
  if (kind === undefined || !isSigned(kind)) return;
  const { algorithm, verify, date, scope, sha256 } = verification;
  const empty = sha256.hex("");
  let previous = verification.seedSignature;
  const check = async (signature: string | undefined, part: string, hashes: string): Promise<void> => {
    const text = `${algorithm}-${part}\n${date}\n${scope}\n${previous}\n${hashes}`;
    // What fills up the signatures of SigV4a is not signed.
    const given = signature?.replace(/\*+$/, "");
    if (given === undefined || !kind.startsWith(`STREAMING-${algorithm}-`) || !await verify(text, given)) {
      throw new SigV4Error("ERR_SIGV4_SIGNATURE", "chunk-signature", "the signature of a chunk does not verify");
    }
    previous = given;
  };
  const { chunks, trailers, trailerSignature } = readChunks(request.body, kind);
  for (const { data, signature } of chunks) await check(signature, "PAYLOAD", `${empty}\n${sha256.hex(data)}`);
  if (!hasTrailers(kind)) return;
  const lines = Array.from(trailers, ([name, value]) => `${name}:${value}\n`).sort().join("");
  await check(trailerSignature, "TRAILER", sha256.hex(lines));
}

interface Chunk {
  readonly data: Bytes;
  readonly signature: string | undefined;
}

interface Chunks {
  /** The empty one at the end included. */
  readonly chunks: readonly Chunk[];
  readonly trailers: ReadonlyMap<string, string>;
  readonly trailerSignature: string | undefined;
}

function readChunks(body: Bytes, kind: string): Chunks {
  const chunks: Chunk[] = [];
  let at = 0;
  const line = (): string => {
    const end = indexOfCrLf(body, at);
    if (end < 0) throw incomplete();
    const text = decodeLatin1(body.subarray(at, end));
    at = end + 2;
    return text;
  };
  for (;;) {
    const head = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}|(?=.{144}$)[0-9a-f]+\**))?$/.exec(line());
    if (head === null || (head[2] !== undefined) !== isSigned(kind)) throw incomplete();
    const length = parseInt(head[1]!, 16);
    if (at + length > body.length) throw incomplete();
    const before = chunks.at(-1);
    if (length > 0 && before !== undefined && before.data.length < LEAST_CHUNK_OCTETS) {
      throw refuse(
        403,
        "InvalidChunkSizeError",
        `Only the last chunk is allowed to have a size less than ${LEAST_CHUNK_OCTETS} bytes`,
      );
    }
    chunks.push({ data: body.slice(at, at + length), signature: head[2] });
    at += length;
    if (length === 0) break;
    if (line() !== "") throw incomplete();
  }
  const trailers = new Map<string, string>();
  for (let text = line(); text !== ""; text = line()) {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const known = trailers.has(name) || trailers.size === MAX_TRAILERS;
    // Printable ASCII alone: what is trimmed off a value is not signed.
    if (!hasTrailers(kind) || !/^[a-z0-9-]+$/.test(name) || !/^[ -~]+$/.test(text) || known) {
      throw malformedTrailer("The request contained trailing data that was not well-formed");
    }
    trailers.set(name, text.slice(colon + 1).trim());
    // Some clients leave the empty line out that ends the trailers.
    if (at === body.length) break;
  }
  if (at !== body.length) throw incomplete();
  const trailerSignature = trailers.get(TRAILER_SIGNATURE);
  trailers.delete(TRAILER_SIGNATURE);
  return { chunks, trailers, trailerSignature };
}

function indexOfCrLf(octets: Bytes, from: number): number {
  for (let at = octets.indexOf(0x0d, from); at >= 0; at = octets.indexOf(0x0d, at + 1)) {
    if (octets[at + 1] === 0x0a) return at;
  }
  return -1;
}

/** What `x-amz-content-sha256` says of a body in chunks; undefined for any other body. */
function chunkedPayload(request: SessionRequest): string | undefined {
  const stated = headerField(request, "x-amz-content-sha256") ?? "";
  return CHUNKED_PAYLOADS.includes(stated) ? stated : undefined;
}

function isSigned(kind: string): boolean {
  return kind.startsWith("STREAMING-AWS4-");
}

function hasTrailers(kind: string): boolean {
  return kind.endsWith("-TRAILER");
}

function incomplete(): ServiceRefusal {
  const message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
  return refuse(400, "IncompleteBody", message);
}

function malformedTrailer(message: string): ServiceRefusal {
  return refuse(400, "MalformedTrailerError", message);
}

const TRAILER_SIGNATURE = "x-amz-trailer-signature";

/** Trailers of a body: a checksum, the signature, and room. */
const MAX_TRAILERS = 8;

/** Octets of a chunk that another one with octets follows. */
const LEAST_CHUNK_OCTETS = 8192;
