/**
 * The signer of the AWS SDK for JavaScript, which keeps signing keys by itself, without the `x-amz-content-sha256` that
 * it would add and sign. `smithy-native.ts` gives it `node:crypto`.
 *
 * @module
 */

import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4, type SignatureV4Init } from "@smithy/signature-v4";
import type { SigningPeer } from "./peer.ts";

/** `SignatureV4` with the hash in JavaScript that the SDK uses where there is nothing better. */
export const smithy: SigningPeer = smithyWith("@smithy/signature-v4, sha256-js", Sha256);

/** `SignatureV4` with the given hash. */
export function smithyWith(
  name: string,
  sha256: NonNullable<SignatureV4Init["sha256"]>,
  reach?: NonNullable<SigningPeer["reach"]>,
): SigningPeer {
  return {
    name,
    ...(reach === undefined ? {} : { reach }),
    signer({ method, host, path, headers, body, credentials, region, service, timeMs }) {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      const signer = new SignatureV4({
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
        region,
        service,
        sha256,
        applyChecksum: false,
      });
      const signingDate = new Date(timeMs);
      const request = {
        method,
        protocol: "https:",
        hostname: host,
        path,
        query: {},
        headers: { ...headers, host },
        body,
      };
      return async () => (await signer.sign(request, { signingDate })).headers["authorization"]!;
    },
  };
}
