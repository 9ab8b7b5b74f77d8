/**
 * Benchmarks on workerd.
 *
 * @module
 */

import { unrolledSha256 } from "../../core/crypto/unrolled-sha256.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import type { Platform } from "./platform.ts";
import { webVerification } from "./web.ts";

/** workerd, without Node's modules. */
export const platform: Platform = { ...webVerification, crypto: webCryptoProvider(), sha256: unrolledSha256 };
