import { encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Signer, Verifier } from "../../../core/crypto/signer.ts";
import type { KeySpecification } from "../../../core/crypto/provider.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { ECDSA_SHA256, ECDSA_SHA384, sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import {
  createX509Signer,
  type SigV4Request,
  type VerifyX509Options,
  verifyX509Request,
} from "../../../core/sigv4/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/verify-x509-request");

const TIME = Date.UTC(2026, 5, 1, 12);
const SERIAL = "41796794418840706582093025104159514797";
const DER = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
const CHAIN = [{ der: Uint8Array.of(1, 2, 3) }, { der: Uint8Array.of(4, 5, 6) }];
const REQUEST = {
  method: "POST",
  path: "/sessions",
  query: "profileArn=arn%3Aaws&roleArn=arn%3Aaws%3Aiam&trustAnchorArn=x",
  headers: { host: "127.0.0.1:8080", "content-type": "application/json" },
  body: '{"durationSeconds":3600}',
};

interface Received extends SigV4Request {
  readonly headers: Record<string, string>;
}

const provider = portableProvider({ random: (length) => crypto.getRandomValues(new Uint8Array(length)) });

async function keyPair(specification: KeySpecification): Promise<{ signer: Signer; verifier: Verifier }> {
  const key = await provider.generatePrivateKey(specification);
  const algorithm = sessionAlgorithm(key);
  const signer = await provider.importPrivateKey(key, algorithm);
  const publicKey = parseSubjectPublicKeyInfo(signer.publicKey);
  return { signer, verifier: await provider.importPublicKey(publicKey, algorithm) };
}

async function sign(signer: Signer, request: SigV4Request = REQUEST): Promise<Received> {
  const identity = { certificate: { der: DER, serialNumberDecimal: SERIAL }, chain: CHAIN, signer };
  const { headers } = await createX509Signer(identity, { region: "us-east-1", service: "rolesanywhere" }).sign(
    request,
    TIME,
  );
  return { ...request, headers: { ...request.headers as Record<string, string>, ...headers } };
}

function options(verifier: Verifier, more: Partial<VerifyX509Options> = {}): VerifyX509Options {
  return {
    serialNumberDecimal: SERIAL,
    verifier,
    region: "us-east-1",
    service: "rolesanywhere",
    timeMs: TIME,
    maxClockSkewSeconds: 300,
    ...more,
  };
}

const header =
  (name: string, change: (value: string) => string | undefined) => ({ headers, ...rest }: Received): Received => {
    const { [name]: old, ...others } = headers;
    const value = change(old ?? "");
    return { ...rest, headers: value === undefined ? others : { ...others, [name]: value } };
  };

test.slow("verifyX509Request() accepts what was signed with a key of each kind", 120_000, async () => {
  const kinds: KeySpecification[] = [
    { type: "ec", curve: "P-256" },
    { type: "ec", curve: "P-384" },
    { type: "ml-dsa", parameterSet: "ML-DSA-44" },
  ];
  for (const kind of kinds) {
    const { signer, verifier } = await keyPair(kind);
    const verified = await verifyX509Request(await sign(signer), options(verifier));
    assert.is(verified.authorization.algorithm, signer.algorithm.sigv4);
    assert.is(verified.authorization.credentialId, SERIAL);
    assert.is(verified.signedAtMs, TIME);
    assert.is(verified.bodySigned, true);
  }
});

test("verifyX509Request() refuses a request with any part changed, and says which", async () => {
  const { signer, verifier } = await keyPair({ type: "ec", curve: "P-256" });
  const other = encodeBase64(DER.map((octet) => octet ^ 1));
  const mutations: [code: string, change: (request: Received) => Received][] = [
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, method: "PUT" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, path: "/session" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, query: REQUEST.query.replace("iam", "iaM") })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, body: '{"durationSeconds":3601}' })],
    ["ERR_SIGV4_SIGNATURE", header("host", () => "127.0.0.1")],
    ["ERR_SIGV4_SIGNATURE", header("x-amz-x509", () => other)],
    ["ERR_SIGV4_MISSING_HEADER", header("x-amz-x509", () => undefined)],
    ["ERR_SIGV4_SIGNATURE", header("x-amz-x509-chain", () => "AQID")],
    ["ERR_SIGV4_MISSING_HEADER", header("x-amz-x509-chain", () => undefined)],
    ["ERR_SIGV4_SIGNATURE", header("x-amz-date", () => "20260601T120001Z")],
    ["ERR_SIGV4_SCOPE", header("x-amz-date", () => "20260531T235959Z")],
    ["ERR_SIGV4_PAYLOAD_HASH", header("x-amz-content-sha256", () => "UNSIGNED-PAYLOAD")],
    ["ERR_SIGV4_PAYLOAD_HASH", header("x-amz-content-sha256", () => "0".repeat(64))],
    ["ERR_SIGV4_MISSING_AUTHORIZATION", header("authorization", () => undefined)],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", header("authorization", () => "Bearer x")],
    ["ERR_SIGV4_ALGORITHM", header("authorization", (text) => text.replace("ECDSA", "RSA"))],
    ["ERR_SIGV4_ALGORITHM", header("authorization", (text) => text.replace("SHA256", "SHA384"))],
    ["ERR_SIGV4_CREDENTIAL", header("authorization", (text) => text.replace("4179", "4178"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("20260601", "20260602"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("us-east-1", "us-east-2"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("/rolesanywhere/", "/sts/"))],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace(";x-amz-x509;", ";"))],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace(";x-amz-x509-chain", ""))],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace(";x-amz-date", ""))],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace(";host", ""))],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text.slice(0, -2) + (text.endsWith("00") ? "01" : "00"))],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text.replace(/Signature=.*/, "Signature=00"))],
  ];
  const request = await sign(signer);
  await verifyX509Request(request, options(verifier));
  for (const [index, [code, change]] of mutations.entries()) {
    try {
      await assertRejects(verifyX509Request(change(request), options(verifier)), code);
    } catch (cause) {
      throw new Error(`mutation ${index}`, { cause });
    }
  }
});

test("verifyX509Request() refuses another key, another certificate's serial number and another scheme", async () => {
  const { signer, verifier } = await keyPair({ type: "ec", curve: "P-256" });
  const stranger = await keyPair({ type: "ec", curve: "P-256" });
  const request = await sign(signer);
  await assertRejects(verifyX509Request(request, options(stranger.verifier)), "ERR_SIGV4_SIGNATURE");
  await assertRejects(
    verifyX509Request(request, options(verifier, { serialNumberDecimal: "1" })),
    "ERR_SIGV4_CREDENTIAL",
  );
  const sha384 = { ...verifier, algorithm: ECDSA_SHA384, verify: verifier.verify };
  await assertRejects(verifyX509Request(request, options(sha384)), "ERR_SIGV4_ALGORITHM");
  assert.is(verifier.algorithm, ECDSA_SHA256);
});

test("verifyX509Request() keeps to the clock window", async () => {
  const { signer, verifier } = await keyPair({ type: "ec", curve: "P-256" });
  const request = await sign(signer);
  for (const seconds of [-300, 300]) {
    await verifyX509Request(request, options(verifier, { timeMs: TIME + seconds * 1000 }));
  }
  for (const seconds of [-301, 301, 1800]) {
    await assertRejects(
      verifyX509Request(request, options(verifier, { timeMs: TIME + seconds * 1000 })),
      "ERR_SIGV4_CLOCK",
    );
  }
});

test("verifyX509Request() does not take a signature from the query", async () => {
  const { verifier } = await keyPair({ type: "ec", curve: "P-256" });
  const query = "X-Amz-Algorithm=AWS4-X509-ECDSA-SHA256&X-Amz-Signature=00&X-Amz-SignedHeaders=host" +
    `&X-Amz-Credential=${SERIAL}%2F20260601%2Fus-east-1%2Frolesanywhere%2Faws4_request`;
  await assertRejects(verifyX509Request({ ...REQUEST, query }, options(verifier)), "ERR_SIGV4_ALGORITHM");
});

test("verifyX509Request() refuses options that do not exist", async () => {
  const { signer, verifier } = await keyPair({ type: "ec", curve: "P-256" });
  const misspelt = { ...options(verifier), clockSkew: 1 } as VerifyX509Options;
  const reason = await verifyX509Request(await sign(signer), misspelt).catch((error: unknown) => error);
  assert.instance(reason, TypeError);
});

test.run();
