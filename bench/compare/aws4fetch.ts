/**
 * aws4fetch, with its cache of signing keys, and signing every header as we do.
 *
 * @module
 */

import { AwsV4Signer } from "aws4fetch";
import { formatAmzDate } from "../../core/sigv4/credential-scope.ts";
import type { SigningPeer } from "./peer.ts";

/** The `AwsV4Signer` of aws4fetch. */
export const aws4fetch: SigningPeer = {
  name: "aws4fetch",
  reach: { node20: 15, node: 15, deno: 15, bun: 5, workerd: 4 },
  allocationReach: { node20: 0.15, node: 0.15, bun: 0.15 },
  signer({ method, host, path, headers, body, credentials, region, service, timeMs }) {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const cache = new Map<string, ArrayBuffer>();
    const datetime = formatAmzDate(timeMs);
    return async () => {
      const signer = new AwsV4Signer({
        method,
        url: `https://${host}${path}`,
        headers,
        body,
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        service,
        region,
        cache,
        datetime,
        allHeaders: true,
      });
      const signed = await signer.sign();
      return signed.headers.get("authorization")!;
    };
  },
};
