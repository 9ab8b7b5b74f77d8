/**
 * The building blocks of encrypted keys and of SigV4: PBKDF2, PBES2, AES-CBC and HMAC tests of Wycheproof.
 *
 * @module
 */

import { encodeHex } from "../../../../core/bytes/hex.ts";
import { decryptWithPassword } from "../../../../core/crypto/password/decrypt.ts";
import type { HashName } from "../../../../core/crypto/signature-algorithm.ts";
import type { ConformanceContext, Verdict } from "../../conformance-suite.ts";
import { attempt, hex } from "../../verdict.ts";
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
  _place: WycheproofPlace,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const answer = await attempt(() =>
    crypto.decipher({ name: "AES-CBC", iv: hex(test.iv!) }, hex(test.key!), hex(test.ct!))
  );
  if ("refused" in answer) return judge(test, false, answer.refused.message);
  return judge(test, encodeHex(answer.value) === test.msg, "another result counts as refused");
}

/** HMAC-SHA256, also with its tag cut short. */
export function runMac(test: WycheproofTest, { group }: WycheproofPlace, { sha256 }: ConformanceContext): Verdict {
  const tag = sha256.hmac(hex(test.key!)).digest(hex(test.msg!));
  return judge(test, encodeHex(tag.subarray(0, group.tagSize! / 8)) === test.tag);
}

/** `PBKDF2-HMACSHA256`, `PbeWithHmacSha256AndAes_128`. */
function hashOf({ algorithm }: WycheproofFile): HashName {
  return `SHA-${/HMAC-?SHA-?(\d+)/i.exec(algorithm)![1]}` as HashName;
}

function keyLengthOf({ algorithm }: WycheproofFile): 16 | 24 | 32 {
  return Number(/AES_(\d+)/i.exec(algorithm)![1]) / 8 as 16 | 24 | 32;
}
