/**
 * Private keys as JSON Web Keys: RSA and EC (RFC 7518 §6), and ML-DSA as the type AKP, whose `priv` is the seed.
 *
 * @module
 */

import { decodeBase64Url } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { concatBytes } from "../bytes/bytes.ts";
import { visibleText } from "../bytes/visible-text.ts";
import { type PrivateKey, rsaPrivateKey } from "../crypto/private-key.ts";
import { CURVE_OCTETS, type NamedCurve } from "../crypto/public-key.ts";
import { ecKey } from "./ec-private-key.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";
import { mlDsaKey } from "./ml-dsa-private-key.ts";
import { checkRsaPrivateKey } from "./rsa-private-key.ts";

/**
 * Reads a private JSON Web Key. Members that say what the key is for (`use`, `key_ops`) are the caller's to heed.
 *
 * Secret: the result and the argument; strings cannot be wiped.
 *
 * @throws {KeyError} when it is not a private key of a supported type
 */
export function parseJwk(jwk: object): PrivateKey {
  if (typeof jwk !== "object" || jwk === null) throw new TypeError('"jwk" must be an object');
  const members = jwk as Readonly<Record<string, unknown>>;
  if (members["kty"] === "RSA") return parseRsa(members);
  if (members["kty"] === "EC") return parseEc(members);
  if (members["kty"] === "AKP") return parseAkp(members);
  throw unsupportedKey("private key", `a JSON Web Key of type ${quote(members["kty"] ?? "none")}`);
}

function parseRsa(members: Readonly<Record<string, unknown>>): PrivateKey {
  if (members["oth"] !== undefined) throw unsupportedKey("private key", "RSA with more than two primes");
  const number = (name: string): Bytes => {
    const octets = member(members, name);
    // RFC 7518 §2 forbids leading zeros; they are harmless, and some writers leave them.
    let start = 0;
    while (start < octets.length - 1 && octets[start] === 0) start++;
    return octets.slice(start);
  };
  const key = rsaPrivateKey({
    modulus: number("n"),
    exponent: number("e"),
    privateExponent: number("d"),
    prime1: number("p"),
    prime2: number("q"),
    exponent1: number("dp"),
    exponent2: number("dq"),
    coefficient: number("qi"),
  });
  checkRsaPrivateKey(key);
  return key;
}

function parseEc(members: Readonly<Record<string, unknown>>): PrivateKey {
  const curve = members["crv"];
  if (typeof curve !== "string" || !Object.hasOwn(CURVE_OCTETS, curve)) {
    throw unsupportedKey("private key", `the curve ${quote(curve ?? "none")}`);
  }
  const scalar = member(members, "d");
  const point = concatBytes([Uint8Array.of(4), member(members, "x"), member(members, "y")]);
  return ecKey(curve as NamedCurve, scalar, point);
}

function parseAkp(members: Readonly<Record<string, unknown>>): PrivateKey {
  const parameterSet = members["alg"];
  if (parameterSet === "ML-DSA-44" || parameterSet === "ML-DSA-65" || parameterSet === "ML-DSA-87") {
    return mlDsaKey(parameterSet, member(members, "priv"));
  }
  throw unsupportedKey("private key", `the algorithm ${quote(parameterSet ?? "none")}`);
}

function member(members: Readonly<Record<string, unknown>>, name: string): Bytes {
  const text = members[name];
  const octets = typeof text === "string" ? decodeBase64Url(text) : undefined;
  if (octets !== undefined && octets.length > 0) return octets;
  const state = text === undefined ? "is missing" : "is not base64url";
  throw new KeyError("ERR_KEY_MALFORMED", "private key", `member "${name}" of the JSON Web Key ${state}`);
}

/** A member that names something public, cut to what a message can carry, and safe to show. */
function quote(value: unknown): string {
  return typeof value === "string" ? visibleText(value, 32) : typeof value;
}
