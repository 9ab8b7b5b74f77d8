import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { decipher, seal } from "../../../../core/crypto/portable/cipher.ts";
import { cbc } from "../../../../core/crypto/portable/noble/ciphers.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { VECTORS } from "../../../vectors/portable/vectors.ts";

const test = suite("core/crypto/portable/cipher");

const octets = (hex: string): Bytes => decodeHex(hex)!;
const message = encodeUtf8("anyrole");
const key = new Uint8Array(32).fill(7);
const iv = new Uint8Array(16).fill(9);
const nonce = iv.slice(0, 12);
const additionalData = encodeUtf8("associated");

/** Encrypts whole blocks as they are. */
const encryptBlocks = (blocks: Bytes): Bytes => cbc(key, iv, { disablePadding: true }).encrypt(blocks);

test("decipher() opens AES-CBC with every length of padding and key", () => {
  assert.equal(decipher({ name: "AES-CBC", iv }, key, octets(VECTORS.aesCbc)), message);
  for (const keyLength of [16, 24, 32]) {
    for (let length = 0; length <= 33; length++) {
      const plaintext = new Uint8Array(length).fill(length);
      const sealed = cbc(key.slice(0, keyLength), iv).encrypt(plaintext);
      assert.equal(decipher({ name: "AES-CBC", iv }, key.slice(0, keyLength), sealed), plaintext);
    }
  }
});

test("decipher() refuses wrong PKCS#7 padding", () => {
  for (const count of [0, 17, 32, 128, 255]) {
    const blocks = new Uint8Array(32).fill(count);
    assertThrows(() => decipher({ name: "AES-CBC", iv }, key, encryptBlocks(blocks)), "ERR_CRYPTO_DECIPHER");
  }
  for (let at = 16; at < 31; at++) {
    const blocks = new Uint8Array(32).fill(16);
    blocks[at] = 15;
    assertThrows(() => decipher({ name: "AES-CBC", iv }, key, encryptBlocks(blocks)), "ERR_CRYPTO_DECIPHER");
  }
});

test("decipher() refuses AES-CBC data of no whole blocks, and an IV of another length", () => {
  for (const length of [0, 1, 15, 17]) {
    assertThrows(() => decipher({ name: "AES-CBC", iv }, key, new Uint8Array(length)), "ERR_CRYPTO_DECIPHER");
  }
  assertThrows(() => decipher({ name: "AES-CBC", iv: nonce }, key, new Uint8Array(16)), "ERR_CRYPTO_DECIPHER");
});

test("decipher() opens AES-GCM with a whole and with a cut tag", () => {
  const sealed = octets(VECTORS.aesGcm);
  assert.equal(decipher({ name: "AES-GCM", iv: nonce, additionalData }, key, sealed), message);
  for (const tagLength of [96, 104, 112, 120, 128]) {
    const cut = sealed.slice(0, message.length + tagLength / 8);
    assert.equal(decipher({ name: "AES-GCM", iv: nonce, additionalData, tagLength }, key, cut), message);
    cut[cut.length - 1]! ^= 1;
    const cipher = { name: "AES-GCM", iv: nonce, additionalData, tagLength } as const;
    assertThrows(() => decipher(cipher, key, cut), "ERR_CRYPTO_DECIPHER");
  }
});

test("decipher() refuses AES-GCM with anything changed", () => {
  const open = (cipherIv: Bytes, data: Bytes, sealed: Bytes, used: Bytes = key): Bytes =>
    decipher({ name: "AES-GCM", iv: cipherIv, additionalData: data }, used, sealed);
  const sealed = octets(VECTORS.aesGcm);
  const changed = sealed.slice();
  changed[0]! ^= 1;
  assertThrows(() => open(nonce, additionalData, changed), "ERR_CRYPTO_DECIPHER");
  assertThrows(() => open(nonce, message, sealed), "ERR_CRYPTO_DECIPHER");
  assertThrows(() => open(iv, additionalData, sealed), "ERR_CRYPTO_DECIPHER");
  assertThrows(() => open(nonce, additionalData, sealed, key.slice(16)), "ERR_CRYPTO_DECIPHER");
  assertThrows(() => open(nonce, additionalData, sealed.slice(0, 15)), "ERR_CRYPTO_DECIPHER");
});

test("decipher() says what it does not support", () => {
  for (const [cipherIv, tagLength] of [[nonce, 64], [nonce, 100], [nonce, 136], [nonce.slice(5), 128]] as const) {
    const cipher = { name: "AES-GCM", iv: cipherIv, tagLength } as const;
    assertThrows(() => decipher(cipher, key, new Uint8Array(32)), "ERR_CRYPTO_UNSUPPORTED");
  }
  for (const length of [0, 15, 17, 33]) {
    const wrong = new Uint8Array(length);
    assertThrows(() => decipher({ name: "AES-CBC", iv }, wrong, new Uint8Array(16)), "ERR_CRYPTO_INVALID_KEY");
    assertThrows(() => seal(wrong, nonce, message), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("seal() makes what decipher() opens", () => {
  assert.is(encodeHex(seal(key, nonce, message, additionalData)), VECTORS.aesGcm);
  assert.equal(decipher({ name: "AES-GCM", iv: nonce }, key, seal(key, nonce, new Uint8Array(0))), new Uint8Array(0));
  assertThrows(() => seal(key, new Uint8Array(7), message), "ERR_CRYPTO_UNSUPPORTED");
});

test.run();
