/**
 * `fetch` for AWS, in every runtime that has the Web platform's: requests are signed with SigV4, with credentials of IAM
 * Roles Anywhere that renew themselves, or with any others.
 *
 * @example
 * ```ts
 * import { createAwsFetch, encodeObjectKey, pemIdentity } from "anyrole/fetch";
 *
 * export async function readObject(certificate: string, privateKey: string, key: string): Promise<Response> {
 *   const awsFetch = createAwsFetch({
 *     credentials: {
 *       source: pemIdentity(certificate, privateKey),
 *       trustAnchorArn:
 *         "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *       profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *       roleArn: "arn:aws:iam::123456789012:role/Example",
 *     },
 *   });
 *   return await awsFetch(`https://photos.s3.eu-central-1.amazonaws.com/${encodeObjectKey(key)}`);
 * }
 * ```
 *
 * @module
 */

export {
  type AwsFetch,
  type AwsFetchOptions,
  createAwsFetch,
  DEFAULT_FETCH_ATTEMPTS,
  type PresignOptions,
  signRequest,
} from "./aws-fetch.ts";
export { type AwsHost, inferAwsHost } from "./aws-host.ts";
export type {
  FetchCredentialOptions,
  FetchCredentialProvider,
  FetchCredentials,
  RolesAnywhereOptions,
} from "./credential-options.ts";
export { FetchError, type FetchErrorCode } from "./fetch-error.ts";
export type { FetchEvent, FetchListener, RequestFacts, RetryReason } from "./fetch-event.ts";
export { encodeObjectKey } from "./object-key.ts";
export type { AwsRequestInit } from "./outgoing-request.ts";
export { pemIdentity, type SigningIdentitySource } from "./pem-identity.ts";
export type { FetchPorts } from "./platform-ports.ts";
export type { PresignedUrl, PresignLifetimeChoice } from "./presign-url.ts";
export { type AwsRequestOptions, DEFAULT_MAX_BUFFERED_OCTETS, DEFAULT_PRESIGN_SECONDS } from "./request-options.ts";
export {
  type SdkClientScope,
  type SdkRequest,
  type SdkSigner,
  sdkSigner,
  type SdkSignerConstructor,
  sdkSignerConstructor,
  type SdkSignerOptions,
  type SdkSigningArguments,
} from "./sdk-signer.ts";
export type { CredentialEvent } from "../credentials/session-cache.ts";
