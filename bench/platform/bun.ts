/**
 * Benchmarks on Bun.
 *
 * @module
 */

import { createPrivateKey, sign, X509Certificate } from "node:crypto";
import { bunCrypto } from "../../runtimes/bun/crypto.ts";
import { bunSha256 } from "../../runtimes/bun/sha256.ts";
import { httpClient } from "../../runtimes/bun/http-client.ts";
import { nodeVerification, processorMs, runProgram } from "./node-api.ts";
import type { Platform } from "./platform.ts";

/** Bun. */
export const platform: Platform = {
  ...nodeVerification,
  now: () => performance.now(),
  processorMs,
  runProgram,
  fetch: httpClient({ serverCertificate: "verify" }),
  crypto: bunCrypto(),
  sha256: bunSha256,
  nativeSha256: true,
  nodeCrypto: {
    provider: bunCrypto(),
    rawSigner(pkcs8) {
      const key = createPrivateKey({ key: pkcs8 as Buffer, format: "der", type: "pkcs8" });
      return (message) => sign("sha256", message, key);
    },
  },
  X509Certificate,
};
