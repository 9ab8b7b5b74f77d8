/**
 * Benchmarks on Deno.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import type { Platform } from "./platform.ts";

/** Deno. */
export const platform: Platform = { sha256: portableSha256, X509Certificate };
