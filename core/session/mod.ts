/**
 * CreateSession of IAM Roles Anywhere: a certificate and its private key for temporary AWS credentials.
 *
 * Nothing is read from the surroundings: the caller hands in `fetch`, the clock, the waiting and the randomness. The
 * runtimes (`anyrole/node`, `anyrole/deno`, …) bring theirs; this entry point is for everything else.
 *
 * @example
 * ```ts
 * import { createSession, type SessionIdentity, sleep } from "anyrole/session";
 *
 * export async function accessKeyId(identity: SessionIdentity): Promise<string> {
 *   const session = await createSession({
 *     identity,
 *     trustAnchorArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *     profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *     roleArn: "arn:aws:iam::123456789012:role/Example",
 *   }, {
 *     fetch,
 *     now: Date.now,
 *     random: (length) => crypto.getRandomValues(new Uint8Array(length)),
 *     sleep,
 *   });
 *   return session.credentials.accessKeyId;
 * }
 * ```
 *
 * @module
 */

export { createSession, type Session, type SessionOptions } from "./create-session.ts";
export {
  type CallFacts,
  type CallLimits,
  DEFAULT_ATTEMPT_TIMEOUT_MS,
  DEFAULT_DEADLINE_MS,
  type SessionPorts,
} from "./service-call.ts";
export { assumeRole, type AssumeRoleOptions, type RoleRequest } from "./assume-role.ts";
export { chainRoles, type RoleChain, type RoleChainOptions } from "./role-chain.ts";
export { DEFAULT_DURATION_SECONDS, type SessionIdentity, type SessionRequestOptions } from "./request.ts";
export { MAX_RESPONSE_OCTETS, type SessionAnswer, type SessionCredentials } from "./response.ts";
export { DEFAULT_MAX_ATTEMPTS, MAX_BACKOFF_MS } from "./retry.ts";
export { sleep } from "./sleep.ts";
export { type Refusal, type RefusalContext, ServiceError, type ServiceErrorCode } from "./service-error.ts";
export { SessionError, type SessionErrorCode, type SessionErrorDetail } from "./session-error.ts";
export { type Arn, formatArn, parseArn } from "../aws/arn.ts";
export { ArnError, type ArnErrorCode } from "../aws/arn-error.ts";
export { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../aws/roles-anywhere-arn.ts";
export { type Endpoint, type EndpointOptions, rolesAnywhereEndpoint } from "../aws/endpoint.ts";
export { EndpointError, type EndpointErrorCode } from "../aws/endpoint-error.ts";
export type { Abort, Fetch, FetchBody, FetchInit, FetchResponse, Now, Random, Sleep } from "../ports.ts";
