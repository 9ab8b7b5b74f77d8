import { portableSha256, type Sha256 } from "../../../core/crypto/sha256.ts";
import { createHmacSigner, presignRequest, signRequest } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/hmac-scheme");

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const TEMPORARY = { ...CREDENTIALS, sessionToken: "to/ken+==" };
const TIME = Date.UTC(2015, 7, 30, 12, 36);
const OPTIONS = { credentials: CREDENTIALS, region: "us-east-1", service: "service", timeMs: TIME };
const PAYLOAD_HASH = "x-amz-content-sha256";
const REQUEST = { method: "GET", path: "/", headers: { host: "example.amazonaws.com" } };

test("signRequest() signs the example of the AWS guide, step by step", () => {
  const signed = signRequest({
    method: "GET",
    path: "/",
    query: [["Action", "ListUsers"], ["Version", "2010-05-08"]],
    headers: { Host: "iam.amazonaws.com", "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
  }, { ...OPTIONS, service: "iam" });
  assert.is(
    signed.stringToSign,
    "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n" +
      "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
  );
  assert.equal(signed.headers, {
    "x-amz-date": "20150830T123600Z",
    authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, " +
      "SignedHeaders=content-type;host;x-amz-date, " +
      "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  });
});

test("presignRequest() signs the example of the S3 guide", () => {
  const presigned = presignRequest(
    { method: "GET", path: "/test.txt", headers: { host: "examplebucket.s3.amazonaws.com" } },
    {
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
      region: "us-east-1",
      service: "s3",
      timeMs: Date.UTC(2013, 4, 24),
      expiresSeconds: 86400,
    },
  );
  assert.is(
    presigned.query,
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
      "&X-Amz-Date=20130524T000000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=86400" +
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  );
  assert.equal(presigned.headers, {});
});

test("signRequest() sends the payload hash to S3, and where it is asked to", () => {
  const hash = portableSha256.hex("body");
  const request = { ...REQUEST, method: "PUT", path: "/key", body: "body" };
  assert.is(signRequest(request, { ...OPTIONS, service: "s3" }).headers["x-amz-content-sha256"], hash);
  assert.is(signRequest(request, { ...OPTIONS, payloadHashHeader: true }).headers["x-amz-content-sha256"], hash);
  assert.is(signRequest(request, OPTIONS).headers["x-amz-content-sha256"], undefined);
  const bare = signRequest(request, { ...OPTIONS, service: "s3", payloadHashHeader: false });
  assert.is(bare.signedHeaders, "host;x-amz-date");
});

test("signRequest() takes what stands for the body from x-amz-content-sha256", () => {
  const headers = { ...REQUEST.headers, "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" };
  for (const service of ["s3", "service"]) {
    const signed = signRequest({ ...REQUEST, headers, body: "body" }, { ...OPTIONS, service });
    assert.ok(signed.canonicalRequest.endsWith("\n\nhost;x-amz-content-sha256;x-amz-date\nUNSIGNED-PAYLOAD"));
    assert.is(signed.headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
  }
});

test("signRequest() signs the session token, or adds it afterwards", () => {
  const signed = signRequest(REQUEST, { ...OPTIONS, credentials: TEMPORARY });
  assert.is(signed.signedHeaders, "host;x-amz-date;x-amz-security-token");
  assert.is(signed.headers["x-amz-security-token"], "to/ken+==");
  const after = signRequest(REQUEST, { ...OPTIONS, credentials: TEMPORARY, signSessionToken: false });
  assert.is(after.headers["x-amz-security-token"], "to/ken+==");
  assert.is(after.signature, signRequest(REQUEST, OPTIONS).signature);
});

test("presignRequest() signs the session token, or adds it afterwards", () => {
  const before = presignRequest(REQUEST, { ...OPTIONS, credentials: TEMPORARY, expiresSeconds: 60 });
  assert.match(before.query, "&X-Amz-Expires=60&X-Amz-Security-Token=to%2Fken%2B%3D%3D&X-Amz-Signature=");
  assert.match(before.canonicalRequest, "&X-Amz-Security-Token=to%2Fken%2B%3D%3D&X-Amz-SignedHeaders=host\n");
  const options = { ...OPTIONS, signSessionToken: false, expiresSeconds: 60 };
  const after = presignRequest(REQUEST, { ...options, credentials: TEMPORARY });
  assert.match(after.query, "&X-Amz-Security-Token=to%2Fken%2B%3D%3D&X-Amz-Signature=");
  assert.is(after.signature, presignRequest(REQUEST, options).signature);
});

test("presignRequest() keeps the query as it is, and names the headers to send", () => {
  const hash = portableSha256.hex("body");
  const presigned = presignRequest(
    { ...REQUEST, query: "b=%7e&a", headers: { ...REQUEST.headers, "x-b": "1", [PAYLOAD_HASH]: hash }, body: "body" },
    { ...OPTIONS, expiresSeconds: 604800 },
  );
  assert.ok(presigned.query.startsWith("b=%7e&a&X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
  assert.is(presigned.signedHeaders, "host;x-amz-content-sha256;x-b");
  assert.equal(presigned.headers, { [PAYLOAD_HASH]: hash });
});

test("presignRequest() hashes the body and adds no header for it, as AWS's own signer does", () => {
  // The signatures are those of awscrt 0.38.1 with AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256.
  const fields = [
    ["Content-Type", "application/x-www-form-urlencoded"],
    ["Host", "example.amazonaws.com"],
    ["Content-Length", "13"],
  ] as const;
  const request = { method: "POST", path: "/", headers: fields, body: "Param1=value1" };
  const options = { ...OPTIONS, payloadHashHeader: true };
  const presigned = presignRequest(request, { ...options, expiresSeconds: 3600 });
  assert.is(presigned.signature, "89a40deed0f26f9461242825a082d2222717248abc7ab41f552ad84a94ad46e9");
  assert.equal(presigned.headers, {});
  const signed = signRequest(request, options);
  assert.is(signed.signature, "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b");
  assert.is(signed.headers[PAYLOAD_HASH], portableSha256.hex("Param1=value1"));
});

test("presignRequest() refuses a time to live that the service refuses", () => {
  for (const expiresSeconds of [0, -1, 604801, NaN, Infinity]) {
    assert.throws(() => presignRequest(REQUEST, { ...OPTIONS, expiresSeconds }), RangeError, String(expiresSeconds));
  }
});

test("createHmacSigner() derives the key once a day", () => {
  let keys = 0;
  const sha256: Sha256 = { ...portableSha256, hmac: (key) => (keys++, portableSha256.hmac(key)) };
  const signer = createHmacSigner(CREDENTIALS, { region: "us-east-1", service: "service", sha256 });
  for (const hours of [0, 1, 11]) {
    signer.sign(REQUEST, TIME + hours * 3600_000);
    signer.presign(REQUEST, TIME + hours * 3600_000, 60);
  }
  assert.is(keys, 5);
  const next = TIME + 12 * 3600_000;
  assert.is(signer.sign(REQUEST, next).signature, signRequest(REQUEST, { ...OPTIONS, timeMs: next }).signature);
  assert.is(keys, 10);
  assert.is(signer.sign(REQUEST, TIME).signature, signRequest(REQUEST, OPTIONS).signature, "and goes back in time");
});

test("createHmacSigner() writes the time in whole seconds", () => {
  const signer = createHmacSigner(CREDENTIALS, { region: "us-east-1", service: "service" });
  assert.is(signer.sign(REQUEST, TIME + 999).headers["x-amz-date"], "20150830T123600Z");
  assert.is(signer.sign(REQUEST, TIME + 1000).headers["x-amz-date"], "20150830T123601Z");
  for (const timeMs of [NaN, Infinity, 1e20]) assert.throws(() => signer.sign(REQUEST, timeMs), RangeError);
});

test.run();
