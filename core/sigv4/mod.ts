/**
 * AWS Signature Version 4: signing and verifying requests, with an access key (`AWS4-HMAC-SHA256`) or with the key of a
 * certificate (`AWS4-X509-RSA-SHA256`, `AWS4-X509-ECDSA-SHA256`, `AWS4-X509-MLDSA`).
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
export { type HmacSha256, portableSha256, type Sha256 } from "../crypto/sha256.ts";
export { unrolledSha256 } from "../crypto/unrolled-sha256.ts";
export { SigV4Error, type SigV4ErrorCode } from "./sigv4-error.ts";
export { type Authorization, parseAuthorization } from "./authorization.ts";
export { type VerifyHmacOptions, verifyHmacRequest } from "./verify-hmac-request.ts";
export { type VerifyX509Options, verifyX509Request } from "./verify-x509-request.ts";
export type { VerifiedRequest, VerifyOptions } from "./received-request.ts";
