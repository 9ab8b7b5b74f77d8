import { decodeBase64 } from "../../../core/bytes/base64.ts";
import { decodeLatin1 } from "../../../core/bytes/text.ts";
import { RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { layOutRequest } from "../../../core/session/request.ts";
import { assert, suite } from "../../support/suite.ts";
import { ARNS } from "./fake-service.ts";

const test = suite("core/session/request");

/** Certificate of the golden vector, of a key made for it. */
const CERTIFICATE = [
  "MIIDOTCCAiGgAwIBAgIKChssPU5fYHGCkzANBgkqhkiG9w0BAQsFADAwMQswCQYDVQQGEwJVUzEQMA4GA1UECgwHRXhhbXBsZTEP",
  "MA0GA1UEAwwGZ29sZGVuMCAXDTI2MTEyMTIwNTY0NloYDzIxMjYxMDI4MjA1NjQ2WjAwMQswCQYDVQQGEwJVUzEQMA4GA1UECgwH",
  "RXhhbXBsZTEPMA0GA1UEAwwGZ29sZGVuMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtv9rbtfGO4kWkgBhOaiXvFYL",
  "K3mDiHtJ7Pbc6jD1yf9QarQst53Lprdh4zdLWRGvx1wQqz60nBrxMq2AwxiHdYZIrORFhcVmB2mUACRRCARLmaRZDQm1EBfTOCxL",
  "H0CYkmLVaAtZsHbuuIqlss9sMcl6PWbWP+9ZIVZPKsfMWnTJvQ77eHfRc2s+GFqlmV9HC6fJPSDLsyBOxrB+fJrkHE0f3OLP60/U",
  "BKkZiMzoFiDQYZYqZchd6PYmwgXrRx+1l4J+rw3S1hWtKUcSu7GEwmvWSJ8EN8sBmtgbeApbzpad5lx48rDWsH19DHli+ra/qarx",
  "3rL13s9tAMaeuxvAewIDAQABo1MwUTAdBgNVHQ4EFgQUqlPcRhrEpZJ0sqdbWriVZswbU28wHwYDVR0jBBgwFoAUqlPcRhrEpZJ0",
  "sqdbWriVZswbU28wDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAd/DF5qhBlTXfUm5SnrFA8FOZqsgzv5bPPTj0",
  "n+70lPqlV9iwOGW14tlJB+86Bia4eZwJ4JWul5vCt+HHrzuI3cBvUceDbl06lG0IqZ9F8Obg2gAxb11DpkwhrFsYJZhXQ2DDiXQZ",
  "q2OiSSzBsQ96TdGuTWmyxT0n/BUf+q9cVWJl4nMIh/sEIlfcg5odSO7SsZYG43xo8ToinwGGUzxsJBCXXRMA6Y0kbEoQkax8v/c4",
  "xpUAy7/1/L2jUlT37jhr6xYtz/ab3QW8he29slQrKGrBYBfo8ANsQ/N6ctqo3JW9xiaMVIz7c2VrHl5FWCyOD84FmLR2f8A7pK2J",
  "I2XHPw==",
].join("");

test("layOutRequest() reproduces the golden vector's string to sign and headers", async () => {
  const messages: string[] = [];
  const identity = {
    certificate: {
      der: decodeBase64(CERTIFICATE)!,
      serialNumberDecimal: "47724914708969405121171",
      notBefore: 0,
      notAfter: Infinity,
    },
    chain: [],
    signer: {
      algorithm: RSA_PKCS1_SHA256,
      publicKey: new Uint8Array(0),
      sign: (message: Uint8Array) => {
        messages.push(decodeLatin1(message));
        return new Uint8Array([0x61, 0x0c]);
      },
    },
  };
  const request = layOutRequest(identity, ARNS, undefined);
  const attempt = { invocationId: "00000000-0000-4000-8000-000000000000", attempt: 1, maxAttempts: 3 };
  const headers = await request.sign(Date.UTC(2026, 0, 2, 3, 4, 5), attempt);
  assert.is(
    messages[0],
    "AWS4-X509-RSA-SHA256\n20260102T030405Z\n20260102/us-east-1/rolesanywhere/aws4_request\n" +
      "f660208d8f54b2d7ef0d25b5481016feb753768ddfc5ca460b62e23cf76ab276",
  );
  assert.is(
    headers["authorization"],
    "AWS4-X509-RSA-SHA256 Credential=47724914708969405121171/20260102/us-east-1/rolesanywhere/aws4_request, " +
      "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-x509, Signature=610c",
  );
  assert.is(request.body, '{"durationSeconds":3600}');
  assert.is(headers["x-amz-x509"], CERTIFICATE);
});

test.run();
