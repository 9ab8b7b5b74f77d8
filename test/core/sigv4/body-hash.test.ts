import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { signRequest, withBodyHash } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/body-hash");

const REQUEST = { method: "PUT", path: "/key", headers: { Host: "h" } };

test("withBodyHash() adds what signing would have computed", async () => {
  const options = {
    credentials: { accessKeyId: "AKID", secretAccessKey: "secret" },
    region: "r",
    service: "s3",
    timeMs: 0,
  };
  for (const body of ["Zoë", encodeUtf8("body")]) {
    const expected = signRequest({ ...REQUEST, body }, options);
    for (const crypto of [portableProvider(), webCryptoProvider()]) {
      const request = await withBodyHash({ ...REQUEST, body }, crypto);
      assert.equal(request.headers, [["Host", "h"], ["x-amz-content-sha256", portableSha256.hex(body)]]);
      assert.is(signRequest(request, options).signature, expected.signature);
    }
  }
});

test("withBodyHash() leaves a request alone that has no body, or says what stands for it", async () => {
  const crypto = portableProvider();
  for (
    const request of [
      REQUEST,
      { ...REQUEST, body: "" },
      { ...REQUEST, headers: { ...REQUEST.headers, "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" }, body: "body" },
    ]
  ) assert.is(await withBodyHash(request, crypto), request);
});

test.run();
