/**
 * Benchmarks on Deno.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { unrolledSha256 } from "../../core/crypto/unrolled-sha256.ts";
import { denoCrypto } from "../../runtimes/deno/crypto.ts";
import type { Platform } from "./platform.ts";
import { webVerification } from "./web.ts";

/** Deno. */
export const platform: Platform = { ...webVerification, crypto: denoCrypto(), sha256: unrolledSha256, X509Certificate };
