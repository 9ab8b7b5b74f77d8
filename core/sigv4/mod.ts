/**
 * AWS Signature Version 4: signing and verifying requests, with an access key (`AWS4-HMAC-SHA256`), with a key pair
 * derived of it (`AWS4-ECDSA-P256-SHA256`, SigV4a), or with the key of a certificate (`AWS4-X509-RSA-SHA256`,
 * `AWS4-X509-ECDSA-SHA256`, `AWS4-X509-MLDSA`); and bodies in signed chunks (`aws-chunked`).
 *
 * Everything is synchronous where the key is; no clock is read and nothing is sent.
 *
 * @example
 * ```ts
 * import { createHmacSigner } from "anyrole/sigv4";
 *
 * const signer = createHmacSigner(
 *   { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
 *   { region: "eu-central-1", service: "dynamodb" },
 * );
 * const request = {
 *   method: "POST",
 *   path: "/",
 *   headers: {
 *     host: "dynamodb.eu-central-1.amazonaws.com",
 *     "content-type": "application/x-amz-json-1.0",
 *     "x-amz-target": "DynamoDB_20120810.ListTables",
 *   },
 *   body: "{}",
 * };
 * const { headers } = signer.sign(request, Date.now());
 * // fetch("https://" + request.headers.host, { ...request, headers: { ...request.headers, ...headers } })
 * console.log(headers.authorization);
 * ```
 *
 * @module
 */

export type { HeaderFields } from "./canonical-headers.ts";
export type {
  PresignedRequest,
  QueryParameters,
  SignedRequest,
  Signing,
  SigV4Options,
  SigV4Request,
} from "./canonical-request.ts";
export {
  createHmacSigner,
  type HmacSigner,
  type HmacSignerOptions,
  presignRequest,
  type PresignRequestOptions,
  signRequest,
  type SignRequestOptions,
  type SigV4Credentials,
} from "./hmac-scheme.ts";
export {
  createX509Signer,
  signX509Request,
  type SignX509RequestOptions,
  type X509Identity,
  type X509Signer,
} from "./x509-scheme.ts";
export { createSigV4aSigner, type SigV4aSigner, type SigV4aSignerOptions } from "./sigv4a-scheme.ts";
export { deriveSigV4aKey } from "./sigv4a-key.ts";
export {
  type Presigner,
  type PresignLifetime,
  presignLifetime,
  type PresignLifetimeOptions,
  presignWithin,
} from "./presign-lifetime.ts";
export {
  type AwsChunkedOptions,
  type AwsChunkedPlan,
  type BodyPieces,
  DEFAULT_CHUNK_OCTETS,
  encodeAwsChunked,
  MIN_CHUNK_OCTETS,
  planAwsChunked,
} from "./aws-chunked.ts";
export { withBodyHash } from "./body-hash.ts";
export { type ChunkSigner, hmacChunkSigner, sigV4aChunkSigner } from "./chunk-signer.ts";
export type { Checksum, ChecksumAlgorithm } from "../crypto/checksum/checksum.ts";
export { SHA1, SHA256 } from "../crypto/checksum/block-hash.ts";
export { CRC32, CRC32C } from "../crypto/checksum/crc32.ts";
export { CRC64NVME } from "../crypto/checksum/crc64-nvme.ts";
export { type SigV4aVerification, type VerifySigV4aOptions, verifySigV4aRequest } from "./verify-sigv4a-request.ts";
export { SigningError, type SigningErrorCode } from "./signing-error.ts";
export { type HmacSha256, portableSha256, type Sha256 } from "../crypto/sha256.ts";
export { unrolledSha256 } from "../crypto/unrolled-sha256.ts";
export { SigV4Error, type SigV4ErrorCode } from "./sigv4-error.ts";
export { type Authorization, parseAuthorization } from "./authorization.ts";
export { type PayloadRules, type VerifyHmacOptions, verifyHmacRequest } from "./verify-hmac-request.ts";
export { type VerifyX509Options, verifyX509Request } from "./verify-x509-request.ts";
export type { VerifiedRequest, VerifyOptions } from "./received-request.ts";
