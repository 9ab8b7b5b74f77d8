/**
 * PKCS#8 PrivateKeyInfo of parsed components (RFC 5208 §5, RFC 5958 §2), as every platform imports it.
 *
 * Secret: the answer holds the whole key. Best effort: the writer's intermediate copies are left to the garbage
 * collector.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import {
  derBitString,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derOctetString,
  derSequence,
  derUnsignedInteger,
} from "../der/writer.ts";
import type { EcPrivateKey, MlDsaPrivateKey, PrivateKey, RsaPrivateKey } from "./private-key.ts";
import { ecAlgorithmIdentifier, mlDsaAlgorithmIdentifier, rsaAlgorithmIdentifier } from "./spki-encoding.ts";

/**
 * Encodes a private key as PKCS#8.
 *
 * ML-DSA keys take the seed-only form of RFC 9881 §6 when the seed is known, whatever form they came in: it is the
 * one form that every platform with ML-DSA imports. Without a seed they take the expanded-only form.
 *
 * Secret: the answer holds the whole key.
 *
 * @throws {RangeError} when an ML-DSA key has neither form
 */
export function encodePkcs8(key: PrivateKey): Bytes {
  switch (key.type) {
    case "rsa":
      return privateKeyInfo(rsaAlgorithmIdentifier(), rsaPrivateKeyOctets(key));
    case "ec":
      return privateKeyInfo(ecAlgorithmIdentifier(key.curve), ecPrivateKeyOctets(key));
    case "ml-dsa":
      return privateKeyInfo(mlDsaAlgorithmIdentifier(key.parameterSet), mlDsaPrivateKeyOctets(key));
  }
}

function privateKeyInfo(algorithm: Bytes, privateKey: Bytes): Bytes {
  return derSequence(derInteger(0), algorithm, derOctetString(privateKey));
}

/** RSAPrivateKey (RFC 8017 §A.1.2). */
function rsaPrivateKeyOctets(key: RsaPrivateKey): Bytes {
  return derSequence(
    derInteger(0),
    derUnsignedInteger(key.modulus),
    derUnsignedInteger(key.exponent),
    derUnsignedInteger(key.privateExponent),
    derUnsignedInteger(key.prime1),
    derUnsignedInteger(key.prime2),
    derUnsignedInteger(key.exponent1),
    derUnsignedInteger(key.exponent2),
    derUnsignedInteger(key.coefficient),
  );
}

/** ECPrivateKey (RFC 5915 §3); the curve stands in the AlgorithmIdentifier alone. */
function ecPrivateKeyOctets(key: EcPrivateKey): Bytes {
  const point = key.point === undefined ? [] : [derContextConstructed(1, derBitString(key.point))];
  return derSequence(derInteger(1), derOctetString(key.scalar), ...point);
}

/** ML-DSA-PrivateKey (RFC 9881 §6): `[0] seed`, or the expanded key as an OCTET STRING. */
function mlDsaPrivateKeyOctets(key: MlDsaPrivateKey): Bytes {
  if (key.seed !== undefined) return derContextPrimitive(0, key.seed);
  if (key.expanded === undefined) throw new RangeError(`"key" has neither a seed nor an expanded key`);
  return derOctetString(key.expanded);
}
