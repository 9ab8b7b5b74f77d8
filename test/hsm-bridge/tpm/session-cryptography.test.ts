// runtimes: node20 node deno bun
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  generateKeyPairSync,
  privateDecrypt,
} from "node:crypto";
import { encodeHex } from "../../../core/bytes/hex.ts";
import {
  decryptCfb,
  deriveByHash,
  deriveByHmac,
  digestOf,
  encryptCfb,
  hmacOf,
  shareByEcdh,
  shareByOaep,
} from "../../../hsm-bridge/tpm/session-cryptography.ts";
import { runtimeName } from "../../support/capabilities.ts";
import { assert, skip, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/session-cryptography");

const octets = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);

test("encryptCfb() and decryptCfb() agree with the vector of SP 800-38A F.3.13", () => {
  const key = Uint8Array.from(Buffer.from("2b7e151628aed2a6abf7158809cf4f3c", "hex"));
  const plaintext = Uint8Array.from(
    Buffer.from("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51", "hex"),
  );
  const ciphertext = encryptCfb(key, octets(16), plaintext);
  assert.is(encodeHex(ciphertext), "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b");
  assert.equal(decryptCfb(key, octets(16), ciphertext), plaintext);
});

test("encryptCfb() agrees with the runtime's own, for every length", () => {
  if (runtimeName() === "deno") skip("Deno's node:crypto has no CFB");
  for (let length = 0; length < 70; length++) {
    const own = createCipheriv("aes-128-cfb", octets(16), octets(16, 7));
    const wanted = new Uint8Array(Buffer.concat([own.update(octets(length, 3)), own.final()]));
    assert.equal(encryptCfb(octets(16), octets(16, 7), octets(length, 3)), wanted);
    const back = createDecipheriv("aes-128-cfb", octets(16), octets(16, 7));
    assert.equal(decryptCfb(octets(16), octets(16, 7), wanted), new Uint8Array(back.update(wanted)));
  }
});

test("hmacOf() agrees with the runtime's own, for every hash and keys shorter and longer than a block", () => {
  for (const [hash, name] of [["SHA-1", "sha1"], ["SHA-256", "sha256"], ["SHA-384", "sha384"]] as const) {
    for (const length of [0, 1, 32, 63, 64, 65, 96, 127, 128, 129, 200]) {
      const key = octets(length, 5);
      const wanted = createHmac(name, key).update(octets(70)).update(octets(3)).digest();
      assert.equal(hmacOf(hash, key, octets(70), octets(0), octets(3)), new Uint8Array(wanted));
      assert.equal(key, octets(length, 5));
    }
  }
});

test("deriveByHmac() is KDFa: a counter, the label and its zero, both contexts, the bits", () => {
  const message = Buffer.concat([
    Buffer.from([0, 0, 0, 1]),
    Buffer.from("ATH\0"),
    octets(4),
    octets(5),
    Buffer.from([0, 0, 1, 0]),
  ]);
  assert.equal(
    deriveByHmac("SHA-256", octets(3), "ATH", octets(4), octets(5), 32),
    hmacOf("SHA-256", octets(3), message),
  );
  const long = deriveByHmac("SHA-256", octets(3), "CFB", octets(4), octets(5), 48);
  assert.is(long.length, 48);
  assert.not.equal(long.subarray(0, 16), long.subarray(32));
});

test("deriveByHash() is KDFe: a counter, the secret, the label and its zero, both parties", () => {
  const message = Buffer.concat([Buffer.from([0, 0, 0, 1]), octets(32), Buffer.from("SECRET\0"), octets(4), octets(5)]);
  assert.equal(deriveByHash("SHA-256", octets(32), "SECRET", octets(4), octets(5), 32), digestOf("SHA-256", message));
});

test("shareByEcdh() makes a secret that the holder of the key finds as well", () => {
  for (const [curve, name, length] of [["P-256", "prime256v1", 32], ["P-384", "secp384r1", 48]] as const) {
    const holder = createECDH(name);
    const point = new Uint8Array(holder.generateKeys());
    const { secret, encrypted } = shareByEcdh(curve, point, "SHA-256", "SECRET");
    assert.is(encrypted.length, 2 * (2 + length));
    const x = encrypted.subarray(2, 2 + length);
    const shared = holder.computeSecret(Buffer.concat([Buffer.from([4]), x, encrypted.subarray(4 + length)]));
    const mine = deriveByHash("SHA-256", new Uint8Array(shared), "SECRET", x, point.subarray(1, 1 + length), 32);
    assert.equal(secret(), mine);
  }
});

test("shareByEcdh() refuses a point that is not on the curve", () => {
  assert.throws(() => shareByEcdh("P-256", octets(65, 4), "SHA-256", "SECRET").secret());
});

test("shareByOaep() makes a secret that the holder of the key can read", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const { secret, encrypted } = shareByOaep(spki, "SHA-256", "SECRET");
  const options = { key: privateKey, oaepHash: "sha256", oaepLabel: Buffer.from("SECRET\0"), padding: 4 };
  assert.equal(new Uint8Array(privateDecrypt(options, encrypted)), secret());
  assert.is(secret().length, 32);
});

test.run();
