/**
 * Benchmarks on workerd.
 *
 * @module
 */

import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { edgeSha256 } from "../../runtimes/edge/sha256.ts";
import type { Platform } from "./platform.ts";
import { webVerification } from "./web.ts";

/** workerd, without Node's modules. */
export const platform: Platform = {
  ...webVerification,
  crypto: webCryptoProvider(),
  sha256: edgeSha256,
  nativeSha256: false,
};
