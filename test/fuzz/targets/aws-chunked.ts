/**
 * Bodies in the encoding `aws-chunked`.
 *
 * @module
 */

import { decodeLatin1, encodeLatin1 } from "../../../core/bytes/text.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { ServiceRefusal } from "../../../runtimes/emulator/protocols/service-refusal.ts";
import { CHUNKED_PAYLOADS, decodeBody, verifyChunks } from "../../../runtimes/emulator/s3/aws-chunked.ts";
import type { Material, Octets } from "../mutate.ts";

/** A line of what the headers say, and the body behind it. */
export function chunkMaterial(): Material {
  const signed = `;chunk-signature=${"0a".repeat(32)}`;
  const padded = `;chunk-signature=${"0b".repeat(71)}**`;
  const bodies: readonly (readonly [kind: number, line: string, body: string])[] = [
    [0, "5 ", `5${signed}\r\nhello\r\n0${signed}\r\n\r\n`],
    [1, "5 x-amz-checksum-crc32", `5${signed}\r\nhello\r\n0${signed}\r\nx-amz-checksum-crc32:AAAAAA==\r\n`],
    [2, "0 ", `0${padded}\r\n\r\n`],
    [3, "1 a", `1${padded}\r\nx\r\n0${padded}\r\na:b\r\nx-amz-trailer-signature:${"0c".repeat(32)}\r\n\r\n`],
    [4, "3 x-amz-checksum-sha256", "3\r\nabc\r\n0\r\nx-amz-checksum-sha256:AAAA\r\n\r\n"],
    [4, "8196 ", `2000\r\n${"x".repeat(8192)}\r\n4\r\nxxxx\r\n0\r\n\r\n`],
  ];
  const tokens = [
    "\r\n",
    "\n",
    ";chunk-signature=",
    "0\r\n",
    "ffffffff\r\n",
    ":",
    "x-amz-trailer-signature:",
    "*",
    " ",
  ];
  return {
    seeds: bodies.map(([kind, line, body]) => encodeLatin1(`${kind} ${line}\n${body}`)!),
    tokens: tokens.map((token) => encodeLatin1(token)!),
  };
}

/** A body as the client has it, no longer than what came, or a refusal; and its signatures, which are all good. */
export async function readChunkedBody(input: Octets): Promise<void> {
  const end = input.indexOf(0x0a);
  const [kind = "", length = "", trailer = ""] = decodeLatin1(input.subarray(0, Math.max(0, end))).split(" ");
  const request: SessionRequest = {
    method: "PUT",
    path: "/bucket/key",
    query: "",
    headers: [
      ["x-amz-content-sha256", CHUNKED_PAYLOADS[Number(kind) % CHUNKED_PAYLOADS.length] ?? kind],
      ["x-amz-decoded-content-length", length],
      ["x-amz-trailer", trailer],
    ],
    body: input.slice(end + 1),
  };
  try {
    const { data } = decodeBody(request);
    if (data.length > request.body.length) throw new Error(`${data.length} octets of ${request.body.length}`);
    await verifyChunks(request, {
      algorithm: "AWS4-HMAC-SHA256",
      verify: () => true,
      date: "20260601T120000Z",
      scope: "20260601/us-east-1/s3/aws4_request",
      seedSignature: "0d".repeat(32),
      sha256: portableSha256,
    });
  } catch (error) {
    // What the service says to its client.
    if (!(error instanceof ServiceRefusal)) throw error;
  }
}
