// runtimes: node20 node deno bun
import { constants, createPrivateKey, createPublicKey, privateEncrypt, verify } from "node:crypto";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { decodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { p256 } from "../../../core/crypto/portable/noble/curves.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import {
  ECDSA_SHA256,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  type SignatureAlgorithm,
} from "../../../core/crypto/signature-algorithm.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { keyringSigner, type KeyringSignerOptions } from "../../../hsm-bridge/os-keystore/keyring-signer.ts";
import { FakeKernel, type FakeKernelOptions, type KernelKey } from "../../support/fake-kernel.ts";
import { addSignerTests } from "../../support/signer-conformance.ts";
import { assert, assertNone, assertRejects, suite } from "../../support/suite.ts";
import { testKey } from "../../support/test-authority.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("hsm-bridge/os-keystore/keyring-signer");

const MESSAGE = encodeUtf8("message");
const SERIAL = 0x2bd4_0001;
const RSA = decodePem(KEYS["rsa-public"])[0]!.octets;
const P256 = decodePem(KEYS["P-256-public"])[0]!.octets;
const crypto = portableProvider();

/** DigestInfo up to the digest (RFC 8017 §9.2 note 1): the kernel adds it by the hash's name. */
const PREFIXES: Readonly<Record<string, string>> = {
  "enc=pkcs1 hash=sha256": "3031300d060960864801650304020105000420",
  "enc=pkcs1 hash=sha384": "3041300d060960864801650304020205000430",
  "enc=pkcs1 hash=sha512": "3051300d060960864801650304020305000440",
};

function rsaKey(change: Partial<KernelKey> = {}): KernelKey {
  const key = createPrivateKey(KEYS["rsa-pkcs8"]);
  return {
    description: "edge-7",
    keyring: -3,
    signatureLength: 256,
    sign: (digest, information) => {
      const encoded = concatBytes([decodeHex(PREFIXES[information]!)!, digest]);
      return Uint8Array.from(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encoded));
    },
    ...change,
  };
}

function ecKey(): KernelKey {
  const { d } = createPrivateKey(KEYS["P-256-pkcs8"]).export({ format: "jwk" });
  const scalar = Uint8Array.from(atob(d!.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const sign = (digest: Bytes, information: string): Bytes => {
    assert.is(information, "enc=x962 hash=sha256");
    return p256.sign(digest, scalar, { prehash: false, format: "der" }) as Bytes;
  };
  return rsaKey({ sign, signatureLength: 72 });
}

function kernelOf(key: KernelKey = rsaKey(), options: FakeKernelOptions = {}): FakeKernel {
  const kernel = new FakeKernel(options);
  kernel.keys.set(SERIAL, key);
  return kernel;
}

function options(kernel: FakeKernel, change: Partial<KeyringSignerOptions> = {}): KeyringSignerOptions {
  return { key: "edge-7", publicKey: RSA, crypto, foreign: kernel, architecture: "x64", ...change };
}

addSignerTests(test, "RSA-2048 in the kernel", async () => ({
  signer: await keyringSigner(options(kernelOf())),
  publicKey: RSA,
}));

addSignerTests(test, "P-256 in the kernel", async () => ({
  signer: await keyringSigner(options(kernelOf(ecKey()), { publicKey: P256 })),
  publicKey: P256,
}));

test("keyringSigner() hashes, and tells the kernel with what; OpenSSL's library verifies it", async () => {
  const algorithms: readonly (readonly [SignatureAlgorithm, string, number])[] = [
    [RSA_PKCS1_SHA256, "sha256", 32],
    [RSA_PKCS1_SHA384, "sha384", 48],
    [RSA_PKCS1_SHA512, "sha512", 64],
  ];
  for (const [algorithm, hash, length] of algorithms) {
    const kernel = kernelOf();
    const signer = await keyringSigner(options(kernel, { algorithm: () => algorithm }));
    const signature = await signer.sign(MESSAGE);
    assert.ok(verify(hash, MESSAGE, createPublicKey(KEYS["rsa-public"]), signature));
    assert.equal(kernel.calls, [
      "search -3 asymmetric edge-7",
      `query ${SERIAL} enc=pkcs1 hash=${hash}`,
      `sign ${SERIAL} enc=pkcs1 hash=${hash} ${length}`,
    ]);
    await signer.close();
    assert.is(kernel.libraries, 0);
  }
});

test("keyringSigner() finds a key by serial number, in the user's keyring, and on other systems of Linux", async () => {
  for (const key of [String(SERIAL), `0x${SERIAL.toString(16)}`]) {
    const kernel = kernelOf();
    await (await keyringSigner(options(kernel, { key }))).sign(MESSAGE);
    assertNone(kernel.calls.filter((call) => call.startsWith("search")));
  }
  const users = kernelOf(rsaKey({ keyring: -4, description: "id:ab12" }));
  await (await keyringSigner(options(users, { key: "id:ab12" }))).sign(MESSAGE);
  assert.equal(users.calls.slice(0, 2), ["search -3 asymmetric id:ab12", "search -4 asymmetric id:ab12"]);
  // Numbers that are no serial numbers are descriptions.
  for (const key of ["0", "2147483648", "0x80000000", "00017", "0xg"]) {
    const kernel = kernelOf(rsaKey({ description: key }));
    await (await keyringSigner(options(kernel, { key }))).sign(MESSAGE);
  }
  for (const [architecture, library] of [["aarch64", "libc.so.6"], ["arm64", "libc.musl-aarch64.so.1"]] as const) {
    const kernel = kernelOf(rsaKey(), { keyctl: 219, library });
    await (await keyringSigner(options(kernel, { architecture }))).sign(MESSAGE);
  }
});

test("keyringSigner() makes errors with advice of what the kernel refuses, and gives the library back", async () => {
  const errors: readonly (readonly [number, string, string])[] = [
    [1, "ERR_KEYSTORE_ACCESS", "seccomp"],
    [13, "ERR_KEYSTORE_ACCESS", "keyctl setperm"],
    [22, "ERR_KEYSTORE_KEY", "another key"],
    [38, "ERR_KEYSTORE_UNSUPPORTED", "CONFIG_PKCS8_PRIVATE_KEY_PARSER"],
    [65, "ERR_KEYSTORE_UNSUPPORTED", "ENOPKG"],
    [95, "ERR_KEYSTORE_UNSUPPORTED", "EOPNOTSUPP"],
    [126, "ERR_KEYSTORE_KEY_MISSING", "keyctl show"],
    [127, "ERR_KEYSTORE_KEY_EXPIRED", "keyctl timeout"],
    [128, "ERR_KEYSTORE_KEY_REVOKED", "EKEYREVOKED"],
    [129, "ERR_KEYSTORE_KEY", "EKEYREJECTED"],
    [5, "ERR_KEYSTORE_FAILED", "error 5"],
  ];
  const operations = [[10, "KEYCTL_SEARCH"], [24, "KEYCTL_PKEY_QUERY"], [27, "KEYCTL_PKEY_SIGN"]] as const;
  for (const [operation, name] of operations) {
    for (const [errorNumber, code, words] of errors) {
      const kernel = kernelOf();
      kernel.failures.set(operation, errorNumber);
      const signing = async () => await (await keyringSigner(options(kernel))).sign(MESSAGE);
      const error = await assertRejects(signing, code);
      assert.match(error.message, words);
      assert.match(error.message, name);
      assert.is(error["errorNumber"], errorNumber);
      assert.is(error["keystore"], "linux-keyring");
      assert.is(kernel.libraries, operation === 27 ? 1 : 0);
    }
  }
});

test("keyringSigner() refuses public keys, other keys, and what the kernel has not", async () => {
  const open = (kernel: FakeKernel, change: Partial<KeyringSignerOptions> = {}) =>
    keyringSigner(options(kernel, change));
  const onlyPublic = await assertRejects(() => open(kernelOf(rsaKey({ operations: 8 }))), "ERR_KEYSTORE_KEY");
  assert.match(onlyPublic.message, "its public part alone");
  const lying = await open(kernelOf(rsaKey({ sign: () => new Uint8Array(256) })));
  assert.match((await assertRejects(() => lying.sign(MESSAGE), "ERR_KEYSTORE_KEY")).message, "does not verify");
  const mlDsa = await testKey("keyring", { type: "ml-dsa", parameterSet: "ML-DSA-44" });
  await assertRejects(() => open(kernelOf(), { publicKey: mlDsa.publicKey }), "ERR_KEYSTORE_UNSUPPORTED");
  await assertRejects(() => open(kernelOf(), { algorithm: ECDSA_SHA256 }), "ERR_CRYPTO_INVALID_KEY");
  await assertRejects(() => open(kernelOf(), { architecture: "riscv64" }), "ERR_KEYSTORE_PLATFORM");
  await assertRejects(() => open(kernelOf(rsaKey(), { platform: "windows" })), "ERR_KEYSTORE_PLATFORM");
  await assertRejects(() => open(kernelOf(rsaKey(), { library: "none.so" })), "ERR_HSM_MODULE_NOT_FOUND");
  for (const change of [{ key: "" }, { key: "a\0b" }, { key: "x".repeat(4096) }, { kee: "x" } as object]) {
    assert.instance(await open(kernelOf(), change).catch((error: unknown) => error), TypeError);
  }
});

test("keyringSigner() leaves no digest and no signature in the memory that it lent", async () => {
  const kernel = kernelOf();
  const signer = await keyringSigner(options(kernel));
  const signature = await signer.sign(MESSAGE);
  const allocations = kernel.memory.allocations;
  for (let i = 0; i < 100; i++) await signer.sign(MESSAGE);
  assert.is(kernel.memory.allocations, allocations);
  assert.not(kernel.memory.holds(signature));
  assert.not(kernel.memory.holds(encodeUtf8("edge-7")));
});

test.run();
