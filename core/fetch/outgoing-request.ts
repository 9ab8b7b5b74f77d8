/**
 * A request as it is going to be signed: where it goes, whom for, and what of it is signed.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type HeaderFields, headerPairs } from "../sigv4/canonical-headers.ts";
import type { SignedRequest, SigV4Request } from "../sigv4/canonical-request.ts";
import { takesObjectKeys } from "../sigv4/canonical-path.ts";
import type { SigV4Credentials } from "../sigv4/hmac-scheme.ts";
import type { AwsHost } from "./aws-host.ts";
import { hasDotSegments } from "./object-key.ts";
import type { FetchPorts } from "./platform-ports.ts";
import type { StreamedBody } from "./request-body.ts";
import { type AwsRequestOptions, checkRequestOptions, DEFAULT_MAX_BUFFERED_OCTETS } from "./request-options.ts";
import type { RequestSigner } from "./request-signer.ts";

/** What `fetch` takes beside the URL, and how the request is signed. */
export interface AwsRequestInit extends Omit<RequestInit, "body"> {
  /** As of `fetch`; a stream is sent as the options say. */
  readonly body?: BodyInit | AsyncIterable<Uint8Array> | null | undefined;
  /** How this request is signed and sent, where it differs from the client's. */
  readonly aws?: AwsRequestOptions | undefined;
}

/** A request before it is signed; each attempt signs it anew. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  /** All header fields but `host`, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Bytes | undefined;
  /** The body, where it is not in memory. */
  readonly stream: StreamedBody | undefined;
  readonly options: AwsRequestOptions;
  readonly service: string;
  readonly region: string;
}

/** What goes to `fetch`. Secret: the header fields or the URL hold the session token. */
export interface ReadyRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Bytes | ReadableStream<Uint8Array> | undefined;
}

/**
 * Lays out a request.
 *
 * @param signal ends the reading of a body
 * @param hostOf what the host says, unless it is listed and service and region are told; undefined: requests must not go there
 * @throws {FetchError} `ERR_FETCH_HOST`, `ERR_FETCH_SCOPE`, `ERR_FETCH_PATH`, `ERR_FETCH_BODY_LENGTH`
 * @throws {TypeError} for an option that does not exist, a URL that is none, `redirect: "follow"`
 */
export async function layOutRequest(
  input: string | URL | Request,
  init: AwsRequestInit,
  defaults: AwsRequestOptions,
  signal: AbortSignal | undefined,
  hostOf: (url: URL, told: boolean) => Promise<Partial<AwsHost> | undefined>,
): Promise<OutgoingRequest> {
  if (init.redirect === "follow") {
    throw new TypeError('"redirect" must be "manual" or "error": a signature names its host');
  }
  if (init.aws !== undefined) checkRequestOptions(init.aws);
  const options = { ...defaults, ...init.aws };
  const request = typeof input === "object" && "headers" in input ? input : undefined;
  const url = new URL(request === undefined ? input as string : request.url);
  const inferred = await hostOf(url, !!(options.service && options.region));
  const { service = inferred?.service, region = inferred?.region } = options;
  const objects = takesObjectKeys(service ?? "");
  const dotted = objects && typeof input === "string" && hasDotSegments(input);
  if (!inferred || !service || !region || dotted || url.username || url.password) {
    const { refusedRequest } = await import("./refused-request.ts");
    throw refusedRequest(url, inferred, service, region);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of headerPairs((init.headers ?? request?.headers ?? {}) as HeaderFields)) {
    const field = name.toLowerCase();
    headers[field] = Object.hasOwn(headers, field) ? `${headers[field]}, ${value}` : value;
  }
  const length = headers["content-length"];
  for (const name of ["host", "authorization", "content-length"]) delete headers[name];
  if (options.payload === "unsigned") headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
  const given = init.body ?? request?.body ?? undefined;
  let body: string | Bytes | undefined;
  let stream: StreamedBody | undefined;
  let contentType: string | undefined;
  if (given === undefined || typeof given === "string" || given instanceof Uint8Array) body = given as string | Bytes;
  else {
    const { readRequestBody } = await import("./request-body.ts");
    const streaming = options.payload === "unsigned" ? "always" : objects ? "known-length" : "never";
    const { maxBufferedOctets = DEFAULT_MAX_BUFFERED_OCTETS } = options;
    const reading = await readRequestBody(given, length, streaming, maxBufferedOctets, signal);
    ({ octets: body, stream, contentType } = reading);
  }
  if (contentType) headers["content-type"] ??= contentType;
  const method = (init.method ?? request?.method ?? "GET").toUpperCase();
  return { url, method, headers, body, stream, options, service, region };
}

/** What is signed of the request: `host`, `content-*` and `x-amz-*`; other fields may change on the way. */
export function signedPart(
  { url, method, body }: OutgoingRequest,
  headers: Readonly<Record<string, string>>,
): SigV4Request {
  const fields: Record<string, string> = { host: url.host };
  for (const name in headers) if (SIGNED.test(name)) fields[name] = headers[name]!;
  return { method, path: url.pathname, query: url.search.slice(1), headers: fields, body };
}

/** Signs a request. Secret: the credentials; the answer holds the session token. */
export async function signOutgoing(
  outgoing: OutgoingRequest,
  signer: RequestSigner,
  credentials: SigV4Credentials,
  timeMs: number,
  ports: FetchPorts,
): Promise<ReadyRequest> {
  const { url, stream, options } = outgoing;
  let { headers } = outgoing;
  let body: ReadyRequest["body"] = outgoing.body;
  let encode: ((signed: SignedRequest) => ReadableStream<Uint8Array>) | undefined;
  if (stream !== undefined) {
    // A body that is signed by the query is not signed in chunks: they would follow a signature of the header fields.
    if (options.payload === "unsigned" || options.signBy === "query") {
      body = stream.open();
      headers = { ...headers, ...(stream.length === undefined ? {} : { "content-length": String(stream.length) }) };
    } else {
      const { encodeUpload, planUpload } = await import("./chunked-upload.ts");
      const plan = planUpload(stream.length!, signer, options.checksum, headers["content-encoding"]);
      headers = { ...headers, ...plan.headers, "content-length": String(plan.contentLength) };
      encode = (signed) => encodeUpload(stream, plan, signer, signed, credentials, ports);
    }
  }
  let request = signedPart(outgoing, headers);
  if (options.signBy === "query") {
    const signed = await signer.presign(request, timeMs, QUERY_EXPIRES_SECONDS);
    return { url: `${url.origin}${url.pathname}?${signed.query}`, headers: { ...headers, ...signed.headers }, body };
  }
  if (request.body !== undefined && request.body.length >= LARGE_BODY_LENGTH) {
    const { withPlatformHash } = await import("./platform-hash.ts");
    request = await withPlatformHash(request, ports);
  }
  const signing = signer.sign(request, timeMs);
  const signed = signing instanceof Promise ? await signing : signing;
  return { url: url.href, headers: { ...headers, ...signed.headers }, body: encode?.(signed) ?? body };
}

/** From this length on, in octets or UTF-16 units, the platform hashes a body sooner than our own code. */
const LARGE_BODY_LENGTH = 16_384;

const SIGNED = /^(content-(?!length$)|x-amz-)/;

/** How long the URL of a request that is sent at once is valid. */
const QUERY_EXPIRES_SECONDS = 300;
