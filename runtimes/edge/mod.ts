/**
 * anyrole on edge workers (workerd, Vercel's edge runtime, Lambda@Edge, browsers): credentials from a certificate and a
 * key in bindings. Nothing but the Web platform is used.
 *
 * @example
 * ```ts
 * import { fromRolesAnywhere } from "anyrole/edge";
 *
 * interface Bindings {
 *   readonly CERTIFICATE: string;
 *   readonly PRIVATE_KEY: string;
 * }
 *
 * export default {
 *   async fetch(_request: Request, bindings: Bindings): Promise<Response> {
 *     const credentials = fromRolesAnywhere({
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
import type { Fetch } from "../../core/ports.ts";
import { sleep } from "../../core/session/sleep.ts";
import { identityFromMaterial, type IdentityMaterial } from "../../core/sign/identity-material.ts";

export type { AwsCredentials, CredentialProvider } from "../../core/credentials/credential-provider.ts";
export type { IdentityMaterial } from "../../core/sign/identity-material.ts";
export { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
export { layeredProvider } from "../../core/crypto/layered-provider.ts";
export { edgeSha256 } from "./sha256.ts";

/** What to get credentials with. */
export interface EdgeRolesAnywhereOptions
  extends Omit<CredentialProviderOptions, "source" | "callers">, IdentityMaterial {
  /**
   * The cryptographic library; default WebCrypto. For ML-DSA where WebCrypto has none:
   * `layeredProvider([webCryptoProvider(), portableProvider(…)])` with `anyrole/portable`.
   */
  readonly crypto?: CryptoProvider | undefined;
}

/**
 * Makes a credential provider for the AWS SDKs and for SigV4 signers. Nothing happens until it is called. Keep it in a
 * module variable: requests of one isolate then share a session, though no promise, because what one request began ends
 * with it. One request in a session's life waits for the next session.
 *
 * Secret: the key stays in the options or the platform; the provider answers credentials.
 *
 * @throws {TypeError} for an option that does not exist, when the provider is called
 */
export function fromRolesAnywhere(options: EdgeRolesAnywhereOptions): CredentialProvider {
  const { certificate, privateKey, intermediates, crypto: given, ...session } = options;
  const provider = given ?? webCryptoProvider();
  const source = identityFromMaterial({ certificate, privateKey, intermediates }, provider);
  return createCredentialProvider({ ...session, source, callers: "requests" }, {
    fetch: (url, init) => (fetch as unknown as Fetch)(url, init),
    now: Date.now,
    sleep,
    random: provider.random,
  });
}
