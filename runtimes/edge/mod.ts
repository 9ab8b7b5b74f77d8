/**
 * anyrole on edge workers (workerd, Vercel's edge runtime, Lambda@Edge, browsers): credentials from a certificate and a
 * key in bindings. Nothing but the Web platform is used.
 *
 * @example
 * ```ts
 * import { type CredentialProvider, fromRolesAnywhere } from "anyrole/edge";
 *
 * interface Bindings {
 *   readonly CERTIFICATE: string;
 *   readonly PRIVATE_KEY: string;
 * }
 *
 * let credentials: CredentialProvider | undefined;
 *
 * export default {
 *   async fetch(_request: Request, bindings: Bindings): Promise<Response> {
 *     // Once in the life of an isolate: its requests share a session.
 *     credentials ??= fromRolesAnywhere({
 *       certificate: bindings.CERTIFICATE,
 *       privateKey: bindings.PRIVATE_KEY,
 *       trustAnchorArn:
 *         "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *       profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *       roleArn: "arn:aws:iam::123456789012:role/Example",
 *     });
 *     const { accessKeyId } = await credentials();
 *     return new Response(accessKeyId);
 *   },
 * };
 * ```
 *
 * @module
 */

import {
  createCredentialProvider,
  type CredentialProvider,
  type CredentialProviderOptions,
} from "../../core/credentials/credential-provider.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import type { WaitUntil } from "../../core/credentials/session-cache.ts";
import type { SharedSessions } from "../../core/credentials/shared-sessions.ts";
import type { Fetch } from "../../core/ports.ts";
import { sleep } from "../../core/session/sleep.ts";
import { identityFromMaterial, type IdentityMaterial } from "../../core/sign/identity-material.ts";
import type { IdentitySource } from "../../core/sign/identity-source.ts";

export type {
  AwsCredentials,
  CredentialProvider,
  CredentialRequest,
} from "../../core/credentials/credential-provider.ts";
export type { CredentialEvent, WaitUntil } from "../../core/credentials/session-cache.ts";
export type { SharedSessions } from "../../core/credentials/shared-sessions.ts";
export { CredentialStoreError, type CredentialStoreErrorCode } from "../../core/credentials/store-error.ts";
export type { CredentialStore, Lease, Turn, TurnRequest } from "../../core/credentials/store.ts";
export type { IdentitySource } from "../../core/sign/identity-source.ts";
export type { IdentityMaterial } from "../../core/sign/identity-material.ts";
export { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
export { layeredProvider } from "../../core/crypto/layered-provider.ts";
export { createAwsFetch, type EdgeFetchOptions } from "./aws-fetch.ts";
export type { AwsFetch, AwsFetchOptions, PresignOptions } from "../../core/fetch/aws-fetch.ts";
export type { FetchEvent } from "../../core/fetch/fetch-event.ts";
export { encodeObjectKey } from "../../core/fetch/object-key.ts";
export { edgeSha256 } from "./sha256.ts";
export { type EdgeSharingOptions, shareEdgeSessions } from "./share-edge-sessions.ts";
export { type CacheLike, cacheStore } from "./stores/cache-store.ts";
export {
  type DurableObjects,
  durableObjectStore,
  type DurableObjectStub,
  type ObjectAnswer,
} from "./stores/durable-object-store.ts";
export { type KvNamespace, kvStore } from "./stores/kv-store.ts";
export { nearStore } from "./stores/near-store.ts";
export { redisOverRest, type RedisRestOptions } from "./stores/redis-rest.ts";
export { type RedisSend, redisStore } from "./stores/redis-store.ts";
export { type RedisConnection, redisOverTcp, type RedisTcpOptions } from "./stores/redis-tcp.ts";
export { SessionObject, type SessionObjectState } from "./stores/session-object.ts";

/** What to get credentials with: certificate and key, of bindings. */
export interface EdgeRolesAnywhereOptions extends EdgeSessionOptions, IdentityMaterial {}

/** What to get credentials with: the identity of a source of yours, such as one that reads a certificate that is rotated. */
export interface EdgeIdentityOptions extends EdgeSessionOptions {
  /** Asked for the identity of each new session. */
  readonly source: IdentitySource;
}

/** The session that is wanted. */
export interface EdgeSessionOptions extends Omit<CredentialProviderOptions, "source" | "callers"> {
  /**
   * The cryptographic library; default WebCrypto. For ML-DSA where WebCrypto has none:
   * `layeredProvider([webCryptoProvider(), portableProvider(…)])` with `anyrole/portable`.
   */
  readonly crypto?: CryptoProvider | undefined;
  /** Sessions that isolates share through a store, by `shareEdgeSessions`; default: each isolate has its own. */
  readonly sharing?: SharedSessions | undefined;
  /**
   * Keeps the request that is being served alive for a refresh after its answer, where one function does so for all:
   * `waitUntil` of `cloudflare:workers` or of `@vercel/functions`. Others hand it over with each call, as
   * `credentials({ waitUntil: (work) => context.waitUntil(work) })`.
   */
  readonly waitUntil?: WaitUntil | undefined;
}

/**
 * Makes a credential provider for the AWS SDKs and for SigV4 signers. Nothing happens until it is called. Keep it in a
 * module variable: requests of one isolate then share a session, though no promise, because what one request began ends
 * with it. One request in a session's life waits for the next session, or fetches it after its answer where there is a
 * `waitUntil`.
 *
 * Secret: the key stays in the options or the platform; the provider answers credentials.
 *
 * @throws {TypeError} for an option that does not exist, when the provider is called
 */
export function fromRolesAnywhere(options: EdgeRolesAnywhereOptions | EdgeIdentityOptions): CredentialProvider {
  const { crypto: given, ...others } = options;
  const provider = given ?? webCryptoProvider();
  const { source, session } = identityOf(others, provider);
  return createCredentialProvider({ ...session, source, callers: "requests" }, {
    fetch: (url, init) => (fetch as unknown as Fetch)(url, init),
    now: Date.now,
    sleep,
    random: provider.random,
  });
}

function identityOf(
  options: EdgeRolesAnywhereOptions | EdgeIdentityOptions,
  provider: CryptoProvider,
): { readonly source: IdentitySource; readonly session: EdgeSessionOptions } {
  if ("source" in options) {
    const { source, ...session } = options;
    return { source, session };
  }
  const { certificate, privateKey, intermediates, ...session } = options;
  return { source: identityFromMaterial({ certificate, privateKey, intermediates }, provider), session };
}
