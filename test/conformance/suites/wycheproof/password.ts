/**
 * The building blocks of encrypted keys, sealed sessions and SigV4: PBKDF2, PBES2, AES, HMAC and HKDF tests of
 * Wycheproof.
 *
 * @module
 */

import { encodeHex } from "../../../../core/bytes/hex.ts";
import { HASH_OCTETS } from "../../../../core/crypto/hash-octets.ts";
import { hkdfSha256 } from "../../../../core/crypto/hkdf.ts";
import { decryptWithPassword } from "../../../../core/crypto/password/decrypt.ts";
import { hmac } from "../../../../core/crypto/password/hmac.ts";
import type { HashName } from "../../../../core/crypto/signature-algorithm.ts";
import { type ConformanceContext, SkipCase, type Verdict } from "../../conformance-suite.ts";
import { attempt, hex, skip } from "../../verdict.ts";
import { judge, type WycheproofFile, type WycheproofPlace, type WycheproofTest } from "./test.ts";

/** PBKDF2, and PBES2 with AES-CBC. */
export async function runPassword(
  test: WycheproofTest,
  { file, group }: WycheproofPlace,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const derivation = {
    name: "PBKDF2",
    hash: hashOf(file),
    salt: hex(test.salt!),
    iterations: test.iterationCount!,
  } as const;
  const password = hex(test.password!);
  const answer = await attempt(() => {
    if (group.type === "PbkdfTest") return crypto.deriveKey({ ...derivation, length: test.dkLen! }, password);
    const cipher = { name: "AES-CBC", keyLength: keyLengthOf(file), iv: hex(test.iv!) } as const;
    return decryptWithPassword({ derivation, cipher }, password, hex(test.ct!), crypto);
  });
  if ("refused" in answer) return judge(test, false, answer.refused.message);
  return judge(test, encodeHex(answer.value) === (test.dk ?? test.msg), "another result counts as refused");
}

/** AES-CBC with PKCS#7 padding. */
export async function runIndCpa(
  test: WycheproofTest,
  { file }: WycheproofPlace,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  if (!/^AES-CBC-PKCS[57]$/.test(file.algorithm)) return skip(`${file.algorithm} is not supported`);
  const answer = await attempt(() =>
    crypto.decipher({ name: "AES-CBC", iv: hex(test.iv!) }, hex(test.key!), hex(test.ct!))
  );
  if ("refused" in answer) return judge(test, false, answer.refused.message);
  return judge(test, encodeHex(answer.value) === test.msg, "another result counts as refused");
}

/** AES-GCM, the tag behind the ciphertext. */
export async function runAead(
  test: WycheproofTest,
  { file, group }: WycheproofPlace,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  if (file.algorithm !== "AES-GCM") return skip(`${file.algorithm} is not supported`);
  const iv = hex(test.iv!);
  // SP 800-38D §8.2.2 lets nonces have other lengths; nothing that is read or written here has them.
  if (iv.length !== 12) return skip(`nonces of ${iv.length} octets are not used`);
  const cipher = { name: "AES-GCM", iv, additionalData: hex(test.aad!), tagLength: group.tagSize! } as const;
  const answer = await attempt(() => crypto.decipher(cipher, hex(test.key!), hex(test.ct! + test.tag!)));
  if ("refused" in answer) return judge(test, false, answer.refused.message);
  return judge(test, encodeHex(answer.value) === test.msg, "another result counts as refused");
}

/** HMAC, also with its tag cut short; with SHA-256 by the synchronous hash. */
export async function runMac(
  test: WycheproofTest,
  { file, group }: WycheproofPlace,
  { sha256, crypto }: ConformanceContext,
): Promise<Verdict> {
  const hash = hashOf(file);
  const [key, message] = [hex(test.key!), hex(test.msg!)];
  const tag = hash === "SHA-256" ? sha256.hmac(key).digest(message) : await hmac(hash, key, message, crypto);
  return judge(test, encodeHex(tag.subarray(0, group.tagSize! / 8)) === test.tag);
}

/** HKDF with SHA-256. */
export async function runHkdf(
  test: WycheproofTest,
  { file }: WycheproofPlace,
  { sha256 }: ConformanceContext,
): Promise<Verdict> {
  if (file.algorithm !== "HKDF-SHA-256") return skip(`${file.algorithm} is not supported`);
  const salt = hex(test.salt!);
  const options = { info: hex(test.info!), length: test.size!, ...(salt.length === 0 ? {} : { salt }) };
  try {
    return judge(test, encodeHex(hkdfSha256(sha256, hex(test.ikm!), options)) === test.okm);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return judge(test, false, error.message);
  }
}

/** `PBKDF2-HMACSHA256`, `PbeWithHmacSha256AndAes_128`, `HMACSHA256`. */
function hashOf({ algorithm }: WycheproofFile): HashName {
  const hash = `SHA-${/HMAC-?SHA-?(\d+(?:[/_]\d+)?)(?:And.*)?$/i.exec(algorithm)?.[1] ?? "?"}`;
  if (!Object.hasOwn(HASH_OCTETS, hash)) throw new SkipCase(`${algorithm} is not supported`);
  return hash as HashName;
}

function keyLengthOf({ algorithm }: WycheproofFile): 16 | 24 | 32 {
  return Number(/AES_(\d+)/i.exec(algorithm)![1]) / 8 as 16 | 24 | 32;
}
