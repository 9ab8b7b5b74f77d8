/**
 * `fetch` for AWS on edge workers: credentials of bindings, and no promise shared between requests.
 *
 * @module
 */

import { type AwsFetch, type AwsFetchOptions, createAwsFetch as create } from "../../core/fetch/aws-fetch.ts";
import type { FetchCredentialOptions } from "../../core/fetch/credential-options.ts";
import type { FetchPorts } from "../../core/fetch/platform-ports.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { identityFromMaterial } from "../../core/sign/identity-material.ts";
import type { EdgeRolesAnywhereOptions } from "./mod.ts";
import { edgeSha256 } from "./sha256.ts";

/** Whose requests, and how they are signed and sent. Unknown members are a TypeError. */
export interface EdgeFetchOptions extends Omit<AwsFetchOptions, "credentials" | "callers"> {
  /**
   * What signs: certificate and key of bindings (PEM, DER, a JSON Web Key, a `CryptoKey`, any `Signer`) with a role, or
   * what `createAwsFetch` of `anyrole/fetch` takes.
   *
   * Secret: credentials and keys.
   */
  readonly credentials: EdgeRolesAnywhereOptions | FetchCredentialOptions;
}

/**
 * Makes a `fetch` that signs, as `createAwsFetch` of `anyrole/fetch` does. Keep it in a module variable: requests of one
 * isolate then share credentials, though no promise.
 *
 * Secret: credentials are kept, and sent to hosts of AWS and to `hosts` alone.
 *
 * @param ports what differs from the platform's own
 * @throws {TypeError} for options that do not exist, or no credentials
 */
export function createAwsFetch(options: EdgeFetchOptions, ports: Partial<FetchPorts> = {}): AwsFetch {
  const { credentials, ...others } = options;
  return create({ ...others, credentials: sourced(credentials), callers: "requests" }, {
    sha256: edgeSha256,
    ...ports,
  });
}

function sourced(credentials: EdgeFetchOptions["credentials"]): FetchCredentialOptions {
  if (typeof credentials !== "object" || !("certificate" in credentials)) return credentials;
  const { certificate, privateKey, intermediates, crypto = webCryptoProvider(), ...session } = credentials;
  return { ...session, source: identityFromMaterial({ certificate, privateKey, intermediates }, crypto) };
}
