/**
 * RC2 in CBC mode (RFC 2268), decryption only.
 *
 * Legacy: with 40 effective bits, which is how PKCS#12 files of two decades hide their certificates, it protects
 * nothing. Kept to read those files.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { CryptoError } from "../crypto-error.ts";
import { removePadding } from "./padding.ts";

/**
 * Decrypts, and takes off the padding of RFC 8018 §6.1.1.
 *
 * Secret: key and result. Not constant-time: a table is looked up in memory. Best effort: the expanded key and the
 * plaintext of a failed attempt are overwritten.
 *
 * @param key 1 to 128 octets
 * @param effectiveBits T1 of RFC 2268 §2: how much of the key counts
 * @param iv 8 octets
 * @throws {CryptoError} `ERR_CRYPTO_DECIPHER` when the length or the padding is wrong
 */
export function decryptRc2Cbc(key: Bytes, effectiveBits: number, iv: Bytes, data: Bytes): Bytes {
  if (data.length === 0 || data.length % 8 !== 0) throw undecipherable("the length is not a multiple of 8");
  const expanded = expandKey(key, effectiveBits);
  const plain = new Uint8Array(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8);
    decryptBlock(expanded, block, plain.subarray(at, at + 8));
    for (let i = 0; i < 8; i++) plain[at + i]! ^= previous[i]!;
    previous = block;
  }
  expanded.fill(0);
  const result = removePadding(plain, 8);
  if (result === undefined) throw undecipherable("the padding is wrong");
  return result;
}

/** §2: the 64 words of the expanded key. */
function expandKey(key: Bytes, effectiveBits: number): Uint16Array {
  const table = permutation();
  const octets = new Uint8Array(128);
  octets.set(key);
  for (let i = key.length; i < 128; i++) octets[i] = table[(octets[i - 1]! + octets[i - key.length]!) & 255]!;
  const effective = Math.ceil(effectiveBits / 8);
  const first = 128 - effective;
  octets[first] = table[octets[first]! & (255 >> (8 * effective - effectiveBits))]!;
  for (let i = first - 1; i >= 0; i--) octets[i] = table[octets[i + 1]! ^ octets[i + effective]!]!;
  const words = new Uint16Array(64);
  for (let i = 0; i < 64; i++) words[i] = octets[2 * i]! | (octets[2 * i + 1]! << 8);
  octets.fill(0);
  return words;
}

/** §4: five rounds of reverse mixing, one of reverse mashing, six, one, and five. */
function decryptBlock(key: Uint16Array, block: Bytes, into: Bytes): void {
  const words = [0, 2, 4, 6].map((at) => block[at]! | (block[at + 1]! << 8));
  let j = 63;
  for (let round = 0; round < 16; round++) {
    if (round === 5 || round === 11) {
      for (let i = 3; i >= 0; i--) words[i] = (words[i]! - key[words[(i + 3) & 3]! & 63]!) & 0xffff;
    }
    for (let i = 3; i >= 0; i--) {
      const before = words[(i + 3) & 3]!;
      const shift = ROTATIONS[i]!;
      const turned = ((words[i]! >> shift) | (words[i]! << (16 - shift))) & 0xffff;
      words[i] = (turned - key[j--]! - (before & words[(i + 2) & 3]!) - (~before & words[(i + 1) & 3]!)) & 0xffff;
    }
  }
  words.forEach((word, i) => {
    into[2 * i] = word & 255;
    into[2 * i + 1] = word >> 8;
  });
}

function undecipherable(state: string): CryptoError {
  return new CryptoError("ERR_CRYPTO_DECIPHER", "RC2-CBC", `Cannot decipher RC2-CBC: ${state}`);
}

/** PITABLE as octets. */
function permutation(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) => parseInt(PITABLE.slice(2 * i, 2 * i + 2), 16));
}

/** s of §3.1 and §4.1. */
const ROTATIONS = [1, 2, 3, 5];

/** PITABLE of §2: a permutation that the digits of π yield. */
const PITABLE = "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
  "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
  "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
  "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
  "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
  "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
  "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
  "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad";
