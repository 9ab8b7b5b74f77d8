import { publicKeyOfExpanded } from "../../../../core/crypto/portable/ml-dsa-expanded-key.ts";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "../../../../core/crypto/portable/noble/ml-dsa.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/portable/ml-dsa-expanded-key");

const sets = [["ML-DSA-44", ml_dsa44], ["ML-DSA-65", ml_dsa65], ["ML-DSA-87", ml_dsa87]] as const;

test("publicKeyOfExpanded() answers the public key that the seed makes", () => {
  for (const [parameterSet, scheme] of sets) {
    for (const fill of [0, 1, 0x80, 0xff]) {
      const { secretKey, publicKey } = scheme.keygen(new Uint8Array(32).fill(fill));
      assert.equal(publicKeyOfExpanded(parameterSet, secretKey), publicKey);
    }
  }
});

test("publicKeyOfExpanded() reads a key that lies anywhere in memory", () => {
  const { secretKey, publicKey } = ml_dsa44.keygen(new Uint8Array(32));
  const memory = new Uint8Array(secretKey.length + 3);
  memory.set(secretKey, 1);
  assert.equal(publicKeyOfExpanded("ML-DSA-44", memory.subarray(1, 1 + secretKey.length)), publicKey);
});

test("publicKeyOfExpanded() is undefined when any part but K is changed", () => {
  for (const [parameterSet, scheme] of sets) {
    const { secretKey } = scheme.keygen(new Uint8Array(32).fill(7));
    const s1 = 128;
    const t0 = secretKey.length - 416 * { "ML-DSA-44": 4, "ML-DSA-65": 6, "ML-DSA-87": 8 }[parameterSet];
    for (const at of [0, 31, 64, 127, s1, s1 + 40, t0 - 1, t0, t0 + 500, secretKey.length - 1]) {
      const changed = secretKey.slice();
      changed[at]! ^= 1;
      assert.is(publicKeyOfExpanded(parameterSet, changed), undefined);
    }
  }
});

test("publicKeyOfExpanded() is undefined for coefficients beyond η", () => {
  for (const [parameterSet, scheme] of sets) {
    const { secretKey } = scheme.keygen(new Uint8Array(32).fill(7));
    secretKey.fill(0xff, 128, 140);
    assert.is(publicKeyOfExpanded(parameterSet, secretKey), undefined);
  }
});

test.run();
