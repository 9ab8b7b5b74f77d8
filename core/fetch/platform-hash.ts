/**
 * Hashes of large bodies by the platform, which makes them in native code where ours is TypeScript.
 *
 * This module is loaded with the first large body.
 *
 * @module
 */

import type { CryptoProvider } from "../crypto/provider.ts";
import { globalCrypto } from "../crypto/web-crypto.ts";
import { withBodyHash } from "../sigv4/body-hash.ts";
import type { SigV4Request } from "../sigv4/canonical-request.ts";
import type { FetchPorts } from "./platform-ports.ts";

/** What hashes large bodies; undefined: nothing but `sha256` does. */
export function platformHash({ crypto }: FetchPorts): Pick<CryptoProvider, "digest"> | undefined {
  if (crypto !== undefined) return crypto.digest === undefined ? undefined : { digest: crypto.digest.bind(crypto) };
  const platform = globalCrypto();
  return platform && { digest: async (hash, data) => new Uint8Array(await platform.subtle.digest(hash, data)) };
}

/** The request with the hash of its body among its header fields, where the platform hashes. */
export async function withPlatformHash(request: SigV4Request, ports: FetchPorts): Promise<SigV4Request> {
  const hash = platformHash(ports);
  return hash === undefined ? request : await withBodyHash(request, hash);
}
