/**
 * The canonical request of AWS Signature Version 4: method, path, query, headers and payload hash in the one form
 * that client and service agree on.
 *
 * @see {@link https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html | Create a
 * signed AWS API request, step 1}
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { portableSha256, type Sha256 } from "../crypto/sha256.ts";
import { addHeader, collectHeaders, type HeaderList } from "./canonical-headers.ts";
import { canonicalPath } from "./canonical-path.ts";

/** Header fields: a record, or pairs such as an array, a `Map` or `Headers`. Names in any case. */
export type HeaderFields = Readonly<Record<string, string>> | Iterable<readonly [name: string, value: string]>;

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
  /** The body as sent; absent: empty. Text is sent as UTF-8. */
  readonly body?: string | Bytes | undefined;
  /**
   * What stands for the body instead of its hash: `UNSIGNED-PAYLOAD`, or the hash itself (64 hexadecimal digits) when
   * it is known. An `x-amz-content-sha256` header says the same. Not read when a signature is verified.
   */
  readonly payloadHash?: string | undefined;
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
  /** Whether `x-amz-content-sha256` is added and signed; default false, for S3 headers true. */
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
  /** Header fields that must be sent besides those of the request: none, or `x-amz-content-sha256`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `SigV4Options` with every default in its place. */
export interface SigningRules {
  readonly region: string;
  readonly service: string;
  readonly sha256: Sha256;
  readonly s3: boolean;
  readonly double: boolean;
  readonly normalize: boolean;
  readonly payloadHashHeader: boolean | undefined;
}

/** Fills in the defaults; those of S3 for the services that take object keys as paths. */
export function signingRules(options: SigV4Options): SigningRules {
  const { region, service, sha256 = portableSha256, uriEncoding, normalizePath, payloadHashHeader } = options;
  const s3 = /^s3(express|-outposts|-object-lambda)?$/.test(service);
  return {
    region,
    service,
    sha256,
    s3,
    double: uriEncoding ? uriEncoding === "double" : !s3,
    normalize: normalizePath ?? !s3,
    payloadHashHeader,
  };
}

/** The parts of a canonical request that do not depend on the query. */
export interface HeadersToSign {
  /** Lower-case names, sorted. */
  readonly names: readonly string[];
  /** The values, in step with the names. */
  readonly values: readonly string[];
  /** The names joined with `;`. */
  readonly signedHeaders: string;
  /** The last line of the canonical request. */
  readonly payloadHash: string;
  /** Whether `x-amz-content-sha256` is among the headers. */
  readonly hashed: boolean;
}

/**
 * Collects the headers to sign and settles the payload hash.
 *
 * @param own fields that the scheme sets; they replace the request's
 * @param header whether to add `x-amz-content-sha256`
 * @param otherwise what stands for the body when the request does not say; absent: its hash
 * @throws {TypeError} when the request has no `host`
 */
export function headersToSign(
  request: SigV4Request,
  rules: SigningRules,
  own: HeaderList,
  header: boolean,
  otherwise?: string,
): HeadersToSign {
  const list = collectHeaders(request.headers, own);
  if (!list.names.includes("host")) throw new TypeError('Cannot sign request: "headers" has no host');
  const at = list.names.indexOf(PAYLOAD_HASH);
  const payloadHash = request.payloadHash ?? list.values[at] ?? otherwise ?? rules.sha256.hex(request.body ?? "");
  if (at >= 0) list.values[at] = payloadHash;
  else if (header) addHeader(list, PAYLOAD_HASH, payloadHash);
  return { ...list, signedHeaders: list.names.join(";"), payloadHash, hashed: header || at >= 0 };
}

/** Writes the canonical request; `query` is canonical already. */
export function canonicalRequest(
  request: SigV4Request,
  rules: SigningRules,
  query: string,
  { names, values, signedHeaders, payloadHash }: Omit<HeadersToSign, "hashed">,
): string {
  let text = `${request.method}\n${canonicalPath(request.path, rules.double, rules.normalize)}\n${query}\n`;
  for (let i = 0; i < names.length; i++) text += `${names[i]!}:${values[i]!}\n`;
  return `${text}\n${signedHeaders}\n${payloadHash}`;
}

/** The header that carries the payload hash. */
export const PAYLOAD_HASH = "x-amz-content-sha256";
