import { decodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import { createSigV4aSigner, parseAuthorization, type SigV4aSignerOptions } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/sigv4a-scheme");

const TIME = Date.UTC(2026, 5, 1, 12);
const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const TEMPORARY = { ...CREDENTIALS, sessionToken: "to/ken+==" };
const crypto = portableProvider();
const OPTIONS: SigV4aSignerOptions = { regionSet: ["eu-*", "us-east-1"], service: "s3", crypto };
const REQUEST = { method: "GET", path: "/a/../b", headers: { host: "m.accesspoint.s3-global.amazonaws.com" } };

test("signer.sign() names the set of regions and signs it, at once with a provider that answers at once", async () => {
  const signer = await createSigV4aSigner(TEMPORARY, OPTIONS);
  const signed = signer.sign(REQUEST, TIME);
  assert.not.instance(signed, Promise);
  const { headers, canonicalRequest, stringToSign } = await signed;
  assert.is(headers["x-amz-region-set"], "eu-*,us-east-1");
  assert.is(headers["x-amz-security-token"], TEMPORARY.sessionToken);
  assert.match(canonicalRequest, /^GET\n\/a\/..\/b\n\nhost:/);
  const authorization = parseAuthorization(headers["authorization"]!);
  assert.is(authorization.algorithm, "AWS4-ECDSA-P256-SHA256");
  assert.is(authorization.credentialId, "AKIDEXAMPLE");
  assert.is(authorization.region, "");
  assert.is(authorization.service, "s3");
  assert.equal(authorization.signedHeaders, [
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-security-token",
  ]);
  assert.match(stringToSign, /^AWS4-ECDSA-P256-SHA256\n20260601T120000Z\n20260601\/s3\/aws4_request\n[0-9a-f]{64}$/);
  const key = parseSubjectPublicKeyInfo(signer.key.publicKey);
  const verifier = crypto.importPublicKey(key, ECDSA_SHA256);
  assert.ok(verifier.verify(encodeUtf8(stringToSign), decodeHex(authorization.signature)!));
});

test("createSigV4aSigner() derives with WebCrypto the key that the portable provider derives", async () => {
  const [portable, web] = await Promise.all(
    [crypto, webCryptoProvider()].map((each) => createSigV4aSigner(CREDENTIALS, { ...OPTIONS, crypto: each })),
  );
  assert.equal(web!.key.publicKey, portable!.key.publicKey);
  const [one, other] = await Promise.all([web!, portable!].map((signer) => signer.sign(REQUEST, TIME)));
  assert.is(one!.stringToSign, other!.stringToSign);
});

test("signer.sign() signs the session token, or adds it afterwards", async () => {
  const after = await createSigV4aSigner(TEMPORARY, { ...OPTIONS, signSessionToken: false });
  const without = await createSigV4aSigner(CREDENTIALS, OPTIONS);
  const signed = await after.sign(REQUEST, TIME);
  assert.is(signed.headers["x-amz-security-token"], TEMPORARY.sessionToken);
  const plain = await without.sign(REQUEST, TIME);
  assert.not.ok("x-amz-security-token" in plain.headers);
  assert.is(signed.stringToSign, plain.stringToSign);
  const presigned = await after.presign(REQUEST, TIME, 60);
  assert.match(presigned.query, /&X-Amz-Security-Token=to%2Fken%2B%3D%3D&X-Amz-Signature=[0-9a-f]+$/);
  assert.is(presigned.stringToSign, (await without.presign(REQUEST, TIME, 60)).stringToSign);
});

test("signer.presign() puts everything into the query", async () => {
  const signer = await createSigV4aSigner(CREDENTIALS, { ...OPTIONS, regionSet: ["*"] });
  const { query, headers, canonicalRequest } = await signer.presign({ ...REQUEST, query: "versionId=1" }, TIME, 604800);
  assert.equal(headers, {});
  assert.match(
    query,
    new RegExp(
      "^versionId=1&X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260601%2Fs3%2Faws4_request" +
        "&X-Amz-Date=20260601T120000Z&X-Amz-Region-Set=%2A&X-Amz-SignedHeaders=host&X-Amz-Expires=604800" +
        "&X-Amz-Signature=[0-9a-f]{136,144}$",
    ),
  );
  assert.match(canonicalRequest, /\nUNSIGNED-PAYLOAD$/);
});

test("signer.presign() refuses lifetimes beyond a week, and none", async () => {
  const signer = await createSigV4aSigner(CREDENTIALS, OPTIONS);
  assert.match((await signer.presign(REQUEST, TIME, 1)).query, /&X-Amz-Expires=1&/);
  for (const seconds of [0, 604801, NaN, -1]) {
    assert.throws(() => signer.presign(REQUEST, TIME, seconds), RangeError, `${seconds}`);
  }
});

test("createSigV4aSigner() wants a set of regions, and sign() a host", async () => {
  try {
    await createSigV4aSigner(CREDENTIALS, { ...OPTIONS, regionSet: [] });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TypeError);
  }
  const signer = await createSigV4aSigner(CREDENTIALS, OPTIONS);
  assert.throws(() => signer.sign({ ...REQUEST, headers: {} }, TIME), TypeError);
});

test.run();
