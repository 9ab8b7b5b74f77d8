/**
 * `AWS4-ECDSA-P256-SHA256` (SigV4a): requests signed with a key pair derived of an access key, valid in a set of regions,
 * as S3's multi-region access points want them.
 *
 * The scope names no region; `x-amz-region-set` does, and is signed.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html | AWS Signature Version 4}, and the
 * test suite of AWS's C library, which is what specifies the scheme
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { portableSha256 } from "../crypto/sha256.ts";
import { ECDSA_SHA256 } from "../crypto/signature-algorithm.ts";
import type { Awaitable, Signer } from "../crypto/signer.ts";
import { canonicalQuery, queryText } from "./canonical-query.ts";
import {
  canonicalizeRequest,
  type PresignedRequest,
  type SignedRequest,
  type SigV4Request,
} from "./canonical-request.ts";
import { formatAmzDate } from "./credential-scope.ts";
import type { HmacSignerOptions, SigV4Credentials } from "./hmac-scheme.ts";
import { MAX_EXPIRES_SECONDS, MIN_EXPIRES_SECONDS } from "./presign-bounds.ts";
import { deriveSigV4aKey } from "./sigv4a-key.ts";
import { encodeUri } from "./uri-encoding.ts";

/** How to sign for a set of regions. */
export interface SigV4aSignerOptions extends Omit<HmacSignerOptions, "region"> {
  /** Regions in which the request is valid, each may hold `*`: `["*"]`, `["us-east-1", "eu-*"]`. Not empty. */
  readonly regionSet: readonly string[];
  /** Makes the signer of the derived key: `webCryptoProvider()`, or `portableProvider()` where there is no WebCrypto. */
  readonly crypto: Pick<CryptoProvider, "importPrivateKey">;
}

/** Signs requests with one access key for one set of regions and service. Times are milliseconds since the epoch. */
export interface SigV4aSigner {
  /** Signs with the derived key; for the chunks of a body. */
  readonly key: Signer;
  /** Signs by the headers; synchronous when the key's signer is. @throws {TypeError} when the request has no `host` */
  sign(request: SigV4Request, timeMs: number): Awaitable<SignedRequest>;
  /**
   * Signs by the query. The URL is valid for `expiresSeconds` (1 to 604800), and no longer than the credentials.
   *
   * @throws {RangeError} when `expiresSeconds` is out of range
   * @throws {TypeError} when the request has no `host`
   */
  presign(request: SigV4Request, timeMs: number, expiresSeconds: number): Awaitable<PresignedRequest>;
}

/**
 * Derives the key pair and makes a signer that keeps it. The derived key depends on the access key alone: neither on the
 * day nor on the service.
 *
 * Secret: the credentials; the derived key stays with the provider.
 *
 * @throws {TypeError} (as a rejection) when `regionSet` is empty
 * @throws {CryptoError} (as a rejection) when the provider has no ECDSA on P-256
 * @example
 * ```ts
 * import { webCryptoProvider } from "anyrole";
 * import { createSigV4aSigner, type SigV4Credentials } from "anyrole/sigv4";
 *
 * export async function readFromAccessPoint(credentials: SigV4Credentials, host: string): Promise<Response> {
 *   const signer = await createSigV4aSigner(credentials, {
 *     regionSet: ["*"],
 *     service: "s3",
 *     crypto: webCryptoProvider(),
 *   });
 *   const { headers } = await signer.sign({ method: "GET", path: "/key", headers: { host } }, Date.now());
 *   return await fetch(`https://${host}/key`, { headers });
 * }
 * ```
 */
export async function createSigV4aSigner(
  credentials: SigV4Credentials,
  options: SigV4aSignerOptions,
): Promise<SigV4aSigner> {
  const { regionSet, service, crypto, sha256 = portableSha256, signSessionToken = true } = options;
  if (regionSet.length === 0) throw new TypeError('"regionSet" must name a region, or be ["*"]');
  const { accessKeyId, sessionToken } = credentials;
  const regions = regionSet.join(",");
  // What is canonical of a request does not depend on the region.
  const rules = { ...options, region: "" };
  const key = await crypto.importPrivateKey(deriveSigV4aKey(credentials, sha256), ECDSA_SHA256);

  function authenticate(
    request: SigV4Request,
    date: string,
    headers: Record<string, string>,
    query?: (signedHeaders: string) => string,
  ): Awaitable<SignedRequest> {
    const { canonicalRequest, signedHeaders } = canonicalizeRequest(request, rules, sha256, headers, query);
    const stringToSign = `${SIGV4A_ALGORITHM}\n${date}\n${sigV4aScope(date, service)}\n${sha256.hex(canonicalRequest)}`;
    const finish = (signature: Bytes): SignedRequest => {
      return { headers, canonicalRequest, stringToSign, signedHeaders, signature: encodeHex(signature) };
    };
    return then(key.sign(encodeUtf8(stringToSign)), finish);
  }

  return {
    key,
    sign(request, timeMs) {
      const date = formatAmzDate(timeMs);
      const headers: Record<string, string> = { "x-amz-date": date, "x-amz-region-set": regions };
      if (sessionToken && signSessionToken) headers["x-amz-security-token"] = sessionToken;
      return then(authenticate(request, date, headers), (signed) => {
        if (sessionToken) headers["x-amz-security-token"] = sessionToken;
        headers["authorization"] = `${SIGV4A_ALGORITHM} Credential=${accessKeyId}/${
          sigV4aScope(date, service)
        }, SignedHeaders=${signed.signedHeaders}, Signature=${signed.signature}`;
        return signed;
      });
    },

    presign(request, timeMs, expiresSeconds) {
      if (!(expiresSeconds >= MIN_EXPIRES_SECONDS && expiresSeconds <= MAX_EXPIRES_SECONDS)) {
        throw new RangeError(`"expiresSeconds" must be ${MIN_EXPIRES_SECONDS}-${MAX_EXPIRES_SECONDS}`);
      }
      const date = formatAmzDate(timeMs);
      const token = sessionToken ? `&X-Amz-Security-Token=${encodeUri(sessionToken)}` : "";
      let query = queryText(request.query);
      const signing = authenticate(request, date, {}, (names) => {
        query += `${query && "&"}X-Amz-Algorithm=${SIGV4A_ALGORITHM}&X-Amz-Credential=${
          encodeUri(`${accessKeyId}/${sigV4aScope(date, service)}`)
        }&X-Amz-Date=${date}&X-Amz-Region-Set=${encodeUri(regions)}&X-Amz-SignedHeaders=${
          encodeUri(names)
        }&X-Amz-Expires=${expiresSeconds}`;
        return canonicalQuery(signSessionToken ? query + token : query);
      });
      return then(signing, (signed): PresignedRequest => {
        return { ...signed, query: `${query}${token}&X-Amz-Signature=${signed.signature}` };
      });
    },
  };
}

/** Writes the scope `YYYYMMDD/service/aws4_request`. */
export function sigV4aScope(date: string, service: string): string {
  return `${date.slice(0, 8)}/${service}/aws4_request`;
}

function then<T, R>(value: Awaitable<T>, next: (value: T) => R): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The scheme's name. */
export const SIGV4A_ALGORITHM = "AWS4-ECDSA-P256-SHA256";
