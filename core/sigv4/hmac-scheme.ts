/**
 * `AWS4-HMAC-SHA256`: requests signed with an access key, by their headers or by their query.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html | Create a
 * signed AWS API request}
 * @module
 */

import { encodeUtf8 } from "../bytes/text.ts";
import type { HmacSha256 } from "../crypto/sha256.ts";
import { canonicalQuery, queryText } from "./canonical-query.ts";
import {
  canonicalRequest,
  headersToSign,
  PAYLOAD_HASH,
  type PresignedRequest,
  type SignedRequest,
  type SigningRules,
  signingRules,
  type SigV4Options,
  type SigV4Request,
} from "./canonical-request.ts";
import { credentialScope, formatAmzDate } from "./credential-scope.ts";
import { encodeUri } from "./uri-encoding.ts";

/** AWS credentials. Secret: all but `accessKeyId`. */
export interface SigV4Credentials {
  readonly accessKeyId: string;
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
  const rules = signingRules(options);
  const { sha256, s3, payloadHashHeader } = rules;
  const signToken = sessionToken !== undefined && options.signSessionToken !== false;
  let second = NaN;
  let date = "";
  let scope = "";
  let key: HmacSha256;

  function setTime(timeMs: number): void {
    const now = Math.floor(timeMs / 1000);
    if (now === second) return;
    date = formatAmzDate(timeMs);
    const today = credentialScope(date, rules.region, rules.service);
    if (today !== scope) {
      scope = today;
      key = deriveSigningKey(secretAccessKey, date.slice(0, 8), rules);
    }
    second = now;
  }

  const signText = (canonical: string): { stringToSign: string; signature: string } => {
    const stringToSign = `${HMAC_ALGORITHM}\n${date}\n${scope}\n${sha256.hex(canonical)}`;
    return { stringToSign, signature: key.hex(stringToSign) };
  };

  return {
    sign(request, timeMs) {
      setTime(timeMs);
      const headers: Record<string, string> = { [DATE]: date };
      if (signToken) headers[TOKEN] = sessionToken;
      const signed = headersToSign(
        request,
        rules,
        { names: Object.keys(headers), values: Object.values(headers) },
        payloadHashHeader ?? s3,
      );
      const { signedHeaders } = signed;
      const text = canonicalRequest(request, rules, canonicalQuery(queryText(request.query)), signed);
      const { stringToSign, signature } = signText(text);
      if (sessionToken !== undefined) headers[TOKEN] = sessionToken;
      if (signed.hashed) headers[PAYLOAD_HASH] = signed.payloadHash;
      headers["authorization"] =
        `${HMAC_ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
      return { headers, canonicalRequest: text, stringToSign, signedHeaders, signature };
    },

    presign(request, timeMs, expiresSeconds) {
      if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > 604800) {
        throw new RangeError('"expiresSeconds" must be an integer from 1 to 604800');
      }
      setTime(timeMs);
      const signed = headersToSign(
        request,
        rules,
        { names: [], values: [] },
        payloadHashHeader ?? false,
        s3 ? UNSIGNED_PAYLOAD : undefined,
      );
      const { signedHeaders } = signed;
      const query = queryText(request.query);
      const token = sessionToken === undefined ? "" : `&X-Amz-Security-Token=${encodeUri(sessionToken)}`;
      const unsigned = `${query}${query && "&"}X-Amz-Algorithm=${HMAC_ALGORITHM}&X-Amz-Credential=${
        encodeUri(`${accessKeyId}/${scope}`)
      }&X-Amz-Date=${date}&X-Amz-SignedHeaders=${encodeUri(signedHeaders)}&X-Amz-Expires=${expiresSeconds}`;
      const text = canonicalRequest(request, rules, canonicalQuery(unsigned + (signToken ? token : "")), signed);
      const { stringToSign, signature } = signText(text);
      return {
        query: `${unsigned}${token}&X-Amz-Signature=${signature}`,
        headers: signed.hashed ? { [PAYLOAD_HASH]: signed.payloadHash } : {},
        canonicalRequest: text,
        stringToSign,
        signedHeaders,
        signature,
      };
    },
  };
}

/**
 * The signing key of one day, region and service, ready to authenticate. Secret: the key and the result.
 *
 * @param day `YYYYMMDD`
 */
export function deriveSigningKey(
  secretAccessKey: string,
  day: string,
  { sha256, region, service }: Pick<SigningRules, "sha256" | "region" | "service">,
): HmacSha256 {
  let key = sha256.hmac(encodeUtf8("AWS4" + secretAccessKey));
  for (const part of [day, region, service, "aws4_request"]) key = sha256.hmac(key.digest(part));
  return key;
}

/** What stands for the body when it is not hashed. */
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** The scheme's name. */
export const HMAC_ALGORITHM = "AWS4-HMAC-SHA256";

const DATE = "x-amz-date";
const TOKEN = "x-amz-security-token";
