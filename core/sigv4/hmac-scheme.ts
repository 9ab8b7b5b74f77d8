/**
 * `AWS4-HMAC-SHA256`: requests signed with an access key, by their headers or by their query.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html | Create a
 * signed AWS API request}
 * @module
 */

import { type HmacSha256, portableSha256, type Sha256 } from "../crypto/sha256.ts";
import { canonicalQuery, queryText } from "./canonical-query.ts";
import {
  canonicalizeRequest,
  type PresignedRequest,
  type SignedRequest,
  type SigV4Options,
  type SigV4Request,
} from "./canonical-request.ts";
import { credentialScope, formatAmzDate } from "./credential-scope.ts";
import { encodeUri } from "./uri-encoding.ts";

/** AWS credentials. Secret: all but `accessKeyId`. */
export interface SigV4Credentials {
  /** Access key id. Public: it travels with every request. */
  readonly accessKeyId: string;
  /** Secret: the key that signs. */
  readonly secretAccessKey: string;
  /** Present for temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** How to sign with an access key. */
export interface HmacSignerOptions extends SigV4Options {
  /**
   * Whether the session token is signed; default true. False for the few services that want it added afterwards, such
   * as WebSocket connections of AWS IoT.
   */
  readonly signSessionToken?: boolean | undefined;
}

/** Signs requests with one access key for one region and service. Times are milliseconds since the epoch. */
export interface HmacSigner {
  /** Signs by the headers. @throws {TypeError} when the request has no `host` */
  sign(request: SigV4Request, timeMs: number): SignedRequest;
  /**
   * Signs by the query. The URL is valid for `expiresSeconds` (1 to 604800), and no longer than the credentials.
   *
   * @throws {RangeError} when `expiresSeconds` is out of range
   * @throws {TypeError} when the request has no `host`
   */
  presign(request: SigV4Request, timeMs: number, expiresSeconds: number): PresignedRequest;
}

/** Options of `signRequest`. */
export interface SignRequestOptions extends HmacSignerOptions {
  /** The access key. */
  readonly credentials: SigV4Credentials;
  /** Time of signing, milliseconds since the epoch. */
  readonly timeMs: number;
}

/** Options of `presignRequest`. */
export interface PresignRequestOptions extends SignRequestOptions {
  /** Seconds until the URL expires, 1 to 604800. */
  readonly expiresSeconds: number;
}

/**
 * Signs one request by its headers. For many requests make a signer: it keeps the derived key.
 *
 * Secret: the credentials; the result holds the session token.
 *
 * @throws {TypeError} when the request has no `host`
 * @example
 * ```ts
 * import { signRequest } from "anyrole/sigv4";
 *
 * const { headers } = signRequest(
 *   { method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08", headers: { host: "iam.amazonaws.com" } },
 *   {
 *     credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
 *     region: "us-east-1",
 *     service: "iam",
 *     timeMs: Date.UTC(2015, 7, 30, 12, 36),
 *   },
 * );
 * console.log(headers.authorization);
 * ```
 */
export function signRequest(request: SigV4Request, options: SignRequestOptions): SignedRequest {
  return createHmacSigner(options.credentials, options).sign(request, options.timeMs);
}

/**
 * Signs one request by its query, for a URL that others may open.
 *
 * Secret: the credentials; the result holds the session token.
 *
 * @throws {RangeError} when `expiresSeconds` is out of range
 * @throws {TypeError} when the request has no `host`
 */
export function presignRequest(request: SigV4Request, options: PresignRequestOptions): PresignedRequest {
  return createHmacSigner(options.credentials, options).presign(request, options.timeMs, options.expiresSeconds);
}

/**
 * Makes a signer that derives the signing key once a day.
 *
 * Secret: the credentials and the derived key stay in its memory.
 */
export function createHmacSigner(credentials: SigV4Credentials, options: HmacSignerOptions): HmacSigner {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { region, service, sha256 = portableSha256, signSessionToken = true } = options;
  let second: number | undefined;
  let date: string;
  let scope: string;
  let key: HmacSha256;

  function setTime(timeMs: number): void {
    const now = Math.floor(timeMs / 1000);
    if (now === second) return;
    date = formatAmzDate(timeMs);
    const today = credentialScope(date, region, service);
    if (today !== scope) key = deriveSigningKey(secretAccessKey, scope = today, sha256);
    second = now;
  }

  function authenticate(
    request: SigV4Request,
    headers: Record<string, string>,
    query?: (signedHeaders: string) => string,
  ): SignedRequest {
    const { canonicalRequest, signedHeaders } = canonicalizeRequest(request, options, sha256, headers, query);
    const stringToSign = `${HMAC_ALGORITHM}\n${date}\n${scope}\n${sha256.hex(canonicalRequest)}`;
    return { canonicalRequest, signedHeaders, stringToSign, headers, signature: key.hex(stringToSign) };
  }

  return {
    sign(request, timeMs) {
      setTime(timeMs);
      const headers: Record<string, string> = { "x-amz-date": date };
      if (sessionToken && signSessionToken) headers["x-amz-security-token"] = sessionToken;
      const signed = authenticate(request, headers);
      if (sessionToken) headers["x-amz-security-token"] = sessionToken;
      headers["authorization"] =
        `${HMAC_ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signed.signedHeaders}, Signature=${signed.signature}`;
      return signed;
    },

    presign(request, timeMs, expiresSeconds) {
      if (!(expiresSeconds >= 1 && expiresSeconds <= 604800)) {
        throw new RangeError('"expiresSeconds" must be 1-604800');
      }
      setTime(timeMs);
      const token = sessionToken ? `&X-Amz-Security-Token=${encodeUri(sessionToken)}` : "";
      let query = queryText(request.query);
      const signed = authenticate(request, {}, (names) => {
        query += `${query && "&"}X-Amz-Algorithm=${HMAC_ALGORITHM}&X-Amz-Credential=${
          encodeUri(`${accessKeyId}/${scope}`)
        }&X-Amz-Date=${date}&X-Amz-SignedHeaders=${encodeUri(names)}&X-Amz-Expires=${expiresSeconds}`;
        return canonicalQuery(signSessionToken ? query + token : query);
      });
      return { ...signed, query: `${query}${token}&X-Amz-Signature=${signed.signature}` };
    },
  };
}

/**
 * The signing key of a credential scope, ready to authenticate. Secret: the key and the result.
 *
 * @param scope `YYYYMMDD/region/service/aws4_request`
 */
export function deriveSigningKey(secretAccessKey: string, scope: string, sha256: Sha256): HmacSha256 {
  let key = sha256.hmac("AWS4" + secretAccessKey);
  for (const part of scope.split("/")) key = sha256.hmac(key.digest(part));
  return key;
}

/** The scheme's name. */
export const HMAC_ALGORITHM = "AWS4-HMAC-SHA256";
