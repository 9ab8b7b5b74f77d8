import { encodeHex } from "../../../core/bytes/hex.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { portableSha256, type Sha256 } from "../../../core/crypto/sha256.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { deriveSigV4aKey } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/sigv4a-key");

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const octets = (integer: bigint): Bytes =>
  Uint8Array.from({ length: 32 }, (_, i) => Number(integer >> BigInt(248 - 8 * i) & 0xffn));

/** A hash whose HMAC answers these candidates, one a call, and keeps what it was asked about. */
function candidates(...answers: readonly bigint[]): { readonly sha256: Sha256; readonly asked: string[] } {
  const asked: string[] = [];
  const digest = (data: Bytes | string): Bytes => {
    asked.push(encodeHex(data as Bytes));
    return octets(answers[Math.min(asked.length, answers.length) - 1]!);
  };
  const hmac: Sha256["hmac"] = (key) => {
    asked.length = 0;
    assert.is(key, "AWS4Asecret");
    return { digest, hex: (data) => encodeHex(digest(data)) };
  };
  return { sha256: { ...portableSha256, hmac }, asked };
}

const scalarOf = (...answers: readonly bigint[]): string =>
  encodeHex(deriveSigV4aKey({ accessKeyId: "id", secretAccessKey: "secret" }, candidates(...answers).sha256).scalar);

test("deriveSigV4aKey() derives a key of P-256 that signs, the same each time, another for another access key", () => {
  const key = deriveSigV4aKey(CREDENTIALS);
  assert.is(key.curve, "P-256");
  assert.equal(deriveSigV4aKey(CREDENTIALS).scalar, key.scalar);
  assert.not.equal(deriveSigV4aKey({ ...CREDENTIALS, accessKeyId: "AKIDEXAMPLF" }).scalar, key.scalar);
  assert.not.equal(deriveSigV4aKey({ ...CREDENTIALS, secretAccessKey: "other" }).scalar, key.scalar);
  const signer = portableProvider().importPrivateKey(key, ECDSA_SHA256);
  assert.is(signer.publicKey.length, 91);
});

test("deriveSigV4aKey() hides the scalar from JSON", () => {
  assert.not.match(JSON.stringify(deriveSigV4aKey(CREDENTIALS)), /scalar/);
});

test("deriveSigV4aKey() adds one to the candidate, with every carry", () => {
  assert.is(scalarOf(0n), encodeHex(octets(1n)));
  assert.is(scalarOf(0xffn), encodeHex(octets(0x100n)));
  assert.is(scalarOf((1n << 200n) - 1n), encodeHex(octets(1n << 200n)));
});

test("deriveSigV4aKey() takes n − 2 and passes over what is above", () => {
  assert.is(scalarOf(ORDER - 2n), encodeHex(octets(ORDER - 1n)));
  for (const above of [ORDER - 1n, ORDER, ORDER + 1n, (1n << 256n) - 1n]) {
    assert.is(scalarOf(above, 41n), encodeHex(octets(42n)), above.toString(16));
  }
  // Below in front, above behind.
  assert.is(scalarOf(ORDER - 2n - (1n << 200n)), encodeHex(octets(ORDER - 1n - (1n << 200n))));
});

test("deriveSigV4aKey() counts candidates in the octet behind the access key id", () => {
  const { sha256, asked } = candidates(ORDER, ORDER, 1n);
  deriveSigV4aKey({ accessKeyId: "id", secretAccessKey: "secret" }, sha256);
  const label = "415753342d45434453412d503235362d534841323536";
  assert.equal(asked, [1, 2, 3].map((counter) => `00000001${label}006964${"0" + counter}00000100`));
});

test("deriveSigV4aKey() gives up behind the last counter", () => {
  const { sha256, asked } = candidates(ORDER);
  assert.throws(() => deriveSigV4aKey({ accessKeyId: "id", secretAccessKey: "secret" }, sha256), RangeError);
  assert.is(asked.length, 254);
});

test.run();
