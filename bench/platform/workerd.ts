/**
 * Benchmarks on workerd.
 *
 * @module
 */

import { portableSha256 } from "../../core/crypto/sha256.ts";
import type { Platform } from "./platform.ts";

/** workerd, without Node's modules. */
export const platform: Platform = { sha256: portableSha256 };
