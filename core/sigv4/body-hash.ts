/**
 * The hash of a body by the platform, before the request is signed.
 *
 * Signing is synchronous, and so is its hash; where that is TypeScript (Deno, workers, browsers), a platform that hashes
 * in native code and answers in a promise is sooner done with all but short bodies.
 *
 * @module
 */

import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { headerPairs } from "./canonical-headers.ts";
import { PAYLOAD_HASH, type SigV4Request } from "./canonical-request.ts";

/**
 * Adds the hash of the body as `x-amz-content-sha256`, which signing takes over and every service accepts. A request that
 * has that header, or no body, stays as it is.
 *
 * @param crypto hashes: `webCryptoProvider()`
 */
export async function withBodyHash(
  request: SigV4Request,
  crypto: Pick<CryptoProvider, "digest">,
): Promise<SigV4Request> {
  const { body } = request;
  const headers = [...headerPairs(request.headers)];
  if (!body || headers.some(([name]) => name.toLowerCase() === PAYLOAD_HASH)) return request;
  const hash = await crypto.digest("SHA-256", typeof body === "string" ? encodeUtf8(body) : body);
  return { ...request, headers: [...headers, [PAYLOAD_HASH, encodeHex(hash)]] };
}
