/**
 * Benchmarks on Deno.
 *
 * @module
 */

import { createHash, X509Certificate } from "node:crypto";
import { denoCrypto } from "../../runtimes/deno/crypto.ts";
import { denoSha256 } from "../../runtimes/deno/sha256.ts";
import { processorMs } from "./node-api.ts";
import type { Platform } from "./platform.ts";
import { webVerification } from "./web.ts";

/** Deno. */
export const platform: Platform = {
  ...webVerification,
  // Half the time of `crypto.subtle.digest`, which copies the data first.
  bareSha256: (data) => createHash("sha256").update(data).digest(),
  now: () => performance.now(),
  processorMs,
  crypto: denoCrypto(),
  sha256: denoSha256,
  nativeSha256: true,
  X509Certificate,
};
