import { encodeBase64Url } from "../../../core/bytes/base64.ts";
import type { EcPrivateKey, MlDsaPrivateKey, RsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { parseJwk } from "../../../core/keys/jwk.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("core/keys/jwk");

function rsaJwk(): { [name: string]: string } {
  const key = parsePrivateKey(KEYS["rsa-pkcs8"]) as RsaPrivateKey;
  return {
    kty: "RSA",
    n: encodeBase64Url(key.modulus),
    e: encodeBase64Url(key.exponent),
    d: encodeBase64Url(key.privateExponent),
    p: encodeBase64Url(key.prime1),
    q: encodeBase64Url(key.prime2),
    dp: encodeBase64Url(key.exponent1),
    dq: encodeBase64Url(key.exponent2),
    qi: encodeBase64Url(key.coefficient),
  };
}

function ecJwk(): { [name: string]: string } {
  const { scalar, point } = parsePrivateKey(KEYS["P-384-pkcs8"]) as EcPrivateKey;
  return {
    kty: "EC",
    crv: "P-384",
    x: encodeBase64Url(point!.subarray(1, 49)),
    y: encodeBase64Url(point!.subarray(49)),
    d: encodeBase64Url(scalar),
  };
}

const AKP = { kty: "AKP", alg: "ML-DSA-65", priv: encodeBase64Url(new Uint8Array(32).fill(9)) };

test("parseJwk() reads RSA, EC and ML-DSA", () => {
  const rsa = parseJwk({ ...rsaJwk(), alg: "RS256", use: "sig" }) as RsaPrivateKey;
  assert.equal(rsa.coefficient, (parsePrivateKey(KEYS["rsa-pkcs8"]) as RsaPrivateKey).coefficient);
  const ec = parseJwk(ecJwk()) as EcPrivateKey;
  const expected = parsePrivateKey(KEYS["P-384-pkcs8"]) as EcPrivateKey;
  assert.equal([ec.curve, ec.scalar, ec.point], [expected.curve, expected.scalar, expected.point]);
  const mlDsa = parseJwk(AKP) as MlDsaPrivateKey;
  assert.is(mlDsa.parameterSet, "ML-DSA-65");
  assert.equal(mlDsa.seed, new Uint8Array(32).fill(9));
});

test("parseJwk() refuses what is missing or no base64url", () => {
  for (const jwk of [rsaJwk(), ecJwk(), AKP] as readonly { [name: string]: string }[]) {
    for (const name of Object.keys(jwk)) {
      if (["kty", "crv", "alg"].includes(name)) continue;
      for (const value of [undefined, "", "+/==", "A", 7, null]) {
        const error = assertThrows(() => parseJwk({ ...jwk, [name]: value }), "ERR_KEY_MALFORMED");
        assert.match(error.message, `member "${name}"`);
      }
    }
  }
});

test("parseJwk() refuses values that do not fit", () => {
  const long = encodeBase64Url(new Uint8Array(33));
  assertThrows(() => parseJwk({ ...AKP, priv: long }), "ERR_KEY_INVALID");
  assertThrows(() => parseJwk({ ...ecJwk(), d: encodeBase64Url(new Uint8Array(49).fill(1)) }), "ERR_KEY_INVALID");
  assertThrows(() => parseJwk({ ...ecJwk(), x: long }), "ERR_KEY_INVALID");
  assertThrows(() => parseJwk({ ...ecJwk(), crv: "P-521" }), "ERR_KEY_INVALID");
  const rsa = rsaJwk();
  assertThrows(() => parseJwk({ ...rsa, p: rsa["q"] }), "ERR_KEY_INVALID");
});

test("parseJwk() names the types that it does not support", () => {
  const found = (jwk: object) => assertThrows(() => parseJwk(jwk), "ERR_KEY_UNSUPPORTED")["found"];
  assert.is(found({ kty: "OKP", crv: "Ed25519" }), "a JSON Web Key of type OKP");
  assert.is(found({}), "a JSON Web Key of type none");
  assert.is(found({ kty: 3 }), "a JSON Web Key of type number");
  assert.is(found({ ...ecJwk(), crv: "secp256k1" }), "the curve secp256k1");
  assert.is(found({ ...ecJwk(), crv: "toString" }), "the curve toString");
  assert.is(found({ ...AKP, alg: "SLH-DSA" }), "the algorithm SLH-DSA");
  assert.is(found({ ...rsaJwk(), oth: [] }), "RSA with more than two primes");
  for (const jwk of [null, undefined, "{}"]) assert.throws(() => parseJwk(jwk as unknown as object), TypeError);
});

test.run();
