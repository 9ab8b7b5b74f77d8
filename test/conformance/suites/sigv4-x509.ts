/**
 * `sigv4-x509`: requests signed with the key of a certificate, as third parties published them.
 *
 * @module
 */

import { decodeBase64 } from "../../../core/bytes/base64.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { parsePrivateKey } from "../../../core/keys/mod.ts";
import { createIdentity } from "../../../core/sign/identity.ts";
import { parseAuthorization, signX509Request } from "../../../core/sigv4/mod.ts";
import { parseCertificate } from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { all, casesOf, compare, demand, hex } from "../verdict.ts";

interface X509Case {
  readonly id: string;
  readonly algorithm: string;
  readonly privateKeyPem: string;
  readonly certificate: string;
  readonly chain?: readonly string[];
  readonly region: string;
  readonly service: string;
  readonly date: string;
  readonly request: {
    readonly method: string;
    readonly host: string;
    readonly path: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly expected: {
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly signedHeaders: string;
    readonly credential: string;
    readonly signature?: string;
    readonly sampleSignature?: string;
  };
}

/** The suite. */
export const sigv4X509: ConformanceSuite = { name: "sigv4-x509", cases, sampled: false };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<X509Case>(files)) {
    yield { id: each.id, kind: each.algorithm, run: (context) => run(each, context) };
  }
}

async function run(each: X509Case, { crypto, sha256 }: ConformanceContext): Promise<Verdict> {
  const { request: { host, headers, ...request }, region, service, expected } = each;
  const key = parsePrivateKey(each.privateKeyPem);
  const algorithm = sessionAlgorithm(key);
  const certificate = parseCertificate(decodeBase64(each.certificate)!);
  // The identity proves that key and certificate belong together; the chain goes out in the order of the data.
  const { signer } = await createIdentity({ certificate, signer: await crypto.importPrivateKey(key, algorithm) });
  const chain = (each.chain ?? []).map((der) => parseCertificate(decodeBase64(der)!));
  const fields = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "host");
  const signed = await signX509Request({ ...request, headers: [...fields, ["host", host]] }, {
    identity: { certificate, chain, signer },
    region,
    service,
    sha256,
    timeMs: Date.parse(each.date.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:")),
  });
  const authorization = parseAuthorization(signed.headers["authorization"]!);
  const { credentialId, day } = authorization;
  const verifier = await crypto.importPublicKey(certificate.publicKey, algorithm);
  const message = encodeUtf8(expected.stringToSign);
  const verify = async (signature: string, what: string): Promise<Verdict> =>
    demand(await verifier.verify(message, hex(signature)), `${what} does not verify`);
  return all(
    compare(
      ["canonical request", signed.canonicalRequest, expected.canonicalRequest],
      ["string to sign", signed.stringToSign, expected.stringToSign],
      ["signed headers", signed.signedHeaders, expected.signedHeaders],
      ["credential", `${credentialId}/${day}/${region}/${service}/aws4_request`, expected.credential],
      ["algorithm", authorization.algorithm, each.algorithm],
    ),
    ...algorithm.scheme === "rsa-pkcs1" && expected.signature !== undefined
      ? [compare(["signature", signed.signature, expected.signature])]
      : [],
    await verify(authorization.signature, "our signature"),
    ...await Promise.all(
      [expected.signature, expected.sampleSignature]
        .filter((signature) => signature !== undefined)
        .map((signature) => verify(signature, "the published signature")),
    ),
  );
}
