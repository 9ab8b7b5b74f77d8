/**
 * Benchmarks on workerd.
 *
 * @module
 */

import { unrolledSha256 } from "../../core/crypto/unrolled-sha256.ts";
import type { Platform } from "./platform.ts";

/** workerd, without Node's modules. */
export const platform: Platform = { sha256: unrolledSha256 };
