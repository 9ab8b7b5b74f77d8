/**
 * The body encoding `aws-chunked`: a body of known length sent in chunks, each signed or not, with a checksum behind
 * them.
 *
 * A body passes through in constant memory: one chunk is collected, hashed, signed and sent before the next begins.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html | Signature calculations:
 * transferring payload in multiple chunks} and {@link
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html | … trailing headers}
 * @module
 */

import { encodeBase64 } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { ChecksumAlgorithm } from "../crypto/checksum/checksum.ts";
import { type ChunkSigner, SIGNATURE_DIGITS } from "./chunk-signer.ts";
import { SigningError } from "./signing-error.ts";

/** What a body in chunks is to be. */
export interface AwsChunkedOptions {
  /** Octets of the body before it is encoded. */
  readonly decodedLength: number;
  /** What signs the chunks: the scheme that signs the request; `unsigned`: nothing, and a checksum must follow. */
  readonly signing: ChunkSigner["algorithm"] | "unsigned";
  /** The checksum that follows the body; absent: none. */
  readonly checksum?: ChecksumAlgorithm | undefined;
  /** Octets of every chunk but the last, at least 8192; default 65536. */
  readonly chunkOctets?: number | undefined;
  /** `Content-Encoding` that the body has already; `aws-chunked` is put in front of it. */
  readonly contentEncoding?: string | undefined;
}

/** How a body in chunks goes out. */
export interface AwsChunkedPlan {
  /** Header fields to add before the request is signed, lower-case names; they replace fields of the same name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Octets of the encoded body, for `Content-Length`. */
  readonly contentLength: number;
  /** Octets of the body before it is encoded. */
  readonly decodedLength: number;
  /** Octets of every chunk but the last. */
  readonly chunkOctets: number;
  /** What signs the chunks. */
  readonly signing: ChunkSigner["algorithm"] | "unsigned";
  /** The checksum that follows the body. */
  readonly checksum: ChecksumAlgorithm | undefined;
}

/** A body in pieces of any size, at once or in time. A piece may change once the next one is asked for. */
export type BodyPieces = Iterable<Bytes> | AsyncIterable<Bytes>;

/**
 * Plans a body in chunks: what the headers say of it, and how long it will be.
 *
 * @throws {RangeError} when `decodedLength` is no length, or `chunkOctets` below 8192
 * @throws {TypeError} when the chunks are not signed and there is no checksum, or it is no algorithm
 */
export function planAwsChunked(options: AwsChunkedOptions): AwsChunkedPlan {
  const { decodedLength, signing, checksum, chunkOctets = DEFAULT_CHUNK_OCTETS, contentEncoding } = options;
  if (!Number.isSafeInteger(decodedLength) || decodedLength < 0) {
    throw new RangeError('"decodedLength" must be a number of octets');
  }
  if (!Number.isSafeInteger(chunkOctets) || chunkOctets < MIN_CHUNK_OCTETS) {
    throw new RangeError(`"chunkOctets" must be ${MIN_CHUNK_OCTETS} or more`);
  }
  if (signing === "unsigned" && checksum === undefined) {
    throw new TypeError('"checksum" must be given when chunks are not signed');
  }
  if (checksum !== undefined && typeof checksum.create !== "function") {
    throw new TypeError('"checksum" must be an algorithm, as CRC32 is, and not its name');
  }
  const headers: Record<string, string> = {
    "content-encoding": contentEncoding ? `aws-chunked,${contentEncoding}` : "aws-chunked",
    "x-amz-content-sha256": `STREAMING-${signing === "unsigned" ? "UNSIGNED" : signing}-PAYLOAD${
      checksum === undefined ? "" : "-TRAILER"
    }`,
    "x-amz-decoded-content-length": String(decodedLength),
  };
  if (checksum !== undefined) headers["x-amz-trailer"] = checksumHeader(checksum);
  const whole = Math.floor(decodedLength / chunkOctets);
  const rest = decodedLength % chunkOctets;
  const contentLength = whole * chunkLength(chunkOctets, signing) + (rest && chunkLength(rest, signing)) +
    headLength(0, signing) + trailersLength(signing, checksum);
  return { headers, contentLength, decodedLength, chunkOctets, signing, checksum };
}

/**
 * Encodes a body as it was planned, a piece a chunk. A plan may be used again, with a new signer, when a request is
 * repeated.
 *
 * @param body its pieces; it is asked for the next one when the chunks of the last were taken
 * @param signer for signed chunks: made of the signature of the request that carries the plan's headers
 * @throws {SigningError} `ERR_SIGNING_BODY_LENGTH` when the body is not as long as planned; what went out is incomplete
 * @throws {TypeError} when the signer is not of the plan's scheme
 */
export async function* encodeAwsChunked(
  body: BodyPieces,
  plan: AwsChunkedPlan,
  signer?: ChunkSigner,
): AsyncGenerator<Bytes, void, undefined> {
  const { signing, checksum, decodedLength, chunkOctets } = plan;
  if ((signer?.algorithm ?? "unsigned") !== signing) throw new TypeError(`"signer" must be of ${signing} chunks`);
  const sum = checksum?.create();
  let left = decodedLength;
  const nothing = new Uint8Array(0);
  let chunk = nothing;
  let start = 0;
  let at = 0;
  let end = 0;
  for await (const piece of body) {
    sum?.update(piece);
    for (let from = 0; from < piece.length;) {
      if (at === end) {
        if (left === 0) throw wrongLength("more", decodedLength);
        const length = Math.min(left, chunkOctets);
        start = headLength(length, signing);
        chunk = new Uint8Array(start + length + 2);
        at = start;
        end = start + length;
      }
      const taken = Math.min(piece.length - from, end - at);
      chunk.set(from === 0 && taken === piece.length ? piece : piece.subarray(from, from + taken), at);
      from += taken;
      at += taken;
      left -= taken;
      if (at < end) continue;
      writeAscii(chunk, 0, head(end - start, await signer?.signChunk(chunk.subarray(start, end))));
      writeAscii(chunk, end, "\r\n");
      yield chunk;
    }
  }
  if (left > 0) throw wrongLength("fewer", decodedLength);
  let last = head(0, await signer?.signChunk(nothing));
  if (checksum !== undefined) {
    const trailer = `${checksumHeader(checksum)}:${encodeBase64(sum!.digest())}`;
    last += trailer + "\r\n";
    if (signer !== undefined) last += `${TRAILER_SIGNATURE}:${await signer.signTrailers(trailer + "\n")}\r\n`;
  }
  yield encodeUtf8(last + "\r\n");
}

/** The header field of a checksum, as the trailer that carries it is named as well. */
export function checksumHeader({ name }: ChecksumAlgorithm): string {
  return `x-amz-checksum-${name.toLowerCase()}`;
}

function head(length: number, signature: string | undefined): string {
  return `${length.toString(16)}${signature === undefined ? "" : CHUNK_SIGNATURE + signature}\r\n`;
}

function headLength(length: number, signing: AwsChunkedPlan["signing"]): number {
  const signature = signing === "unsigned" ? 0 : CHUNK_SIGNATURE.length + SIGNATURE_DIGITS[signing];
  return length.toString(16).length + signature + 2;
}

function chunkLength(length: number, signing: AwsChunkedPlan["signing"]): number {
  return headLength(length, signing) + length + 2;
}

function trailersLength(signing: AwsChunkedPlan["signing"], checksum: ChecksumAlgorithm | undefined): number {
  if (checksum === undefined) return 2;
  const signature = signing === "unsigned" ? 0 : TRAILER_SIGNATURE.length + 1 + SIGNATURE_DIGITS[signing] + 2;
  return checksumHeader(checksum).length + 1 + Math.ceil(checksum.octets / 3) * 4 + 2 + signature + 2;
}

function writeAscii(octets: Bytes, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) octets[at + i] = text.charCodeAt(i);
}

function wrongLength(which: "more" | "fewer", length: number): SigningError {
  return new SigningError("ERR_SIGNING_BODY_LENGTH", `the body has ${which} octets than the ${length} announced`);
}

/** Octets of every chunk but the last unless asked otherwise. */
export const DEFAULT_CHUNK_OCTETS = 65536;
/** The least that S3 accepts of a chunk that another one follows. */
export const MIN_CHUNK_OCTETS = 8192;

const CHUNK_SIGNATURE = ";chunk-signature=";
const TRAILER_SIGNATURE = "x-amz-trailer-signature";
