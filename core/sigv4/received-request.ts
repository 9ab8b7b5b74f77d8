/**
 * A signed request as the service received it: where the signature is, when it was made, and what it covers.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../crypto/sha256.ts";
import { type Authorization, authorization, malformed, parseAuthorization } from "./authorization.ts";
import { canonicalValue, type HeaderLine, headerPairs } from "./canonical-headers.ts";
import { takesObjectKeys } from "./canonical-path.ts";
import { canonicalQuery, queryText } from "./canonical-query.ts";
import { canonicalRequest, PAYLOAD_HASH, type SigV4Request } from "./canonical-request.ts";
import { credentialScope, formatAmzDate, parseAmzDate } from "./credential-scope.ts";
import { sigV4aScope } from "./sigv4a-scheme.ts";
import { SigV4Error } from "./sigv4-error.ts";

/** How a received request is read and judged, whatever the scheme. */
export interface VerifyOptions {
  /** The verifier's time, milliseconds since the epoch. */
  readonly timeMs: number;
  /** How far the time of signing may be away from it, in both directions; AWS services use 300 seconds, some 900. */
  readonly maxClockSkewSeconds: number;
  /** Region that the scope must name, or `any`. */
  readonly region: string;
  /** Service that the scope must name, or `any`. */
  readonly service: string;
  /** The hash; default `portableSha256`. */
  readonly sha256?: Sha256 | undefined;
  /** As for signing; default by the scope's service. */
  readonly uriEncoding?: "single" | "double" | undefined;
  /** As for signing; default by the scope's service. */
  readonly normalizePath?: boolean | undefined;
}

/** A request whose signature verifies. */
export interface VerifiedRequest {
  /** Who signed, and which headers: no other header is proven. */
  readonly authorization: Authorization;
  /** Whether the signature was in the query. */
  readonly presigned: boolean;
  /** Whether the signature covers the body. */
  readonly bodySigned: boolean;
  /** Time of signing, milliseconds since the epoch. */
  readonly signedAtMs: number;
  /** The canonical request. Secret: holds the session token when that is signed. */
  readonly canonicalRequest: string;
  /** The string to sign. */
  readonly stringToSign: string;
}

/** A request taken apart. */
export interface ReceivedRequest {
  readonly authorization: Authorization;
  /** Header values by lower-case name, canonical. */
  readonly headers: ReadonlyMap<string, string>;
  /** The authorization's query parameters, encoded; absent: it is in the headers. */
  readonly parameters: ReadonlyMap<string, string> | undefined;
  /** The canonical query without the signature. */
  readonly query: string;
}

/**
 * Finds and reads the signature of a request.
 *
 * Secret: a session token among headers and query.
 *
 * @param known what `parseAuthorization` made of the Authorization header before
 * @throws {SigV4Error} `ERR_SIGV4_MISSING_AUTHORIZATION`, `ERR_SIGV4_MALFORMED_AUTHORIZATION`, `ERR_SIGV4_URI`
 */
export function receiveRequest(request: SigV4Request, known?: Authorization): ReceivedRequest {
  const headers = new Map<string, string>();
  for (const [field, text] of headerPairs(request.headers)) {
    const name = field.toLowerCase();
    const earlier = headers.get(name);
    const value = canonicalValue(text);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  const query = decodable("query", () => sortedQuery(queryText(request.query)));
  const parameters = signatureParameters(query);
  const header = headers.get("authorization");
  if (parameters === undefined) {
    if (header === undefined) {
      throw new SigV4Error(
        "ERR_SIGV4_MISSING_AUTHORIZATION",
        "Authorization",
        "it has neither an Authorization header nor an X-Amz-Signature parameter",
      );
    }
    return { authorization: known ?? parseAuthorization(header), headers, parameters, query };
  }
  if (header !== undefined) throw malformed("Authorization", "there is an X-Amz-Signature parameter as well");
  const [algorithm, credential, signedHeaders, signature] = PARAMETERS.map((name) => {
    const value = parameters.get(name);
    if (value === undefined) throw malformed(name, "it is missing");
    return decodeURIComponent(value);
  });
  return {
    authorization: authorization(algorithm!, credential!, signedHeaders!, signature!, PARAMETERS.slice(1)),
    headers,
    parameters,
    query: query.split("&").filter((pair) => !pair.startsWith("X-Amz-Signature=")).join("&"),
  };
}

/** The canonical query. Clients encode as it is to be, as a rule; then there is nothing to do but to sort. */
function sortedQuery(text: string): string {
  if (NOT_CANONICAL.test(text)) return canonicalQuery(text);
  // A space sorts before all that encoded text is made of: the order of the pairs is that of their names.
  return text.replaceAll("=", " ").split("&").sort().join("&").replaceAll(" ", "=");
}

/** The `X-Amz-` parameters of a canonical query, when a signature is among them. */
function signatureParameters(query: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  let twice: string | undefined;
  for (const pair of query.split("&")) {
    const [name, value] = pair.split("=") as [string, string];
    if (!name.startsWith("X-Amz-")) continue;
    if (parameters.has(name)) twice = name;
    parameters.set(name, value);
  }
  if (!parameters.has("X-Amz-Signature")) return undefined;
  if (twice !== undefined) throw malformed(twice, "it is there twice");
  return parameters;
}

/** What encodes a path or a query, with its refusal as a code. */
function decodable<T>(subject: string, encode: () => T): T {
  try {
    return encode();
  } catch (cause) {
    throw new SigV4Error("ERR_SIGV4_URI", subject, `the ${subject} is not percent-encoded UTF-8`, { cause });
  }
}

/**
 * Checks everything but the signature, and arrives at the texts that it must be a signature of.
 *
 * Secret: a session token, which the canonical request then holds. Nothing here is compared with a secret.
 *
 * @param required headers that must be signed besides `host` and the date; those that are absent are let off
 * @param standIns what may stand for the body instead of its hash: `UNSIGNED-PAYLOAD` for instance
 * @throws {SigV4Error} every code but those of algorithm, credential, token and signature
 */
export function reconstruct(
  request: SigV4Request,
  received: ReceivedRequest,
  options: VerifyOptions,
  required: readonly string[],
  standIns: readonly string[],
): VerifiedRequest {
  const { authorization, headers, parameters } = received;
  const { day, region, service, signedHeaders } = authorization;
  const signed = new Set(signedHeaders);
  if (!signed.has("host")) throw unsigned("host");
  for (const name of required) if (headers.has(name) && !signed.has(name)) throw unsigned(name);

  const { signedAtMs, date } = signingTime(received, signed);
  if (day !== date.slice(0, 8)) throw scope("date", `the scope is of ${day}, the request of ${date}`);
  // SigV4a: the scope has no region, and what reads its set of regions has compared that.
  if (region !== "" && options.region !== "any" && region !== options.region) {
    throw scope("region", `it is signed for the region ${region}, not ${options.region}`);
  }
  if (options.service !== "any" && service !== options.service) {
    throw scope("service", `it is signed for the service ${service}, not ${options.service}`);
  }
  checkClock(signedAtMs, parameters, options);

  const { sha256 = portableSha256 } = options;
  const claimed = headers.get(PAYLOAD_HASH) ?? parameters?.get("X-Amz-Content-Sha256") ??
    (parameters !== undefined && takesObjectKeys(service) ? "UNSIGNED-PAYLOAD" : undefined);
  if (claimed === "UNSIGNED-PAYLOAD" && !standIns.includes(claimed)) throw payload("the body must be signed");
  const bodySigned = claimed === undefined || !standIns.includes(claimed);
  const actual = bodySigned ? sha256.hex(request.body ?? "") : claimed;
  if (claimed !== undefined && claimed !== actual) throw payload("the body is not the one that was signed");

  const lines = signedHeaders.map((name): HeaderLine => {
    const value = headers.get(name);
    if (value === undefined) {
      throw new SigV4Error("ERR_SIGV4_MISSING_HEADER", name, `the signed header ${name} is missing`);
    }
    return [name, value];
  });
  const { canonicalRequest: text } = canonicalRequest(
    request,
    { ...options, service },
    lines,
    actual,
    () => received.query,
  );
  return {
    authorization,
    presigned: parameters !== undefined,
    bodySigned,
    signedAtMs,
    canonicalRequest: text,
    stringToSign: `${authorization.algorithm}\n${date}\n${
      region === "" ? sigV4aScope(date, service) : credentialScope(date, region, service)
    }\n${sha256.hex(text)}`,
  };
}

/** `X-Amz-Date`, or a signed `Date` header where there is none; also as the string to sign has it. */
function signingTime(
  { headers, parameters }: ReceivedRequest,
  signed: ReadonlySet<string>,
): { readonly signedAtMs: number; readonly date: string } {
  const amzDate = parameters === undefined ? headers.get("x-amz-date") : parameters.get("X-Amz-Date");
  if (amzDate !== undefined) {
    if (parameters === undefined && !signed.has("x-amz-date")) throw unsigned("x-amz-date");
    const timeMs = parseAmzDate(amzDate);
    if (timeMs === undefined) throw new SigV4Error("ERR_SIGV4_DATE", "x-amz-date", "X-Amz-Date is no date");
    return { signedAtMs: timeMs, date: amzDate };
  }
  const date = headers.get("date");
  if (date === undefined || parameters !== undefined) {
    throw new SigV4Error("ERR_SIGV4_DATE", "x-amz-date", "X-Amz-Date is missing");
  }
  if (!signed.has("date")) throw unsigned("date");
  // The one form that clients send (RFC 9110 §5.6.7), and the one that every engine reads (ECMA-262 §21.4.3.2).
  const timeMs = Date.parse(date);
  if (Number.isNaN(timeMs) || new Date(timeMs).toUTCString() !== date) {
    throw new SigV4Error("ERR_SIGV4_DATE", "date", "the Date header is no date");
  }
  return { signedAtMs: timeMs, date: formatAmzDate(timeMs) };
}

function checkClock(
  signedAtMs: number,
  parameters: ReadonlyMap<string, string> | undefined,
  { timeMs, maxClockSkewSeconds }: VerifyOptions,
): void {
  const age = timeMs - signedAtMs;
  const skew = maxClockSkewSeconds * 1000;
  if (age < -skew || (parameters === undefined && age > skew)) {
    throw new SigV4Error(
      "ERR_SIGV4_CLOCK",
      "x-amz-date",
      `it was signed ${Math.abs(age) / 1000} s ${age < 0 ? "ahead of" : "behind"} the time of verification`,
    );
  }
  if (parameters === undefined) return;
  const expires = parameters.get("X-Amz-Expires") ?? "";
  if (!/^[1-9]\d{0,5}$/.test(expires) || Number(expires) > 604800) {
    throw malformed("X-Amz-Expires", "it is not a number of seconds from 1 to 604800");
  }
  if (age > Number(expires) * 1000) {
    throw new SigV4Error("ERR_SIGV4_EXPIRED", "X-Amz-Expires", `it expired ${age / 1000 - Number(expires)} s ago`);
  }
}

/** Refuses options that do not exist: a misspelt one would otherwise leave a check out. */
export function checkOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!COMMON_OPTIONS.includes(name) && !known.includes(name)) throw new TypeError(`"${name}" is no option`);
  }
  const { timeMs, maxClockSkewSeconds } = options as VerifyOptions;
  if (!Number.isFinite(timeMs)) throw new TypeError('"timeMs" must be a number of milliseconds');
  if (!(maxClockSkewSeconds >= 0)) throw new RangeError('"maxClockSkewSeconds" must be zero or more');
}

function unsigned(name: string): SigV4Error {
  return new SigV4Error("ERR_SIGV4_UNSIGNED_HEADER", name, `the header ${name} must be signed and is not`);
}

/** The error of a scope that is another one. */
export function scope(subject: string, state: string): SigV4Error {
  return new SigV4Error("ERR_SIGV4_SCOPE", subject, state);
}

function payload(state: string): SigV4Error {
  return new SigV4Error("ERR_SIGV4_PAYLOAD_HASH", PAYLOAD_HASH, state);
}

/**
 * What the text of a canonical query does not have: a character or an escape that is encoded otherwise, or beyond
 * ASCII; a pair with a second `=`, or without one.
 */
const NOT_CANONICAL = /[^\w.~%=&-]|%(?!2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-D])|=[^&=]*=|(?:^|&)[^=&]*(?:&|$)/;

const COMMON_OPTIONS: readonly string[] = [
  "timeMs",
  "maxClockSkewSeconds",
  "region",
  "service",
  "sha256",
  "uriEncoding",
  "normalizePath",
];

const PARAMETERS: readonly string[] = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature"];
