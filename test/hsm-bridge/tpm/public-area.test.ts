// runtimes: node20 node deno bun
import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { RsaPublicKey } from "../../../core/crypto/public-key.ts";
import { sized, TpmReader, uint16, uint32 } from "../../../hsm-bridge/tpm/marshal.ts";
import { isSigningKey, isStorageKey, type PublicArea, readPublicArea } from "../../../hsm-bridge/tpm/public-area.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/public-area");

const SIGN = 0x40000;
const DECRYPT = 0x20000;
const RESTRICTED = 0x10000;

/** TPM2B_PUBLIC of an RSA key without symmetric algorithm and scheme (TPM 2.0 Part 2 §12.2.4). */
const rsa = (bits: number, exponent: number, modulus: Uint8Array, attributes: number = SIGN): Bytes =>
  sized(
    uint16(0x0001),
    uint16(0x000b),
    uint32(attributes),
    sized(),
    uint16(0x0010),
    uint16(0x0010),
    uint16(bits),
    uint32(exponent),
    sized(modulus),
  );
const read = (octets: Bytes): PublicArea => readPublicArea(new TpmReader(octets));

/** A number of so many octets that begins with this one. */
const modulusOf = (first: number, length: number = 256): Uint8Array => {
  const modulus = new Uint8Array(length).fill(0xff);
  modulus[0] = first;
  return modulus;
};

test("readPublicArea() reads RSA keys, whose exponent 0 stands for 65537 (Part 2 §12.2.3.5)", () => {
  for (const [exponent, octets] of [[0, [1, 0, 1]], [65_537, [1, 0, 1]], [3, [3]]] as const) {
    const key = read(rsa(2048, exponent, modulusOf(0x80))).key as RsaPublicKey;
    assert.equal([...key.exponent], [...octets]);
    assert.is(key.modulus.length, 256);
    assert.is(key.modulus[0], 0x80);
  }
});

test("readPublicArea() refuses a modulus that does not have the bits that it says", () => {
  const wrong = [modulusOf(0x7f), modulusOf(0), modulusOf(0x80, 255), modulusOf(0x80, 257), new Uint8Array(0)];
  for (const modulus of wrong) assertThrows(() => read(rsa(2048, 0, modulus)), "ERR_TPM_RESPONSE");
});

test("isSigningKey() and isStorageKey() go by the attributes sign, decrypt and restricted", () => {
  const kinds: readonly (readonly [attributes: number, signs: boolean, stores: boolean])[] = [
    [SIGN, true, false],
    [SIGN | DECRYPT, true, false],
    [SIGN | RESTRICTED, false, false],
    [DECRYPT, false, false],
    [DECRYPT | RESTRICTED, false, true],
    [SIGN | DECRYPT | RESTRICTED, false, false],
    [0, false, false],
  ];
  for (const [attributes, signs, stores] of kinds) {
    const area = read(rsa(2048, 0, modulusOf(0x80), attributes));
    assert.equal([isSigningKey(area), isStorageKey(area)], [signs, stores], String(attributes));
  }
});

test.run();
