/**
 * Benchmarks on Deno.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { unrolledSha256 } from "../../core/crypto/unrolled-sha256.ts";
import type { Platform } from "./platform.ts";

/** Deno. */
export const platform: Platform = { sha256: unrolledSha256, X509Certificate };
