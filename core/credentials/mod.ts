/**
 * AWS credentials that stay fresh, in the forms in which others take them: a provider function for SDKs, and the output
 * of a `credential_process`.
 *
 * @example
 * ```ts
 * import { createCredentialProvider, type CredentialProvider } from "anyrole/credentials";
 * import type { SessionIdentity, SessionPorts } from "anyrole/session";
 *
 * // new S3Client({ credentials: credentials(identity, ports) })
 * export function credentials(identity: SessionIdentity, ports: SessionPorts): CredentialProvider {
 *   return createCredentialProvider({
 *     source: identity,
 *     trustAnchorArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *     profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *     roleArn: "arn:aws:iam::123456789012:role/Example",
 *   }, ports);
 * }
 * ```
 *
 * @module
 */

export {
  type AwsCredentials,
  awsCredentials,
  createCredentialProvider,
  type CredentialProvider,
  type CredentialProviderOptions,
  type CredentialRequest,
  type SessionIdentitySource,
} from "./credential-provider.ts";
export { formatProcessOutput, type ProcessOutputCredentials } from "./process-output.ts";
export { CredentialStoreError, type CredentialStoreErrorCode } from "./store-error.ts";
export { MAX_SEALED_OCTETS, readSealedFacts, type SealedSessionFacts, type SealingPorts } from "./sealed-session.ts";
export {
  type SealingIdentity,
  sealingKeyOf,
  sealingKeyOfSecret,
  sealingProvider,
  type SealingSigner,
} from "./sealing-key.ts";
export {
  CALL_LEASE_MS,
  MAX_WAIT_MS,
  MIN_LIFE_SECONDS,
  type SharedSessionRequest,
  type SharedSessions,
  type SharedSessionsOptions,
  shareSessions,
  STORE_LIMIT_MS,
} from "./shared-sessions.ts";
export type { CredentialStore, Lease, Turn, TurnRequest } from "./store.ts";
export {
  ADVISORY_REFRESH_MS,
  createSessionCache,
  type CredentialEvent,
  MANDATORY_REFRESH_MS,
  MAX_PAUSE_MS,
  type SessionCache,
  type SessionCacheOptions,
  type WaitUntil,
} from "./session-cache.ts";
export type { Session, SessionOptions } from "../session/create-session.ts";
export type { SessionPorts } from "../session/service-call.ts";
export type { RoleChain } from "../session/role-chain.ts";
export type { SessionIdentity } from "../session/request.ts";
