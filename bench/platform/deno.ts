/**
 * Benchmarks on Deno.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { denoCrypto } from "../../runtimes/deno/crypto.ts";
import { denoSha256 } from "../../runtimes/deno/sha256.ts";
import { processorMs } from "./node-api.ts";
import type { Platform } from "./platform.ts";
import { webVerification } from "./web.ts";

/** Deno. */
export const platform: Platform = {
  ...webVerification,
  now: () => performance.now(),
  processorMs,
  crypto: denoCrypto(),
  sha256: denoSha256,
  nativeSha256: true,
  X509Certificate,
};
