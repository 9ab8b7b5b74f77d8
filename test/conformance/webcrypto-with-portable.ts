/**
 * WebCrypto with the portable provider behind it, as users of the edge entry point put it together.
 *
 * @module
 */

import { layeredProvider } from "../../core/crypto/layered-provider.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";

/** Makes the provider. */
export function webCryptoWithPortable(): CryptoProvider {
  const native = webCryptoProvider();
  return layeredProvider([native, portableProvider({ random: native.random })]);
}
