/**
 * PKCS#8: PrivateKeyInfo (RFC 5208 §5) and OneAsymmetricKey, its second version (RFC 5958 §2).
 *
 * @module
 */

import { type Bytes, equalBytes } from "../bytes/bytes.ts";
import type { PrivateKey, RsaPrivateKey } from "../crypto/private-key.ts";
import { openSequence } from "../der/reader.ts";
import { contextConstructed, contextPrimitive, TAG } from "../der/tag.ts";
import { parseEcPrivateKey } from "./ec-private-key.ts";
import { EC_PUBLIC_KEY, mlDsaParameterSet, nameOf, readNamedCurve, RSA_ENCRYPTION } from "./key-algorithm.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";
import { parseMlDsaPrivateKey } from "./ml-dsa-private-key.ts";
import { parseRsaPrivateKey } from "./rsa-private-key.ts";

/**
 * Reads unencrypted PKCS#8 octets; the components are copies. Attributes are passed over.
 *
 * Secret: the result.
 *
 * @throws {DerError} when the octets are not PKCS#8
 * @throws {KeyError} for another type of key, or one that is not sound
 */
export function parsePkcs8(der: Bytes): PrivateKey {
  const reader = openSequence(der, "PrivateKeyInfo");
  const version = reader.smallInteger("PrivateKeyInfo.version", 0, 3);
  // PFX begins like PKCS#8 of version 3.
  if (version === 3) throw unsupportedKey("private key", "PKCS#12");
  const algorithm = reader.sequence("PrivateKeyInfo.privateKeyAlgorithm");
  const oid = algorithm.objectIdentifier("PrivateKeyInfo.privateKeyAlgorithm.algorithm");
  const octets = reader.octetString("PrivateKeyInfo.privateKey");
  reader.openOptional(contextConstructed(0), "PrivateKeyInfo.attributes");
  const publicKey = reader.peek() === contextPrimitive(1)
    ? reader.octetAlignedBitString("OneAsymmetricKey.publicKey", contextPrimitive(1))
    : undefined;
  reader.finish("PrivateKeyInfo");
  // RFC 5958 §2: version 2 (written 1) exactly when the public key is there.
  if (version !== (publicKey === undefined ? 0 : 1)) {
    throw new KeyError("ERR_KEY_INVALID", "private key", `version ${version} does not fit its PKCS#8 contents`);
  }
  if (oid === RSA_ENCRYPTION) {
    if (algorithm.peek() === TAG.null) algorithm.null("PrivateKeyInfo.privateKeyAlgorithm.parameters");
    algorithm.finish("PrivateKeyInfo.privateKeyAlgorithm.parameters");
    const key = parseRsaPrivateKey(octets);
    if (publicKey !== undefined) checkRsaPublicKey(key, publicKey);
    return key;
  }
  if (oid === EC_PUBLIC_KEY) {
    const curve = readNamedCurve(algorithm, "private key");
    algorithm.finish("PrivateKeyInfo.privateKeyAlgorithm.parameters");
    return parseEcPrivateKey(octets, curve, publicKey);
  }
  const parameterSet = mlDsaParameterSet(oid);
  if (parameterSet === undefined) throw unsupportedKey("private key", nameOf(oid));
  algorithm.finish("PrivateKeyInfo.privateKeyAlgorithm.parameters");
  return parseMlDsaPrivateKey(octets, parameterSet);
}

/** Demands that RSAPublicKey octets (RFC 8017 §A.1.1) name the key's own modulus and exponent. */
function checkRsaPublicKey(key: RsaPrivateKey, octets: Bytes): void {
  const reader = openSequence(octets, "OneAsymmetricKey.publicKey");
  const modulus = reader.unsignedInteger("RSAPublicKey.modulus");
  const exponent = reader.unsignedInteger("RSAPublicKey.publicExponent");
  reader.finish("RSAPublicKey");
  if (!equalBytes(modulus, key.modulus) || !equalBytes(exponent, key.exponent)) {
    throw new KeyError("ERR_KEY_INVALID", "private key", "it carries the public key of another key");
  }
}
