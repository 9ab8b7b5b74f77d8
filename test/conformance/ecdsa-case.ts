/**
 * What the ECDSA suites have in common: keys of numbers, and signatures whose nonce is deterministic.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { ecdsaSignatureToDer } from "../../core/crypto/ecdsa-signature.ts";
import { hash as hashOf } from "../../core/crypto/portable/hash.ts";
import { p256, p384, p521 } from "../../core/crypto/portable/noble/curves.ts";
import { ecPrivateKey } from "../../core/crypto/private-key.ts";
import { CURVE_OCTETS, type EcPublicKey, type NamedCurve } from "../../core/crypto/public-key.ts";
import {
  ECDSA_SHA1,
  ECDSA_SHA224,
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  type EcdsaAlgorithm,
  type HashName,
} from "../../core/crypto/signature-algorithm.ts";
import { ecPublicKey } from "../../core/crypto/spki-encoding.ts";
import { type ConformanceContext, SkipCase, type Verdict } from "./conformance-suite.ts";
import { all, attempt, compare, demand, hex, PASS, skip } from "./verdict.ts";

/** The curve by the name that NIST gave it; the cases of others are skipped. */
export function namedCurve(name: string): NamedCurve {
  const curve = name.replace(/^NIST /, "");
  if (Object.hasOwn(CURVE_OCTETS, curve)) return curve as NamedCurve;
  throw new SkipCase(`the curve ${curve} is not supported`);
}

/** The algorithm with this hash. */
export function ecdsaAlgorithm(hash: HashName): EcdsaAlgorithm {
  return ALGORITHMS[hash];
}

/** Octets of a number in hexadecimal, as long as the curve's field. */
export function fieldOctets(curve: NamedCurve, number: string): Bytes {
  return hex(number.replace(/^0+/, "").padStart(2 * CURVE_OCTETS[curve], "0"));
}

/** A public key of its coordinates. */
export function ecPublicKeyOf(curve: NamedCurve, x: string, y: string): EcPublicKey {
  return ecPublicKey({ curve, point: concatBytes([Uint8Array.of(4), fieldOctets(curve, x), fieldOctets(curve, y)]) });
}

/** One published signature with the nonce of RFC 6979. */
export interface DeterministicSignature {
  readonly curve: NamedCurve;
  readonly hash: HashName;
  readonly scalar: string;
  readonly x: string;
  readonly y: string;
  readonly message: Bytes;
  readonly r: string;
  readonly s: string;
  /** The nonce, where it was published. */
  readonly k?: string | undefined;
}

/**
 * Signs deterministically, which the portable provider alone does, and compares; then signs with the provider under
 * test, checks that signature with the other arithmetic, and the published one with the provider.
 */
export async function runDeterministic(each: DeterministicSignature, context: ConformanceContext): Promise<Verdict> {
  const { curve, hash, message } = each;
  const { ecdsa, crypto, provider } = context;
  const octets = CURVE_OCTETS[curve];
  const publicKey = ecPublicKeyOf(curve, each.x, each.y);
  const key = ecPrivateKey({ curve, scalar: fieldOctets(curve, each.scalar), point: publicKey.point });
  const published = concatBytes([fieldOctets(curve, each.r), fieldOctets(curve, each.s)]);
  const raw = ecdsa.sign(key, hash, message);
  const deterministic = all(
    compare(
      ["r", encodeHex(raw.subarray(0, octets)), encodeHex(published.subarray(0, octets))],
      ["s", encodeHex(raw.subarray(octets)), encodeHex(published.subarray(octets))],
    ),
    each.k === undefined ? PASS : compare(["k", nonceOf(each, raw), encodeHex(fieldOctets(curve, each.k))]),
  );
  const verifier = await crypto.importPublicKey(publicKey, ecdsaAlgorithm(hash));
  const verified = demand(
    await verifier.verify(message, ecdsaSignatureToDer(published)),
    "the published signature does not verify",
  );
  const signer = await attempt(() => crypto.importPrivateKey(key, ecdsaAlgorithm(hash)));
  // Nobody makes signatures with SHA-1 any more; the nonces above are what the case is about.
  if ("refused" in signer) {
    const expected = hash === "SHA-1" || (provider !== "portable" && hash === "SHA-224");
    return all(deterministic, verified, expected ? PASS : skip(signer.refused.message));
  }
  const signature = await signer.value.sign(message);
  const own = demand(await verifier.verify(message, signature), "our own signature does not verify");
  const exact = provider === "portable"
    ? compare(["signature", encodeHex(signature), encodeHex(ecdsaSignatureToDer(published))])
    : PASS;
  return all(deterministic, verified, own, exact);
}

/** k = (e + r · d) / s modulo n: the nonce that this signature was made with. */
function nonceOf({ curve, hash, scalar, message }: DeterministicSignature, raw: Bytes): string {
  const octets = CURVE_OCTETS[curve];
  const order = (curve === "P-256" ? p256 : curve === "P-384" ? p384 : p521).Point.CURVE().n;
  const digest = hashOf(hash, message);
  const excess = Math.max(0, 8 * digest.length - order.toString(2).length);
  const e = integer(digest) >> BigInt(excess);
  const r = integer(raw.subarray(0, octets));
  const s = integer(raw.subarray(octets));
  const k = (e + r * BigInt(`0x${scalar}`)) % order * power(s, order - 2n, order) % order;
  return k.toString(16).padStart(2 * octets, "0");
}

function integer(octets: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(octets)}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base % modulus; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

const ALGORITHMS: { readonly [hash in HashName]: EcdsaAlgorithm } = {
  "SHA-1": ECDSA_SHA1,
  "SHA-224": ECDSA_SHA224,
  "SHA-256": ECDSA_SHA256,
  "SHA-384": ECDSA_SHA384,
  "SHA-512": ECDSA_SHA512,
};
