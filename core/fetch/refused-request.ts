/**
 * Why a request is not even signed.
 *
 * This module is loaded with the first one.
 *
 * @module
 */

import type { AwsHost } from "./aws-host.ts";
import { FetchError } from "./fetch-error.ts";

/**
 * The error of a request that goes where it must not, that says too little, or whose path is not what it says.
 *
 * @param inferred what the host says, or that it is listed
 */
export function refusedRequest(
  { protocol, host, username, password }: URL,
  inferred: Partial<AwsHost> | undefined,
  service: string | undefined,
  region: string | undefined,
): FetchError {
  if (username || password) {
    return new FetchError(
      "ERR_FETCH_HOST",
      "the URL holds a user name or a password, which would go out with the request",
    );
  }
  if (inferred === undefined) {
    const state = `${protocol}//${host} is no HTTPS endpoint of AWS; list its host in "hosts" to trust it`;
    return new FetchError("ERR_FETCH_HOST", state);
  }
  if (!service || !region) {
    const missing = service ? "region" : "service";
    return new FetchError("ERR_FETCH_SCOPE", `${host} does not tell ${missing}; give "${missing}"`);
  }
  return new FetchError(
    "ERR_FETCH_PATH",
    'URLs resolve the segments "." and ".."; write the object key by encodeObjectKey()',
  );
}
