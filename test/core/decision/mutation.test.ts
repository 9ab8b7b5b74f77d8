import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { CryptoProvider, KeySpecification } from "../../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { decideSession, type SessionRequest, type SessionState } from "../../../core/decision/mod.ts";
import { assert, assertNone, suite } from "../../support/suite.ts";
import { NOW, signedSessionRequest, testKey } from "../../support/test-authority.ts";
import { authority, client, sessionSetup, stateOf } from "./session-setup.ts";

const test = suite("core/decision: mutation");

/** A valid request of a client below an intermediate. */
async function validRequest(specification: KeySpecification): Promise<SessionRequest> {
  const signer = await testKey("mutant", specification);
  const certificate = await client({ publicKey: signer.publicKey }, "Issuing");
  return await signedSessionRequest({ signer, certificate, chain: [await authority("Issuing", "Root")] });
}

/** A value with one of its octets changed, for every `step`th of them; another bit each time. */
function* mutants(octets: Bytes, step: number): Generator<readonly [at: number, mutant: Bytes]> {
  for (let at = 0; at < octets.length; at += step) {
    const mutant = octets.slice();
    mutant[at]! ^= 1 << (at % 8);
    yield [at, mutant];
  }
}

function valueOf(request: SessionRequest, name: string): string {
  return request.headers.find(([field]) => field === name)![1];
}

function withValue(request: SessionRequest, name: string, value: string): SessionRequest {
  return {
    ...request,
    headers: request.headers.map(([field, old]) => [field, field === name ? value : old] as const),
  };
}

/** Every request with one octet changed. */
function* mutantRequests(request: SessionRequest, step: number): Generator<readonly [string, SessionRequest]> {
  for (const name of ["x-amz-x509", "x-amz-x509-chain"]) {
    for (const [at, mutant] of mutants(decodeBase64(valueOf(request, name))!, step)) {
      yield [`${name}: octet ${at}`, withValue(request, name, encodeBase64(mutant))];
    }
  }
  const authorization = valueOf(request, "authorization");
  const signature = /Signature=([0-9a-f]+)$/.exec(authorization)![1]!;
  for (const [at, mutant] of mutants(decodeHex(signature)!, step)) {
    const changed = authorization.replace(signature, encodeHex(mutant));
    yield [`signature: octet ${at}`, withValue(request, "authorization", changed)];
  }
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)![1]!.split(";");
  assert.equal(signed, ["content-type", "host", "x-amz-date", "x-amz-x509", "x-amz-x509-chain"]);
  for (const name of ["authorization", ...signed]) {
    const value = valueOf(request, name);
    // What is base64 or hexadecimal has been changed octet by octet above; its text is sampled.
    const stride = value.length < 200 ? step : 7 * step;
    for (let at = 0; at < value.length; at += stride) {
      const other = String.fromCharCode(value.charCodeAt(at) ^ (value.charCodeAt(at) === 0x21 ? 2 : 1));
      yield [`${name}: character ${at}`, withValue(request, name, value.slice(0, at) + other + value.slice(at + 1))];
    }
  }
  for (const [at, body] of mutants(request.body, step)) yield [`body: octet ${at}`, { ...request, body }];
}

async function accepted(
  request: SessionRequest,
  state: SessionState,
  crypto: CryptoProvider,
  step: number,
): Promise<readonly string[]> {
  const options = { now: () => NOW, crypto };
  assert.is((await decideSession(request, state, options)).outcome, "allow");
  const faults: string[] = [];
  let count = 0;
  for (const [name, mutant] of mutantRequests(request, step)) {
    count++;
    const decision = await decideSession(mutant, state, options);
    if (decision.outcome === "allow") faults.push(name);
  }
  assert.ok(count > 100, String(count));
  return faults;
}

const P256: KeySpecification = { type: "ec", curve: "P-256" };
const RSA: KeySpecification = { type: "rsa", bits: 2048 };
const ML_DSA: KeySpecification = { type: "ml-dsa", parameterSet: "ML-DSA-44" };

test("decideSession() never accepts a request of a P-256 key with one octet changed", async () => {
  const state = stateOf(await sessionSetup());
  assertNone(await accepted(await validRequest(P256), state, webCryptoProvider(), 1));
});

test("decideSession() never accepts a request of an RSA key with one octet changed", async () => {
  const state = stateOf(await sessionSetup());
  assertNone(await accepted(await validRequest(RSA), state, webCryptoProvider(), 1));
});

test("decideSession() never accepts a request of an ML-DSA key with one octet changed", async () => {
  const state = stateOf(await sessionSetup());
  assertNone(await accepted(await validRequest(ML_DSA), state, portableProvider({}), 29));
});

test.run();
