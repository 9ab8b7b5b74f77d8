import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from "../../../core/bytes/base64.ts";
import { encodeLatin1 } from "../../../core/bytes/text.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/bytes/base64");

test("encodeBase64() writes the vectors of RFC 4648 §10", () => {
  const vectors = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
  vectors.forEach((text, length) => {
    const octets = encodeLatin1("foobar".slice(0, length))!;
    assert.is(encodeBase64(octets), text);
    assert.equal(decodeBase64(text), octets);
  });
});

test("encodeBase64Url() writes the other alphabet and no padding", () => {
  const octets = new Uint8Array([0xfb, 0xff, 0xfe, 0xff]);
  assert.is(encodeBase64(octets), "+//+/w==");
  assert.is(encodeBase64Url(octets), "-__-_w");
  assert.equal(decodeBase64Url("-__-_w"), octets);
});

test("decodeBase64() reads every octet back at every length", () => {
  for (let length = 0; length < 70; length++) {
    const octets = Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 0xff);
    assert.equal(decodeBase64(encodeBase64(octets)), octets);
    assert.equal(decodeBase64Url(encodeBase64Url(octets)), octets);
  }
});

test("decodeBase64() refuses everything that is not the one encoding", () => {
  const wrong = [
    "Z",
    "Zg",
    "Zg=",
    "Zg===",
    "=",
    "==",
    "===",
    "====",
    "Z===",
    "Zh==",
    "Zm9=",
    "Zm 9v",
    "Zm9v\n",
    "Zm9-",
    "A===",
    "ZmZmA===",
  ];
  for (
    const text of [...wrong, "Zm9_", "Zm9v====", "Zg==Zg==", "Zm\u00009", "Zm9\u0141", "Zm9@", "Zm9[", "Zm9`", "Zm9{"]
  ) {
    assert.is(decodeBase64(text), undefined, text);
  }
});

test("decodeBase64Url() refuses padding, the other alphabet and stray bits", () => {
  for (const text of ["Zg==", "Zm8=", "+//+", "Z", "A", "ZmZmZ", "ZmZmA", "Zh", "Zm9", "Zm9 v", "Zm9v\n"]) {
    assert.is(decodeBase64Url(text), undefined, text);
  }
});

test.run();
