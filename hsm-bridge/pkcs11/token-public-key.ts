/**
 * Public keys as tokens show them: attributes of key objects (PKCS#11 v3.1 §6.1.2, §6.3.3; v3.2 for ML-DSA).
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";
import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { CURVE_OCTETS, type NamedCurve, type PublicKey } from "../../core/crypto/public-key.ts";
import type { MlDsaParameterSet } from "../../core/crypto/signature-algorithm.ts";
import { CURVE_OIDS, ecPublicKey, mlDsaPublicKey, rsaPublicKey } from "../../core/crypto/spki-encoding.ts";
import { derObjectIdentifier, derOctetString } from "../../core/der/writer.ts";
import { parseSubjectPublicKeyInfo } from "../../core/keys/subject-public-key-info.ts";
import type { AttributeSet } from "./attributes.ts";
import { CKA, CKK, CKP } from "./constants.ts";

/** Attributes that {@link publicKeyOf} reads. */
export function publicKeyAttributes(): readonly number[] {
  return [
    CKA.KEY_TYPE,
    CKA.MODULUS,
    CKA.PUBLIC_EXPONENT,
    CKA.EC_PARAMS,
    CKA.EC_POINT,
    CKA.PARAMETER_SET,
    CKA.PUBLIC_KEY_INFO,
  ];
}

/** The types of keys that sign for IAM Roles Anywhere. */
export type TokenKeyType = "rsa" | "ec" | "ml-dsa";

/** The type of a key object; undefined: one that is not used here. */
export function keyTypeOf(attributes: AttributeSet): TokenKeyType | undefined {
  switch (attributes.number(CKA.KEY_TYPE)) {
    case CKK.RSA:
      return "rsa";
    case CKK.EC:
      return "ec";
    case CKK.ML_DSA:
      return "ml-dsa";
    default:
      return undefined;
  }
}

/**
 * The public key that the attributes of a public or private key object show; undefined: they do not show it, or it is of
 * a kind that is not used here. It is what the token claims: a signature proves it.
 *
 * @param value CKA_VALUE, where the public key of ML-DSA is
 */
export function publicKeyOf(attributes: AttributeSet, value?: Bytes): PublicKey | undefined {
  try {
    return infoOf(attributes) ?? partsOf(attributes, value);
  } catch (error) {
    if (!isCoded(error) && !(error instanceof RangeError)) throw error;
    return undefined; // Something else is in the attributes: the key is not shown.
  }
}

/** CKA_PUBLIC_KEY_INFO; undefined: there is none, or something else is in it. */
function infoOf(attributes: AttributeSet): PublicKey | undefined {
  const info = attributes.bytes(CKA.PUBLIC_KEY_INFO);
  if (info === undefined || info.length === 0) return undefined;
  try {
    return parseSubjectPublicKeyInfo(info);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return undefined;
  }
}

/** The attributes that each type of key has of its own. */
function partsOf(attributes: AttributeSet, value: Bytes | undefined): PublicKey | undefined {
  switch (keyTypeOf(attributes)) {
    case "rsa": {
      const modulus = attributes.bytes(CKA.MODULUS);
      const exponent = attributes.bytes(CKA.PUBLIC_EXPONENT);
      return modulus?.length && exponent?.length ? rsaPublicKey({ modulus, exponent }) : undefined;
    }
    case "ec": {
      const curve = curveOf(attributes);
      const point = curve && pointOf(attributes.bytes(CKA.EC_POINT), curve);
      return point && ecPublicKey({ curve, point });
    }
    case "ml-dsa": {
      const parameterSet = parameterSetOf(attributes);
      return parameterSet && value?.length ? mlDsaPublicKey({ parameterSet, key: value }) : undefined;
    }
    case undefined:
      return undefined;
  }
}

/** The curve of a key object; undefined: another one, or not shown. */
export function curveOf(attributes: AttributeSet): NamedCurve | undefined {
  const parameters = attributes.bytes(CKA.EC_PARAMS);
  return parameters && CURVES.find((curve) => equalBytes(parameters, derObjectIdentifier(CURVE_OIDS[curve])));
}

/** The parameter set of an ML-DSA key object; undefined: another one, or not shown. */
export function parameterSetOf(attributes: AttributeSet): MlDsaParameterSet | undefined {
  switch (attributes.number(CKA.PARAMETER_SET)) {
    case CKP.ML_DSA_44:
      return "ML-DSA-44";
    case CKP.ML_DSA_65:
      return "ML-DSA-65";
    case CKP.ML_DSA_87:
      return "ML-DSA-87";
    default:
      return undefined;
  }
}

/** The standard wraps the point into an OCTET STRING; some modules do not. */
function pointOf(octets: Bytes | undefined, curve: NamedCurve): Bytes | undefined {
  if (octets === undefined) return undefined;
  const length = 1 + 2 * CURVE_OCTETS[curve];
  const point = octets.subarray(octets.length - length);
  return octets.length === length || equalBytes(octets, derOctetString(point)) ? point : undefined;
}

const CURVES: readonly NamedCurve[] = ["P-256", "P-384", "P-521"];
