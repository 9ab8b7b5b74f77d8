/**
 * The key pair of `AWS4-ECDSA-P256-SHA256`, derived of an access key: the counter-mode KDF of NIST SP 800-108 §5.1 with
 * HMAC-SHA-256, a candidate a counter, as FIPS 186-5 §A.2.2 tries them.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { wipe } from "../bytes/wipe.ts";
import { type EcPrivateKey, ecPrivateKey } from "../crypto/private-key.ts";
import { portableSha256, type Sha256 } from "../crypto/sha256.ts";
import type { SigV4Credentials } from "./hmac-scheme.ts";

/**
 * Derives the private key; its public point is the business of whoever imports it.
 *
 * Best effort: neither candidate nor counter is compared in a time that depends on where they differ; strings and what
 * an HMAC keeps of its key cannot be wiped.
 *
 * @param sha256 default `portableSha256`
 * @throws {RangeError} when no counter leads to a key: as good as impossible, one candidate in 2^32 is out of range
 */
export function deriveSigV4aKey(
  credentials: Pick<SigV4Credentials, "accessKeyId" | "secretAccessKey">,
  sha256: Sha256 = portableSha256,
): EcPrivateKey {
  const { accessKeyId, secretAccessKey } = credentials;
  const hmac = sha256.hmac(`AWS4A${secretAccessKey}`);
  const label = encodeUtf8(`AWS4-ECDSA-P256-SHA256`);
  const id = encodeUtf8(accessKeyId);
  for (let counter = 1; counter <= MAX_COUNTER; counter++) {
    // [i]₄ ‖ Label ‖ 0x00 ‖ Context ‖ [L]₄: one block, for 256 bits are what HMAC-SHA-256 answers.
    const candidate = hmac.digest(
      concatBytes([Uint8Array.of(0, 0, 0, 1), label, Uint8Array.of(0), id, Uint8Array.of(counter, 0, 0, 1, 0)]),
    );
    if (isAbove(candidate, ORDER_MINUS_TWO)) {
      wipe(candidate);
      continue;
    }
    for (let i = 31, carry = 1; i >= 0; i--) {
      const sum = candidate[i]! + carry;
      candidate[i] = sum;
      carry = sum >> 8;
    }
    return ecPrivateKey({ curve: "P-256", scalar: candidate });
  }
  throw new RangeError('"credentials" lead to no key');
}

/** Whether one integer, big-endian, is greater than another of its length, whatever they are. */
function isAbove(a: Bytes, b: Bytes): boolean {
  let above = 0;
  let equal = 1;
  for (let i = 0; i < a.length; i++) {
    above |= equal & (b[i]! - a[i]! >> 8);
    equal &= (a[i]! ^ b[i]!) - 1 >> 8;
  }
  return (above & 1) === 1;
}

/** n − 2 of P-256 (SP 800-186 §3.2.1.3). */
const ORDER_MINUS_TWO: Bytes = /* @__PURE__ */ Uint8Array.of(
  0xff,
  0xff,
  0xff,
  0xff,
  0x00,
  0x00,
  0x00,
  0x00,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xbc,
  0xe6,
  0xfa,
  0xad,
  0xa7,
  0x17,
  0x9e,
  0x84,
  0xf3,
  0xb9,
  0xca,
  0xc2,
  0xfc,
  0x63,
  0x25,
  0x4f,
);

/** The counter is one octet, and 255 is not used. */
const MAX_COUNTER = 254;
