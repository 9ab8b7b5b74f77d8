/**
 * Benchmarks on Node.
 *
 * @module
 */

import { createPrivateKey, sign, X509Certificate } from "node:crypto";
import { nodeCrypto } from "../../runtimes/node/crypto.ts";
import { nodeSha256 } from "../../runtimes/node/sha256.ts";
import { httpClient } from "../../runtimes/node/http-client.ts";
import { nodeVerification, processorMs, runProgram } from "./node-api.ts";
import type { Platform } from "./platform.ts";

/** Node. */
export const platform: Platform = {
  ...nodeVerification,
  now: () => performance.now(),
  processorMs,
  runProgram,
  fetch: httpClient({ serverCertificate: "verify" }),
  crypto: nodeCrypto(),
  sha256: nodeSha256,
  nativeSha256: true,
  nodeCrypto: {
    provider: nodeCrypto(),
    rawSigner(pkcs8) {
      const key = createPrivateKey({ key: pkcs8 as Buffer, format: "der", type: "pkcs8" });
      return (message) => sign("sha256", message, key);
    },
  },
  X509Certificate,
};
