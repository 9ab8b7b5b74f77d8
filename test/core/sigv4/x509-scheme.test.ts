import { decodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { ED25519, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { parsePrivateKey } from "../../../core/keys/mod.ts";
import { canonicalizeRequest } from "../../../core/sigv4/canonical-request.ts";
import {
  createX509Signer,
  type SignedRequest,
  signX509Request,
  type SigV4Options,
  type SigV4Request,
  type X509Identity,
} from "../../../core/sigv4/mod.ts";
import { parseCertificate } from "../../../core/x509/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/x509-scheme");

// The golden vector of this project: a throw-away key that exists for it alone.
const KEY = decodeBase64(
  "MIIEowIBAAKCAQEAtv9rbtfGO4kWkgBhOaiXvFYLK3mDiHtJ7Pbc6jD1yf9QarQst53Lprdh4zdLWRGvx1wQqz60nBrxMq2AwxiHdYZI" +
    "rORFhcVmB2mUACRRCARLmaRZDQm1EBfTOCxLH0CYkmLVaAtZsHbuuIqlss9sMcl6PWbWP+9ZIVZPKsfMWnTJvQ77eHfRc2s+GFqlmV9H" +
    "C6fJPSDLsyBOxrB+fJrkHE0f3OLP60/UBKkZiMzoFiDQYZYqZchd6PYmwgXrRx+1l4J+rw3S1hWtKUcSu7GEwmvWSJ8EN8sBmtgbeApb" +
    "zpad5lx48rDWsH19DHli+ra/qarx3rL13s9tAMaeuxvAewIDAQABAoIBAANSsC3eXM0YGEEHISM9xCl5SfvWDNhGN4ZOyMAMd693AXrk" +
    "9CZj08Dz3DQOY3UDu0WcW4Fl5NWSt/CJtmzL+7LKtFHxAEp0b+y7MzPxdOGiL6rbKvKJVB+C44LOfLNEHZ8C4itx97garZO61Zlyoqn+" +
    "pb8kW6YoXX/oV2J7ji+OBTlEzZYHs/NZRPrGRokMLSgsFXoWlGSCQ/IveyEvDeVbszpYm8bn+1bZiBzhza+slSzVP4SmLi8GOsUsRq5D" +
    "MO3WV7eT//Suswl9xq2hUfKuHLhm5QnKZbM+AEaAhoVS+cTDzqyn274uWSCYu/qsL5aYOXX4/2vU93J1N7iKX+kCgYEA4WAjitbBXv2M" +
    "dHhCw7xZZhcF/Y1H6WwGlRyCSVRbfooaphp4eoerGCP8vtRLG3KGzgDwYNSS5cb6yuR4saPL+0YpL6hmEnsuxEIsU7sUcOcUdjoIEUkj" +
    "kusSvhybdzYCbvYY57OwAk9qZhet5WkBKS6CA6lVhkTs7v1r5RR0h00CgYEAz90i3sb63zJVocqH1SjVcsyytRdywlJJzHDA61hHZWzL" +
    "/5CSoj8N5oj961SZOZW0aijT479HiCLeP3hHxlmgvY1+YB+C+yn1eANPbUlSjWzCgHxoxt91l6oc+hEpSp7/Rp0mKPWp8C2Df9COckRc" +
    "oduOkS3wKMsmAbcISKObUucCgYEA0wut/MNhzMvtjNtY2eY0aQ9CQs7b+k94UoWh0301OGem0MiU7VjB9RcuBJzTwF4csifa8THeZWFR" +
    "VFFiXCagSyrGQqSVANVtU8cLr1TOrXMWjCeHinhM4bVTlcdAJf/jg3jclYyEU4V+gx/FbcBIoAG3KiqVtegxXxLcyGXBQTkCgYAbnBLi" +
    "pmlyNhxbtiweqyLW8cuW9DthBk8ZIazuVbZ+CVp7YrenZ1qwUWfw1zbXCESDiVLDwId+1KrSoWZfOU55fw7XM7hRJjydqUrmiEO310dq" +
    "i5vbNplHAOiCar8iU0YzGfKUpDTjWxhJZOlW0i+/rAsey4xHztwIhEhMZbbe5wKBgHnaCwWCkPh/8IOXNHWSf2Ky+HDu5YeAbJFWQRff" +
    "FrNwBsGM/eyBirlBgTvzYZ+MQ/0m9rVHuQ8qvHudGPRUKIBmxzEpbG9auW6b6IleecEUKjYfBlBQk7N0livJ6u4mYi0c+yXkG2em7CwI" +
    "iwyrmJPNMAhHt4THx2gKIxV8EERR",
)!;
const CERTIFICATE = decodeBase64(
  "MIIDOTCCAiGgAwIBAgIKChssPU5fYHGCkzANBgkqhkiG9w0BAQsFADAwMQswCQYDVQQGEwJVUzEQMA4GA1UECgwHRXhhbXBsZTEPMA0G" +
    "A1UEAwwGZ29sZGVuMCAXDTI2MTEyMTIwNTY0NloYDzIxMjYxMDI4MjA1NjQ2WjAwMQswCQYDVQQGEwJVUzEQMA4GA1UECgwHRXhhbXBs" +
    "ZTEPMA0GA1UEAwwGZ29sZGVuMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtv9rbtfGO4kWkgBhOaiXvFYLK3mDiHtJ7Pbc" +
    "6jD1yf9QarQst53Lprdh4zdLWRGvx1wQqz60nBrxMq2AwxiHdYZIrORFhcVmB2mUACRRCARLmaRZDQm1EBfTOCxLH0CYkmLVaAtZsHbu" +
    "uIqlss9sMcl6PWbWP+9ZIVZPKsfMWnTJvQ77eHfRc2s+GFqlmV9HC6fJPSDLsyBOxrB+fJrkHE0f3OLP60/UBKkZiMzoFiDQYZYqZchd" +
    "6PYmwgXrRx+1l4J+rw3S1hWtKUcSu7GEwmvWSJ8EN8sBmtgbeApbzpad5lx48rDWsH19DHli+ra/qarx3rL13s9tAMaeuxvAewIDAQAB" +
    "o1MwUTAdBgNVHQ4EFgQUqlPcRhrEpZJ0sqdbWriVZswbU28wHwYDVR0jBBgwFoAUqlPcRhrEpZJ0sqdbWriVZswbU28wDwYDVR0TAQH/" +
    "BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAd/DF5qhBlTXfUm5SnrFA8FOZqsgzv5bPPTj0n+70lPqlV9iwOGW14tlJB+86Bia4eZwJ" +
    "4JWul5vCt+HHrzuI3cBvUceDbl06lG0IqZ9F8Obg2gAxb11DpkwhrFsYJZhXQ2DDiXQZq2OiSSzBsQ96TdGuTWmyxT0n/BUf+q9cVWJl" +
    "4nMIh/sEIlfcg5odSO7SsZYG43xo8ToinwGGUzxsJBCXXRMA6Y0kbEoQkax8v/c4xpUAy7/1/L2jUlT37jhr6xYtz/ab3QW8he29slQr" +
    "KGrBYBfo8ANsQ/N6ctqo3JW9xiaMVIz7c2VrHl5FWCyOD84FmLR2f8A7pK2JI2XHPw==",
)!;
const SIGNATURE =
  "610cbfc0dbb3fd6b304db0aa87aee6831d0f29c08e35b178013401c6d97e5c316ba019c9d3174ab17da75d17237625c909a01a1f7830" +
  "327c96d8730e7326eea1e6889b8dd21a2283b17a11bcebd2e07d7ee1a42bf7357f7f07ef3ce3327bb3ca6770c0bbdf0fdd4ed367688e" +
  "c600f5c192d07d20f0777b5ffbc7995a737996a34e1314e02bd90359a35a13bcd11ec28195962bf7e498fad76f169961658e94a861ee" +
  "b184c16cb136812ec457e6705e5a23d334ec5dcc0655d2c32f0460ba7fe26dbc5f6e61695f18e590aaf92650f2f4a5a0337409720504" +
  "ad4c15ea4aea3e9bbe386b0a6b832b6ab36016b03b556d8945bc8e2d756dc3b5524d9801976395b5";

const DATE = Date.UTC(2026, 0, 2, 3, 4, 5);
const OPTIONS = { region: "us-east-1", service: "rolesanywhere" };
const REQUEST = {
  method: "POST",
  path: "/sessions",
  query: [
    [
      "trustAnchorArn",
      "arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/66666666-7777-8888-9999-000000000000",
    ],
    ["profileArn", "arn:aws:rolesanywhere:us-east-1:000000000000:profile/11111111-2222-3333-4444-555555555555"],
    ["roleArn", "arn:aws:iam::000000000000:role/team a/Example+Role"],
  ] as const,
  headers: {
    "Host": "rolesanywhere.us-east-1.amazonaws.com",
    "Content-Type": "application/json",
    "Amz-Sdk-Invocation-Id": "00000000-0000-4000-8000-000000000000",
    "Amz-Sdk-Request": "attempt=1; max=3",
    "User-Agent": "not signed",
  },
  body: '{"durationSeconds":3600}',
};

async function golden(): Promise<X509Identity> {
  const signer = await webCryptoProvider().importPrivateKey(parsePrivateKey(KEY), RSA_PKCS1_SHA256);
  return { certificate: parseCertificate(CERTIFICATE), chain: [], signer };
}

/** An identity whose signer answers at once and keeps what it was asked to sign. */
function recording(chain: readonly { der: Bytes }[] = []): { identity: X509Identity; messages: string[] } {
  const messages: string[] = [];
  const signer: Signer = {
    algorithm: RSA_PKCS1_SHA256,
    publicKey: new Uint8Array(),
    sign: (message) => {
      messages.push(decodeUtf8(message)!);
      return Uint8Array.of(0, 255);
    },
  };
  return { identity: { certificate: parseCertificate(CERTIFICATE), chain, signer }, messages };
}

test("signX509Request() reproduces the golden vector octet by octet", async () => {
  const signed = await signX509Request(REQUEST, { ...OPTIONS, identity: await golden(), timeMs: DATE });
  const names = "amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-x509";
  assert.is(
    signed.canonicalRequest.split("\n")[2],
    "profileArn=arn%3Aaws%3Arolesanywhere%3Aus-east-1%3A000000000000%3Aprofile%2F11111111-2222-3333-4444-555555555555" +
      "&roleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fteam%20a%2FExample%2BRole" +
      "&trustAnchorArn=arn%3Aaws%3Arolesanywhere%3Aus-east-1%3A000000000000%3Atrust-anchor%2F66666666-7777-8888-9999-000000000000",
  );
  assert.ok(signed.canonicalRequest.endsWith("\n1a15f67f6619aa540b13e9a4c37d149fb2c9bdea25d82b73a3878826694dfe27"));
  assert.is(
    portableSha256.hex(signed.canonicalRequest),
    "f660208d8f54b2d7ef0d25b5481016feb753768ddfc5ca460b62e23cf76ab276",
  );
  assert.is(signed.signedHeaders, names);
  assert.is(
    signed.stringToSign,
    "AWS4-X509-RSA-SHA256\n20260102T030405Z\n20260102/us-east-1/rolesanywhere/aws4_request\n" +
      "f660208d8f54b2d7ef0d25b5481016feb753768ddfc5ca460b62e23cf76ab276",
  );
  assert.is(signed.signature, SIGNATURE);
  assert.equal(Object.keys(signed.headers).sort(), ["authorization", "x-amz-date", "x-amz-x509"]);
  assert.equal(decodeBase64(signed.headers["x-amz-x509"]!), CERTIFICATE);
  assert.is(
    signed.headers["authorization"],
    "AWS4-X509-RSA-SHA256 Credential=47724914708969405121171/20260102/us-east-1/rolesanywhere/aws4_request, " +
      `SignedHeaders=${names}, Signature=${SIGNATURE}`,
  );
});

test("signX509Request() is synchronous when the signer is", () => {
  const { identity } = recording();
  const signed = signX509Request(REQUEST, { ...OPTIONS, identity, timeMs: DATE });
  assert.not(signed instanceof Promise);
  assert.is((signed as SignedRequest).signature, "00ff");
});

test("createX509Signer() sends and signs the chain in its order", () => {
  const { identity } = recording([{ der: Uint8Array.of(1, 2, 3) }, { der: Uint8Array.of(4, 5, 6) }]);
  const signed = createX509Signer(identity, OPTIONS).sign(REQUEST, DATE) as SignedRequest;
  assert.is(signed.headers["x-amz-x509-chain"], "AQID,BAUG");
  assert.ok(signed.signedHeaders.endsWith(";x-amz-x509;x-amz-x509-chain"));
  assert.match(signed.canonicalRequest, "\nx-amz-x509-chain:AQID,BAUG\n");
});

test("signer.sign() signs each request anew: other queries, bodies, headers and times", () => {
  const { identity, messages } = recording();
  const signer = createX509Signer(identity, OPTIONS);
  const octets = new Uint8Array([1, 2, 3]);
  const requests = [
    REQUEST,
    REQUEST,
    { ...REQUEST, query: "a=1" },
    { ...REQUEST, query: "a=2" },
    { ...REQUEST, body: "{}" },
    { ...REQUEST, body: octets },
    { ...REQUEST, headers: { ...REQUEST.headers, "x-more": "1" } },
  ];
  const times = [DATE, DATE + 1000, DATE + 86_400_000, DATE];
  for (const timeMs of times) {
    for (const request of requests) {
      octets[0]! += 1;
      const signed = signer.sign(request, timeMs) as SignedRequest;
      const alone = signX509Request(request, { ...OPTIONS, identity, timeMs }) as SignedRequest;
      assert.equal(signed, alone);
      assert.equal(messages.splice(0), [signed.stringToSign, signed.stringToSign]);
      assert.is(signed.stringToSign.slice(-64), portableSha256.hex(signed.canonicalRequest));
    }
  }
});

test("signer.sign() gives a signer that is not synchronous its own octets for every request", async () => {
  const kept: Bytes[] = [];
  const { identity } = recording();
  const sign = (message: Bytes): Promise<Bytes> => {
    kept.push(message);
    return Promise.resolve().then(() => message.slice(-32));
  };
  const signer = createX509Signer({ ...identity, signer: { ...identity.signer, sign } }, OPTIONS);
  const bodies = ["a", "b", "c"];
  // The last one crosses midnight while the others wait.
  const signed = await Promise.all(bodies.map((body, i) => signer.sign({ ...REQUEST, body }, DATE + i * 43_200_000)));
  signed.forEach((each, i) => {
    assert.is(decodeUtf8(kept[i]!), each.stringToSign);
    assert.equal(decodeHex(each.signature), kept[i]!.slice(-32));
    const scope = each.stringToSign.split("\n")[2]!;
    assert.ok(each.headers["authorization"]!.includes(`/${scope}, `), encodeHex(kept[i]!));
  });
});

test("signer.sign() lays out whatever header fields a request has, and forgets those of the last one", () => {
  const { identity } = recording();
  const host = "rolesanywhere.us-east-1.amazonaws.com";
  const layouts: readonly (readonly [request: Partial<SigV4Request>, options?: Partial<SigV4Options>])[] = [
    [{ headers: { host } }],
    [{ headers: { HOST: host, "X-B": " 2  2 ", "X-A": "1" } }],
    [{ headers: { HOST: host, "X-B": "3", "X-A": "" } }],
    [{ headers: { HOST: host, "X-A": "1", "X-B": "2" } }],
    [{ headers: [["host", host], ["x-a", "1"], ["X-A", "2"], ["zz", "@0@"]] }],
    [{ headers: new Map([["host", host], ["x-a", "1"]]) }],
    [{ headers: { host, "user-agent": "none", authorization: "none", "x-amz-date": "none", "x-amz-x509": "none" } }],
    [{ headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }],
    [{ headers: { host } }, { payloadHashHeader: true }],
    [{ headers: { host, "x-a": "1" }, path: "/a//b/../c d" }, { service: "s3" }],
  ];
  for (const [before] of [[{}], ...layouts] as typeof layouts) {
    for (const [request, options] of layouts) {
      const all = { ...OPTIONS, ...options };
      const signer = createX509Signer(identity, all);
      signer.sign({ ...REQUEST, ...before }, DATE);
      const signed = signer.sign({ ...REQUEST, ...request }, DATE) as SignedRequest;
      const own: Record<string, string> = {
        "x-amz-date": "20260102T030405Z",
        "x-amz-x509": signed.headers["x-amz-x509"]!,
      };
      const expected = canonicalizeRequest({ ...REQUEST, ...request }, all, portableSha256, own);
      assert.is(signed.canonicalRequest, expected.canonicalRequest);
      assert.is(signed.signedHeaders, expected.signedHeaders);
      const { authorization: _, ...rest } = signed.headers;
      assert.equal(rest, own);
    }
  }
  assert.throws(() => createX509Signer(identity, OPTIONS).sign({ ...REQUEST, headers: {} }, DATE), TypeError);
});

test("signer.sign() leaves the certificate's part of the canonical request to a hash that keeps it", () => {
  const { identity } = recording([{ der: Uint8Array.of(1, 2, 3) }]);
  const middles: string[] = [];
  const sha256 = {
    ...portableSha256,
    hexAround(middle: string) {
      middles.push(middle);
      return (start: string, end: string) => portableSha256.hex(start + middle + end);
    },
  };
  const signer = createX509Signer(identity, { ...OPTIONS, sha256 });
  for (const headers of [REQUEST.headers, REQUEST.headers, { ...REQUEST.headers, zz: "1" }]) {
    const request = { ...REQUEST, headers };
    assert.equal(signer.sign(request, DATE), signX509Request(request, { ...OPTIONS, identity, timeMs: DATE }));
  }
  assert.is(middles.length, 2);
  assert.match(middles[0]!, /^\nx-amz-x509:[\w+/=]+\nx-amz-x509-chain:AQID\n\n/);
});

test("signer.sign() says of each of several requests at once which headers are signed", async () => {
  const { identity } = recording();
  const sign = (message: Bytes): Promise<Bytes> => Promise.resolve().then(() => message.slice(-32));
  const signer = createX509Signer({ ...identity, signer: { ...identity.signer, sign } }, OPTIONS);
  const headers = [REQUEST.headers, { ...REQUEST.headers, "x-more": "1" }, REQUEST.headers];
  const signed = await Promise.all(headers.map((each) => signer.sign({ ...REQUEST, headers: each }, DATE)));
  signed.forEach((each, i) => {
    assert.is(each.signedHeaders.includes("x-more"), i === 1);
    assert.ok(each.headers["authorization"]!.includes(`SignedHeaders=${each.signedHeaders}, `));
  });
});

test("createX509Signer() refuses a signer that the service has no scheme for", () => {
  const { identity } = recording();
  assert.throws(
    () => createX509Signer({ ...identity, signer: { ...identity.signer, algorithm: ED25519 } }, OPTIONS),
    TypeError,
  );
});

test.run();
