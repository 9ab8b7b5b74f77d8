/**
 * `sigv4a`: the test suite of AWS for `AWS4-ECDSA-P256-SHA256`, by headers and by query.
 *
 * Canonical request and string to sign agree octet by octet; signatures vary, so the published one and ours have to
 * verify under the published key, and the derived key has to be that one.
 *
 * @module
 */

import { equalBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import type { Verifier } from "../../../core/crypto/signer.ts";
import { ecPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { createSigV4aSigner, type Signing, verifySigV4aRequest } from "../../../core/sigv4/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { type RawRequest, readRawRequest } from "../raw-request.ts";
import { all, casesOf, compare, demand, hex, PASS } from "../verdict.ts";
import type { SigV4Context } from "./sigv4.ts";

interface SigV4aCase {
  readonly id: string;
  readonly context: SigV4Context;
  readonly request: string;
  readonly publicKey: { readonly X: string; readonly Y: string };
  readonly header?: Expected;
  readonly query?: Expected;
}

interface Expected {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly sampleSignature: string;
}

/** The suite. */
export const sigv4a: ConformanceSuite = { name: "sigv4a", cases, sampled: false };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<SigV4aCase>(files)) {
    yield { id: each.id, kind: "request", run: (context) => run(each, context) };
  }
}

async function run(each: SigV4aCase, { crypto, sha256 }: ConformanceContext): Promise<Verdict> {
  const { credentials, region, service, timestamp, ...rules } = each.context;
  const canonical = { normalizePath: rules.normalize, sha256 };
  const signer = await createSigV4aSigner({
    accessKeyId: credentials.access_key_id,
    secretAccessKey: credentials.secret_access_key,
    sessionToken: credentials.token,
  }, {
    ...canonical,
    regionSet: [region],
    service,
    crypto,
    payloadHashHeader: rules.sign_body,
    signSessionToken: rules.omit_session_token !== true,
  });
  const publicKey = ecPublicKey({ curve: "P-256", point: hex(`04${each.publicKey.X}${each.publicKey.Y}`) });
  const verifier = await crypto.importPublicKey(publicKey, ECDSA_SHA256);
  const request = readRawRequest(each.request);
  const timeMs = Date.parse(timestamp);
  /** Whether the request as sent verifies; one whose token was added behind the signature is not what was signed. */
  const verifyRequest = async (sent: RawRequest): Promise<Verdict> => {
    if (rules.omit_session_token === true) return PASS;
    await verifySigV4aRequest(sent, {
      ...canonical,
      timeMs,
      maxClockSkewSeconds: 0,
      region,
      service,
      unsignedPayload: "allow",
      credentials: () => ({ verifier, sessionToken: credentials.token }),
    });
    return PASS;
  };
  const verdicts: Verdict[] = [demand(equalBytes(signer.key.publicKey, publicKey.spki), "another key is derived")];
  if (each.header !== undefined) {
    const signed = await signer.sign(request, timeMs);
    verdicts.push(...await compareSigning("header", signed, each.header, verifier));
    verdicts.push(
      await verifyRequest({ ...request, headers: [...request.headers, ...Object.entries(signed.headers)] }),
    );
  }
  if (each.query !== undefined) {
    const signed = await signer.presign(request, timeMs, rules.expiration_in_seconds);
    verdicts.push(...await compareSigning("query", signed, each.query, verifier));
    const headers = [...request.headers, ...Object.entries(signed.headers)];
    verdicts.push(await verifyRequest({ ...request, query: signed.query, headers }));
  }
  return all(...verdicts);
}

async function compareSigning(
  variant: string,
  signed: Signing,
  expected: Expected,
  verifier: Verifier,
): Promise<Verdict[]> {
  const message = encodeUtf8(expected.stringToSign);
  return [
    compare(
      [`${variant} canonical request`, signed.canonicalRequest, expected.canonicalRequest],
      [`${variant} string to sign`, signed.stringToSign, expected.stringToSign],
    ),
    demand(await verifier.verify(message, hex(signed.signature)), `our ${variant} signature does not verify`),
    demand(await verifier.verify(message, hex(expected.sampleSignature)), `the published ${variant} one does not`),
  ];
}
