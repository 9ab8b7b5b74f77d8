/**
 * aws4, which keeps signing keys by itself; `Content-Length`, which it would add and sign, is left unsigned.
 *
 * @module
 */

import { sign } from "aws4";
import { formatAmzDate } from "../../core/sigv4/credential-scope.ts";
import type { SigningPeer } from "./peer.ts";

/** The `sign` of aws4. */
export const aws4: SigningPeer = {
  name: "aws4",
  reach: { node20: 3.5, node: 3.5 },
  allocationReach: { node20: 0.45, node: 0.45, bun: 0.45 },
  signer({ method, host, path, headers, body, credentials, region, service, timeMs }) {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    const date = formatAmzDate(timeMs);
    const extraHeadersToIgnore = { "content-length": true };
    return () => {
      // It writes into the request that it is given.
      const request = {
        method,
        host,
        path,
        headers: { ...headers, "X-Amz-Date": date },
        body,
        region,
        service,
        extraHeadersToIgnore,
      };
      return (sign(request, keys).headers as Record<string, string>)["Authorization"]!;
    };
  },
};
