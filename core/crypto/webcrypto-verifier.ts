/**
 * The part of the WebCrypto provider that validating paths takes, for programs whose size counts.
 *
 * @module
 */

import type { VerifyingProvider } from "./provider.ts";
import { globalCrypto, type WebCrypto } from "./web-crypto.ts";
import { WEB_CRYPTO, webCryptoCalls } from "./webcrypto-calls.ts";
import { WebCryptoPublicKeys } from "./webcrypto-public-keys.ts";

/**
 * Makes a provider that verifies as `webCryptoProvider` does, and does nothing else.
 *
 * Public: keys, messages and signatures; variable time.
 *
 * @param crypto default the global `crypto`; without one, every operation is unsupported
 */
export function webCryptoVerifier(crypto: WebCrypto | undefined = globalCrypto()): VerifyingProvider {
  const publicKeys = new WebCryptoPublicKeys(webCryptoCalls(crypto));
  return { name: WEB_CRYPTO, importPublicKey: (key, algorithm) => publicKeys.importPublicKey(key, algorithm) };
}
