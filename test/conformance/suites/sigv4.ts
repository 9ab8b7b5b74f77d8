/**
 * `sigv4`: the test suite of AWS for `AWS4-HMAC-SHA256`, by headers and by query.
 *
 * @module
 */

import {
  createHmacSigner,
  type HmacSigner,
  type PresignedRequest,
  type SignedRequest,
  type Signing,
} from "../../../core/sigv4/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { type RawRequest, readRawRequest } from "../raw-request.ts";
import { all, casesOf, compare, PASS } from "../verdict.ts";

/** What a case signs with, and by which rules; that of `sigv4a` as well. */
export interface SigV4Context {
  readonly credentials: {
    readonly access_key_id: string;
    readonly secret_access_key: string;
    readonly token?: string;
  };
  readonly region: string;
  readonly service: string;
  readonly timestamp: string;
  readonly normalize: boolean;
  readonly sign_body: boolean;
  readonly omit_session_token?: boolean;
  readonly expiration_in_seconds: number;
}

interface SigV4Case {
  readonly id: string;
  readonly context: SigV4Context;
  readonly request: string;
  readonly header?: Expected;
  readonly query?: Expected;
}

interface Expected {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
  readonly signedRequest: string;
}

/** The suite. */
export const sigv4: ConformanceSuite = { name: "sigv4", cases, sampled: false };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<SigV4Case>(files)) {
    yield { id: each.id, kind: "request", run: (context) => run(each, context) };
  }
}

function run(each: SigV4Case, { sha256 }: ConformanceContext): Verdict {
  const { credentials, region, service, timestamp, ...rules } = each.context;
  const signer = createHmacSigner({
    accessKeyId: credentials.access_key_id,
    secretAccessKey: credentials.secret_access_key,
    sessionToken: credentials.token,
  }, {
    region,
    service,
    sha256,
    normalizePath: rules.normalize,
    payloadHashHeader: rules.sign_body,
    signSessionToken: rules.omit_session_token !== true,
  });
  const timeMs = Date.parse(timestamp);
  const request = readRawRequest(each.request);
  return all(
    each.header === undefined ? PASS : byHeaders(signer, request, timeMs, each.header),
    each.query === undefined ? PASS : byQuery(signer, request, timeMs, rules.expiration_in_seconds, each.query),
  );
}

function byHeaders(signer: HmacSigner, request: RawRequest, timeMs: number, expected: Expected): Verdict {
  const signed: SignedRequest = signer.sign(request, timeMs);
  const sent = { ...request, headers: [...request.headers, ...Object.entries(signed.headers)] };
  return all(compareSigning("header", signed, expected), compareRequests("header", sent, expected));
}

function byQuery(
  signer: HmacSigner,
  request: RawRequest,
  timeMs: number,
  seconds: number,
  expected: Expected,
): Verdict {
  const signed: PresignedRequest = signer.presign(request, timeMs, seconds);
  const headers = [...request.headers, ...Object.entries(signed.headers)];
  const sent = { ...request, query: signed.query, headers };
  return all(compareSigning("query", signed, expected), compareRequests("query", sent, expected));
}

function compareSigning(variant: string, signed: Signing, expected: Expected): Verdict {
  return compare(
    [`${variant} canonical request`, signed.canonicalRequest, expected.canonicalRequest],
    [`${variant} string to sign`, signed.stringToSign, expected.stringToSign],
    [`${variant} signature`, signed.signature, expected.signature],
  );
}

/** Headers and query parameters are sets: their order is free; a name without `=` has the empty value. */
function compareRequests(variant: string, sent: RawRequest, { signedRequest }: Expected): Verdict {
  const wanted = readRawRequest(signedRequest);
  const headers = ({ headers }: RawRequest): string =>
    headers.map(([name, value]) => `${name.toLowerCase()}:${value.replace(/\s+/g, " ").trim()}`).sort().join("\n");
  const query = ({ query }: RawRequest): string =>
    query.split("&").filter(Boolean).map((pair) => pair.includes("=") ? pair : `${pair}=`).sort().join("&");
  return compare(
    [`${variant} request method`, sent.method, wanted.method],
    [`${variant} request path`, sent.path, wanted.path],
    [`${variant} request query`, query(sent), query(wanted)],
    [`${variant} request headers`, headers(sent), headers(wanted)],
    [`${variant} request body`, sent.body, wanted.body],
  );
}
