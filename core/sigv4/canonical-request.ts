/**
 * The canonical request of AWS Signature Version 4: method, path, query, headers and payload hash in the one form
 * that client and service agree on.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html | Create a
 * signed AWS API request, step 1}
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import { canonicalValue, type HeaderFields, type HeaderLine, headerPairs, insertHeader } from "./canonical-headers.ts";
import { canonicalPath, takesObjectKeys } from "./canonical-path.ts";
import { canonicalQuery, queryText } from "./canonical-query.ts";

/** A query: the raw text behind the `?`, percent-encoded, or pairs that are not encoded. */
export type QueryParameters = string | readonly (readonly [name: string, value: string])[];

/** An HTTP request as it is signed, and as it was received when a signature is verified. */
export interface SigV4Request {
  /** HTTP method, upper case. */
  readonly method: string;
  /** The path as it goes over the wire, percent-encoded, beginning with `/`; without the query. */
  readonly path: string;
  /** The query; absent: none. */
  readonly query?: QueryParameters | undefined;
  /** Header fields; `host` (with the port unless it is the scheme's own) must be among them. */
  readonly headers: HeaderFields;
  /**
   * The body as sent; absent: empty. Text is sent as UTF-8. An `x-amz-content-sha256` header says what stands for the
   * body instead of its hash, `UNSIGNED-PAYLOAD` for example, or the hash itself when it is known.
   */
  readonly body?: string | Bytes | undefined;
}

/** Where a request goes, and the rules of signing there. */
export interface SigV4Options {
  /** Region of the credential scope: `eu-central-1`. */
  readonly region: string;
  /** Service of the credential scope: `rolesanywhere`, `dynamodb`. */
  readonly service: string;
  /** The hash; default `portableSha256`. */
  readonly sha256?: Sha256 | undefined;
  /** Whether the path is encoded once more before it is signed; default `double`, for S3 `single`. */
  readonly uriEncoding?: "single" | "double" | undefined;
  /** Whether dot segments and repeated slashes of the path are resolved; default true, for S3 false. */
  readonly normalizePath?: boolean | undefined;
  /** Whether signing by the headers adds and signs `x-amz-content-sha256`; default false, for S3 true. */
  readonly payloadHashHeader?: boolean | undefined;
}

/** What was signed; each member is what the service has to arrive at as well. */
export interface Signing {
  /** The canonical request. Secret: holds the session token when it is signed. */
  readonly canonicalRequest: string;
  /** The string to sign. */
  readonly stringToSign: string;
  /** Names of the signed headers, lower case, sorted, joined with `;`. */
  readonly signedHeaders: string;
  /** The signature, lower-case hexadecimal. */
  readonly signature: string;
}

/** A request signed by its headers. */
export interface SignedRequest extends Signing {
  /** The header fields to add to the request, lower-case names; they replace fields of the same name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request signed by its query. */
export interface PresignedRequest extends Signing {
  /** The whole query, without `?`. */
  readonly query: string;
  /** The header fields of the request that say what stands for its body: none, or `x-amz-content-sha256`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A canonical request, and the names of the headers that are in it. */
export type CanonicalRequest = Pick<Signing, "canonicalRequest" | "signedHeaders">;

/**
 * Makes the canonical request of a request that is to be signed: every header counts but `Authorization`, `User-Agent`
 * and `X-Amzn-Trace-Id`.
 *
 * Secret: a session token among the headers, which the result then holds.
 *
 * @param sha256 hashes the body
 * @param own the scheme's header fields, which replace the request's; `x-amz-content-sha256` joins them when it is signed
 * @param query answers the canonical query when it is not that of the request as it is
 * @throws {TypeError} when the request has no `host`
 * @throws {URIError} when path or query is not percent-encoded UTF-8
 */
export function canonicalizeRequest(
  request: SigV4Request,
  options: SigV4Options,
  sha256: Pick<Sha256, "hex">,
  own: Record<string, string>,
  query?: (signedHeaders: string) => string,
): CanonicalRequest {
  const s3 = takesObjectKeys(options.service);
  // A request that is signed by its query has its date there.
  const presigned = !own["x-amz-date"];
  const lines: HeaderLine[] = [];
  let hashHeader = !presigned && (options.payloadHashHeader ?? s3);
  let payloadHash = s3 && presigned ? "UNSIGNED-PAYLOAD" : "";
  let host: boolean | undefined;
  for (const name in own) insertHeader(lines, name, own[name]!);
  for (const [field, value] of headerPairs(request.headers)) {
    const name = field.toLowerCase();
    if (name === PAYLOAD_HASH) {
      payloadHash = value;
      hashHeader = true;
    } else if (!UNSIGNED.test(name) && !Object.hasOwn(own, name)) insertHeader(lines, name, canonicalValue(value));
    host ||= name === "host";
  }
  if (!host) throw new TypeError('"headers" must have host');
  payloadHash ||= sha256.hex(request.body ?? "");
  if (hashHeader) insertHeader(lines, PAYLOAD_HASH, own[PAYLOAD_HASH] = payloadHash);
  return canonicalRequest(
    request,
    options,
    lines,
    payloadHash,
    query ?? (() => canonicalQuery(queryText(request.query))),
  );
}

/** Writes the canonical request of these headers, which are sorted. Secret: a session token among them. */
export function canonicalRequest(
  { method, path }: SigV4Request,
  options: SigV4Options,
  lines: readonly HeaderLine[],
  payloadHash: string,
  query: (signedHeaders: string) => string,
): CanonicalRequest {
  let headers = "";
  let signedHeaders = "";
  let last: string | undefined;
  for (const [name, value] of lines) {
    if (name === last) headers += "," + value;
    else {
      headers += "\n" + name + ":" + value;
      signedHeaders += (signedHeaders && ";") + name;
      last = name;
    }
  }
  return {
    canonicalRequest: `${method}\n${canonicalPath(path, options)}\n${
      query(signedHeaders)
    }${headers}\n\n${signedHeaders}\n${payloadHash}`,
    signedHeaders,
  };
}

/** The header that carries the payload hash. */
export const PAYLOAD_HASH = "x-amz-content-sha256";

/** What the service's own clients never sign. */
const UNSIGNED = /^(authorization|user-agent|x-amzn-trace-id)$/;
