/**
 * Checksums of S3 objects: those that clients send, verified, and the one that S3 computes when they send none.
 *
 * @see Amazon S3 user guide, "Checking object integrity in Amazon S3"
 * @module
 */

import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { type Bytes, equalBytes } from "../../../core/bytes/bytes.ts";
import { md5 } from "../../../core/crypto/password/md5.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import type { DecodedBody } from "./aws-chunked.ts";
import { headerField } from "../protocols/header-field.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";

/** Algorithms by the header field that carries the checksum. */
const ALGORITHMS: ReadonlyMap<string, { readonly name: string; readonly compute: Compute }> = /* @__PURE__ */ new Map([
  ["x-amz-checksum-crc32", { name: "CRC32", compute: (data: Bytes) => crc32(data, 0xedb88320) }],
  ["x-amz-checksum-crc32c", { name: "CRC32C", compute: (data: Bytes) => crc32(data, 0x82f63b78) }],
  ["x-amz-checksum-crc64nvme", { name: "CRC64NVME", compute: (data: Bytes) => crc64Nvme(data) }],
  ["x-amz-checksum-sha1", {
    name: "SHA1",
    compute: (data: Bytes, crypto: CryptoProvider) => crypto.digest("SHA-1", data),
  }],
  ["x-amz-checksum-sha256", {
    name: "SHA256",
    compute: (data: Bytes, crypto: CryptoProvider) => crypto.digest("SHA-256", data),
  }],
]);

type Compute = (data: Bytes, crypto: CryptoProvider) => Bytes | Promise<Bytes>;

/**
 * Verifies `Content-MD5` and the checksum of a request, in whichever of header and trailer it is.
 *
 * @returns the checksum to keep, base64 by the header field that carries it: the client's, or CRC64NVME
 * @throws {ServiceRefusal} `BadDigest`, `InvalidDigest`, `InvalidRequest`
 */
export async function verifyChecksums(
  request: SessionRequest,
  { data, trailers }: DecodedBody,
  crypto: CryptoProvider,
): Promise<Readonly<Record<string, string>>> {
  verifyContentMd5(request, data);
  const given = [...request.headers.map(([name, value]) => [name.toLowerCase(), value] as const), ...trailers]
    .filter(([name]) => name.startsWith("x-amz-checksum-") && !SETTINGS.includes(name));
  if (given.length > 1) {
    throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const announced = headerField(request, "x-amz-sdk-checksum-algorithm");
  const [name, value] = given[0] ?? [];
  if (name === undefined || value === undefined) {
    if (announced !== undefined) {
      throw invalid(
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      );
    }
    return { [DEFAULT_FIELD]: encodeBase64(await ALGORITHMS.get(DEFAULT_FIELD)!.compute(data, crypto)) };
  }
  const algorithm = ALGORITHMS.get(name);
  if (algorithm === undefined || (announced !== undefined && announced.toUpperCase() !== algorithm.name)) {
    const names = [...ALGORITHMS.values()].map((one) => one.name).join(", ");
    throw invalid(
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${names}]`,
    );
  }
  const actual = await algorithm.compute(data, crypto);
  const stated = decodeBase64(value);
  if (stated === undefined || stated.length !== actual.length) {
    throw invalid(`Value for ${name} header is invalid.`);
  }
  if (!equalBytes(stated, actual)) {
    throw refuse(400, "BadDigest", `The ${algorithm.name} you specified did not match the calculated checksum.`);
  }
  return { [name]: value };
}

/** The name of the algorithm whose checksum a header field carries. */
export function checksumAlgorithm(field: string): string | undefined {
  return ALGORITHMS.get(field)?.name;
}

function verifyContentMd5(request: SessionRequest, data: Bytes): void {
  const value = headerField(request, "content-md5");
  if (value === undefined) return;
  const stated = decodeBase64(value);
  if (stated === undefined || stated.length !== 16) {
    throw refuse(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  if (!equalBytes(stated, md5(data))) {
    throw refuse(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
}

/** CRC-32 with a reflected polynomial, big-endian. */
function crc32(data: Bytes, polynomial: number): Bytes {
  const table = new Uint32Array(256);
  for (let octet = 0; octet < 256; octet++) {
    let value = octet;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    table[octet] = value;
  }
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) crc = (crc >>> 8) ^ table[(crc ^ data[i]!) & 0xff]!;
  return bigEndian([~crc]);
}

/** CRC-64/NVME, big-endian; in two halves of 32 bits. */
function crc64Nvme(data: Bytes): Bytes {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let octet = 0; octet < 256; octet++) {
    let upper = 0;
    let lower = octet;
    for (let bit = 0; bit < 8; bit++) {
      const odd = lower & 1;
      lower = (lower >>> 1) | (upper << 31);
      upper >>>= 1;
      if (odd === 1) {
        upper ^= 0x9a6c9329;
        lower ^= 0xac4bc9b5;
      }
    }
    high[octet] = upper;
    low[octet] = lower;
  }
  let upper = 0xffffffff;
  let lower = 0xffffffff;
  for (let i = 0; i < data.length; i++) {
    const at = (lower ^ data[i]!) & 0xff;
    lower = (lower >>> 8) ^ (upper << 24) ^ low[at]!;
    upper = (upper >>> 8) ^ high[at]!;
  }
  return bigEndian([~upper, ~lower]);
}

function bigEndian(words: readonly number[]): Bytes {
  const octets = new Uint8Array(4 * words.length);
  const view = new DataView(octets.buffer);
  words.forEach((word, at) => view.setInt32(4 * at, word));
  return octets;
}

function invalid(message: string): ServiceRefusal {
  return refuse(400, "InvalidRequest", message);
}

/** The checksum that S3 computes when the client sends none. */
const DEFAULT_FIELD = "x-amz-checksum-crc64nvme";

/** Fields that begin like a checksum and are none. */
const SETTINGS: readonly string[] = ["x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode"];
