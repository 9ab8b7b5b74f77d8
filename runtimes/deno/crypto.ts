/**
 * Cryptography on Deno: WebCrypto, its `node:crypto` for long messages, and the portable provider, loaded when it is
 * needed, for what both lack.
 *
 * Deno's native ECDSA is slower than the portable one; private keys stay in native code all the same.
 *
 * @module
 */

import { layeredProvider, lazyProvider } from "../../core/crypto/layered-provider.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { verifyingLongMessages } from "./long-messages.ts";

/** Makes Deno's provider. It needs no permission. */
export function denoCrypto(): CryptoProvider {
  const native = webCryptoProvider();
  return layeredProvider([
    verifyingLongMessages(native),
    lazyProvider("portable", async () => {
      const { portableProvider } = await import("../../core/crypto/portable/mod.ts");
      return portableProvider({ random: native.random });
    }),
  ]);
}
