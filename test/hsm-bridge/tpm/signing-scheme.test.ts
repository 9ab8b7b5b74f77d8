// runtimes: node20 node deno bun
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  rsaPss,
} from "../../../core/crypto/signature-algorithm.ts";
import { parseTpmKeyFile } from "../../../hsm-bridge/tpm/key-file.ts";
import type { PublicArea } from "../../../hsm-bridge/tpm/public-area.ts";
import { fitDigest, signingScheme } from "../../../hsm-bridge/tpm/signing-scheme.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { TPM_KEY_FILES } from "../../support/tpm-key-files.ts";

const test = suite("hsm-bridge/tpm/signing-scheme");

const RSA = parseTpmKeyFile(TPM_KEY_FILES["RSA-2048"]).area;
const P256 = parseTpmKeyFile(TPM_KEY_FILES["P-256"]).area;
const P384 = parseTpmKeyFile(TPM_KEY_FILES["P-384"]).area;

function bound(area: PublicArea, algorithm: number, hash: number): PublicArea {
  return { ...area, scheme: { algorithm, hash } };
}

function digest(length: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => (7 * i + 1) & 0xff);
}

test("signingScheme() signs what CreateSession wants, with the hash of the curve", () => {
  const shown = [RSA, P256, P384].map((area) => {
    const { algorithm, hash, signature } = signingScheme(area);
    return `${algorithm.toString(16)} ${hash.toString(16)} ${signature.name}`;
  });
  assert.equal(shown, ["14 b RSA with SHA-256", "18 b ECDSA with SHA-256", "18 c ECDSA with SHA-256"]);
});

test("signingScheme() signs RSA with every hash", () => {
  const hashes = [RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512].map((one) => signingScheme(RSA, one).hash);
  assert.equal(hashes, [0xb, 0xc, 0xd]);
});

test("signingScheme() keeps to the scheme that a key is bound to", () => {
  assert.is(signingScheme(bound(RSA, 0x14, 0xb)).hash, 0xb);
  assert.is(signingScheme(bound(P384, 0x18, 0xc), ECDSA_SHA256).hash, 0xc);
  assert.is(signingScheme(bound(P384, 0x18, 0xb), ECDSA_SHA256).hash, 0xb);
  assert.is(signingScheme(bound(P256, 0x18, 0xd), ECDSA_SHA384).hash, 0xd);
  const refused = [
    () => signingScheme(bound(RSA, 0x14, 0xc)),
    () => signingScheme(bound(RSA, 0x16, 0xb)),
    () => signingScheme(bound(RSA, 0x15, 0)),
    () => signingScheme(bound(P256, 0x1a, 0xb)),
    () => signingScheme(bound(P256, 0x99, 0xb)),
    () => signingScheme(bound(P256, 0x18, 0x99)),
    // Twelve octets of the digest would be missing.
    () => signingScheme(bound(P384, 0x18, 0xb), ECDSA_SHA384),
    () => signingScheme(bound(P256, 0x18, 0x4), ECDSA_SHA256),
    () => signingScheme(RSA, ECDSA_SHA256),
    () => signingScheme(RSA, rsaPss("SHA-256", "SHA-256", 32)),
    () => signingScheme(P256, RSA_PKCS1_SHA256),
  ];
  for (const make of refused) assert.match(assertThrows(make, "ERR_TPM_SCHEME").message, /^Cannot sign with TPM key: /);
});

test("signingScheme() refuses keys that do not sign, or only what the TPM made", () => {
  for (const attributes of [0x20072, 0x50072, 0x30072]) {
    assertThrows(() => signingScheme({ ...P256, attributes }), "ERR_TPM_KEY_UNSUPPORTED");
  }
});

test("fitDigest() keeps the integer that ECDSA makes of the digest", () => {
  const shown = (octets: Bytes) => encodeHex(octets).replace(/(?:00){16,}/g, (zeros) => `[${zeros.length / 2}]`);
  // SHA-256 with P-256, P-384, P-521.
  assert.equal(fitDigest(digest(32), 32, 32), digest(32));
  assert.is(shown(fitDigest(digest(32), 48, 48)), `[16]${encodeHex(digest(32))}`);
  assert.is(shown(fitDigest(digest(32), 64, 66)), `[32]${encodeHex(digest(32))}`);
  // SHA-512 with P-256 and P-384: cut on the right.
  assert.equal(fitDigest(digest(64), 32, 32), digest(32));
  assert.equal(fitDigest(digest(64), 48, 48), digest(48));
  // A key on P-256 that is bound to SHA-512: the TPM takes the 32 octets on the left.
  assert.is(shown(fitDigest(digest(32), 64, 32)), `${encodeHex(digest(32))}[32]`);
  // A key on P-384 that is bound to SHA-512, and SHA-256.
  assert.is(shown(fitDigest(digest(32), 64, 48)), `[16]${encodeHex(digest(32))}[16]`);
  assert.is(signingScheme(P384, ECDSA_SHA512).fit(digest(64)).length, 48);
});

test.run();
