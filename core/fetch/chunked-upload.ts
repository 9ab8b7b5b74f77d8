/**
 * Bodies of known length that are signed while they are sent: `aws-chunked`.
 *
 * @module
 */

import type { ChecksumAlgorithm } from "../crypto/checksum/checksum.ts";
import { type AwsChunkedPlan, encodeAwsChunked, planAwsChunked } from "../sigv4/aws-chunked.ts";
import type { SignedRequest } from "../sigv4/canonical-request.ts";
import { hmacChunkSigner, sigV4aChunkSigner } from "../sigv4/chunk-signer.ts";
import { HMAC_ALGORITHM, type SigV4Credentials } from "../sigv4/hmac-scheme.ts";
import { SIGV4A_ALGORITHM } from "../sigv4/sigv4a-scheme.ts";
import { platformHash } from "./platform-hash.ts";
import type { FetchPorts } from "./platform-ports.ts";
import { ofLength, piecesOf, type StreamedBody, streamOf } from "./request-body.ts";
import type { RequestSigner } from "./request-signer.ts";

/** Plans the encoding of a body; its header fields belong to the request before it is signed. */
export function planUpload(
  length: number,
  signer: RequestSigner,
  checksum: ChecksumAlgorithm | undefined,
  contentEncoding: string | undefined,
): AwsChunkedPlan {
  const signing = signer.key === undefined ? HMAC_ALGORITHM : SIGV4A_ALGORITHM;
  return planAwsChunked({ decodedLength: length, signing, checksum, contentEncoding });
}

/** Encodes a body whose request has been signed. Secret: the credentials. */
export function encodeUpload(
  body: StreamedBody,
  plan: AwsChunkedPlan,
  signer: RequestSigner,
  signed: SignedRequest,
  credentials: SigV4Credentials,
  ports: FetchPorts,
): ReadableStream<Uint8Array> {
  const { sha256 } = ports;
  const hash = platformHash(ports);
  const chunks = signer.key === undefined
    ? hmacChunkSigner(credentials, signed, sha256, hash)
    : sigV4aChunkSigner(signer.key, signed, sha256, hash);
  return ofLength(streamOf(encodeAwsChunked(piecesOf(body.open()), plan, chunks)), plan.contentLength);
}
