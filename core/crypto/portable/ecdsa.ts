/**
 * ECDSA on P-256, P-384 and P-521 with any hash (FIPS 186-5 §6) and the nonces of RFC 6979.
 *
 * A digest longer than the order is cut to its leftmost bits, a shorter one stays (FIPS 186-5 §6.4.1). Signatures are
 * neither made nor demanded with a low s.
 *
 * Best effort: scalar multiplication follows `@noble/curves`, which means to be constant-time at the level of
 * operations on bigints; bigint arithmetic takes time that depends on its operands. With a random source it blinds
 * the scalar and the inversion of the nonce. Integers cannot be wiped.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { equalBytes } from "../../bytes/bytes.ts";
import type { Random } from "../../ports.ts";
import { CryptoError } from "../crypto-error.ts";
import { type EcPrivateKey, ecPrivateKey } from "../private-key.ts";
import { CURVE_OCTETS, type NamedCurve } from "../public-key.ts";
import type { HashName } from "../signature-algorithm.ts";
import { hashFunction } from "./hash.ts";
import { type ECDSA, ecdsa, p256, p384, p521, weierstrass, type WeierstrassPointCons } from "./noble/curves.ts";

/** The curves' arithmetic, with or without a random source for blinding; it keeps tables of each curve's base point. */
export class EcdsaArithmetic {
  readonly #random: (length?: number) => Bytes;
  readonly #points: Map<NamedCurve, WeierstrassPointCons<bigint>> = new Map();
  readonly #schemes: Map<string, ECDSA> = new Map();

  /** @param random blinds secret scalars; absent: they are not blinded. Nothing is computed yet. */
  constructor(random?: Random) {
    // noble asks for octets once and goes without blinding when that throws; it must not find the platform's own.
    this.#random = (length) => {
      if (random === undefined || length === undefined) throw new RangeError("there is no random source");
      return random(length);
    };
  }

  /**
   * Signs the message, deterministically: r, s and the key determine the nonce, so that equal vectors prove it.
   *
   * Secret: scalar. Best effort: see the module.
   *
   * @param key as {@link checkPrivateKey} accepts it
   * @returns r ‖ s
   * @see RFC 6979 §3.2
   */
  sign(key: EcPrivateKey, hash: HashName, message: Bytes): Bytes {
    return this.#scheme(key.curve, hash).sign(message, key.scalar, { lowS: false, prehash: true, format: "compact" });
  }

  /**
   * Whether r ‖ s is a signature of the message; false for r or s outside 1 … n - 1 and for another length.
   *
   * Public: variable time.
   *
   * @param point 04 ‖ x ‖ y, as {@link checkPoint} accepts it
   */
  verify(curve: NamedCurve, point: Bytes, hash: HashName, message: Bytes, raw: Bytes): boolean {
    if (raw.length !== 2 * CURVE_OCTETS[curve]) return false;
    return this.#scheme(curve, hash).verify(raw, message, point, { lowS: false, prehash: true, format: "compact" });
  }

  /**
   * The same of a digest of the message.
   *
   * Public: variable time.
   */
  verifyDigest(curve: NamedCurve, point: Bytes, hash: HashName, digest: Bytes, raw: Bytes): boolean {
    if (raw.length !== 2 * CURVE_OCTETS[curve]) return false;
    return this.#scheme(curve, hash).verify(raw, digest, point, { lowS: false, prehash: false, format: "compact" });
  }

  /**
   * The public point 04 ‖ x ‖ y of a private key.
   *
   * Secret: scalar. Best effort: see the module.
   *
   * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when the scalar is not between 1 and n - 1, or the key brings
   * another point
   */
  checkPrivateKey(key: EcPrivateKey): Bytes {
    const scheme = this.#scheme(key.curve, "SHA-256");
    if (key.scalar.length !== CURVE_OCTETS[key.curve] || !scheme.utils.isValidSecretKey(key.scalar)) {
      invalidKey("private", `the scalar is not between 1 and the order of ${key.curve}`);
    }
    const point = scheme.getPublicKey(key.scalar, false);
    if (key.point !== undefined && !equalBytes(key.point, point)) {
      invalidKey("private", "the public point does not belong to it");
    }
    return point;
  }

  /**
   * Demands that octets are a point of the curve, uncompressed.
   *
   * Public: variable time.
   *
   * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`
   */
  checkPoint(curve: NamedCurve, point: Bytes): void {
    const uncompressed = point.length === 1 + 2 * CURVE_OCTETS[curve] && point[0] === 4;
    if (!uncompressed || !this.#scheme(curve, "SHA-256").utils.isValidPublicKey(point, false)) {
      invalidKey("public", `it is not an uncompressed point of ${curve}`);
    }
  }

  /**
   * Makes a private key, with its point.
   *
   * Secret: the result. The scalar comes from 1.5 times as many random octets (FIPS 186-5 §A.2.1).
   */
  generate(curve: NamedCurve, random: Random): EcPrivateKey {
    const { utils, lengths, getPublicKey } = this.#scheme(curve, "SHA-256");
    const scalar = utils.randomSecretKey(random(lengths.seed!));
    return ecPrivateKey({ curve, scalar, point: getPublicKey(scalar, false) });
  }

  #scheme(curve: NamedCurve, hash: HashName): ECDSA {
    const name = `${curve} ${hash}`;
    let scheme = this.#schemes.get(name);
    if (scheme === undefined) {
      scheme = ecdsa(this.#point(curve), hashFunction(hash), { lowS: false, randomBytes: this.#random });
      this.#schemes.set(name, scheme);
    }
    return scheme;
  }

  #point(curve: NamedCurve): WeierstrassPointCons<bigint> {
    let point = this.#points.get(curve);
    if (point === undefined) {
      const parameters = (curve === "P-256" ? p256 : curve === "P-384" ? p384 : p521).Point.CURVE();
      point = weierstrass(parameters, { randomBytes: this.#random });
      this.#points.set(curve, point);
    }
    return point;
  }
}

function invalidKey(half: "public" | "private", state: string): never {
  const operation = `EC ${half} key import`;
  throw new CryptoError("ERR_CRYPTO_INVALID_KEY", operation, `Cannot import EC ${half} key: ${state}`);
}
