/**
 * A cryptographic provider of TypeScript alone: no `crypto`, no `TextEncoder`, nothing of a platform, and every answer
 * at once.
 *
 * Best effort: JavaScript gives no constant time. Bigints and compiled code take time that depends on secrets, and
 * neither strings nor bigints can be wiped; the functions behind this provider say what each hides. Prefer the
 * platform's cryptography, or a device, wherever there is one.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { encodeUtf8 } from "../../bytes/text.ts";
import type { Random } from "../../ports.ts";
import { CryptoError, unsupported } from "../crypto-error.ts";
import { ecdsaSignatureFromDer, ecdsaSignatureToDer } from "../ecdsa-signature.ts";
import { requireEd25519Point } from "../ed25519-key.ts";
import { invalidKey } from "../key-fit.ts";
import { mlDsaPrivateKey, type PrivateKey } from "../private-key.ts";
import type { Cipher, CryptoProvider, KeyDerivation, KeySpecification } from "../provider.ts";
import { CURVE_OCTETS, type PublicKey } from "../public-key.ts";
import { rsaVerifier, type SynchronousVerifier } from "../rsa-verify.ts";
import type { HashName, SignatureAlgorithm } from "../signature-algorithm.ts";
import type { Signer, StreamVerifier } from "../signer.ts";
import { ecPublicKey, mlDsaPublicKey, rsaPublicKey } from "../spki-encoding.ts";
import { decipher, seal } from "./cipher.ts";
import { EcdsaArithmetic } from "./ecdsa.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { hash, hashFunction } from "./hash.ts";
import { deriveKey } from "./key-derivation.ts";
import { checkMlDsaPublicKey, mlDsaKeyPair, mlDsaSign, mlDsaVerify } from "./ml-dsa.ts";
import { ed25519 } from "./noble/curves.ts";
import { rsaPrivateIntegers, signPkcs1 } from "./rsa.ts";
import { mlDsaStreamVerifier, rsaStreamVerifier } from "./stream-verifier.ts";

/** What the portable provider may be given. */
export interface PortableOptions {
  /**
   * Draws octets from a cryptographically secure source. Without it nothing can be generated, RSA blinding is derived
   * of key and message, elliptic-curve scalars are not blinded and ML-DSA is deterministic.
   */
  readonly random?: Random;
}

/** A signer that answers at once. */
export interface SynchronousSigner extends Signer {
  /** As {@link Signer.sign}, at once. Secret: the key; see the module. */
  sign(message: Bytes): Bytes;
}

/** A provider whose answers are values, never promises. */
export interface SynchronousProvider extends CryptoProvider {
  /** Hashes the data. */
  digest(hash: HashName, data: Bytes): Bytes;
  /** Makes a signer, proven by one signature that verifies. Secret: the components. */
  importPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): SynchronousSigner;
  /** Makes a verifier. */
  importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): SynchronousVerifier;
  /** Makes a verifier of one message in pieces: RSA, ECDSA and ML-DSA. */
  importStreamVerifier(key: PublicKey, algorithm: SignatureAlgorithm): StreamVerifier;
  /** Makes a new key on a curve or of ML-DSA, of the random source. Secret: the result. */
  generatePrivateKey(specification: KeySpecification): PrivateKey;
  /** Derives key octets of a password, within limits. Secret: password and result. */
  deriveKey(derivation: KeyDerivation, password: Bytes): Bytes;
  /** Decrypts. Secret: key and result. */
  decipher(cipher: Cipher, key: Bytes, data: Bytes): Bytes;
  /** Encrypts with AES-GCM. Secret: key and plaintext. */
  seal(key: Bytes, iv: Bytes, plaintext: Bytes, additionalData?: Bytes): Bytes;
}

/**
 * Makes a portable provider: RSA (PKCS#1 v1.5 signatures, PSS verification), ECDSA, Ed25519 verification, ML-DSA,
 * SHA-1 and SHA-2, PBKDF2, scrypt, AES-CBC and AES-GCM. It makes no RSA keys, no PSS or Ed25519 signatures and no
 * signatures with SHA-1.
 *
 * Secret: keys that are imported. Best effort: see the module.
 *
 * @throws {TypeError} for an unknown option
 */
export function portableProvider(options: PortableOptions = {}): SynchronousProvider {
  for (const name of Object.keys(options)) {
    if (name !== "random") throw new TypeError(`"${name}" is not an option of the portable provider`);
  }
  const source = options.random;
  const random = source === undefined ? undefined : checkedRandom(source);
  const curves = new EcdsaArithmetic(random);
  const draw = (operation: string): Random => {
    if (random === undefined) throw unsupported(NAME, operation, "pass `random` to portableProvider");
    return random;
  };
  return {
    name: NAME,
    digest: hash,
    importPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): SynchronousSigner {
      const signer = importSigner(key, algorithm, curves, random);
      return proveSigner(signer.signer, importVerifier(signer.publicKey, algorithm, curves));
    },
    importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): SynchronousVerifier {
      return importVerifier(key, algorithm, curves);
    },
    importStreamVerifier(key: PublicKey, algorithm: SignatureAlgorithm): StreamVerifier {
      return importStreamVerifier(key, algorithm, curves);
    },
    generatePrivateKey(specification: KeySpecification): PrivateKey {
      switch (specification.type) {
        case "rsa":
          throw unsupported(NAME, "RSA key generation", "use WebCrypto or node:crypto");
        case "ec":
          return curves.generate(specification.curve, draw("EC key generation"));
        case "ml-dsa": {
          const seed = draw("ML-DSA key generation")(32);
          return mlDsaPrivateKey({ parameterSet: specification.parameterSet, seed });
        }
      }
    },
    deriveKey,
    decipher,
    seal,
    random: (length) => draw("random octets")(length),
  };
}

function importSigner(
  key: PrivateKey,
  algorithm: SignatureAlgorithm,
  curves: EcdsaArithmetic,
  random: Random | undefined,
): { readonly signer: SynchronousSigner; readonly publicKey: PublicKey } {
  if ("hash" in algorithm && algorithm.hash === "SHA-1") {
    throw unsupported(NAME, `${algorithm.name} sign`, "sign with SHA-256");
  }
  if (key.type === "rsa" && algorithm.scheme === "rsa-pkcs1") {
    const publicKey = rsaPublicKey(key);
    const integers = rsaPrivateIntegers(key);
    const sign = (message: Bytes): Bytes => signPkcs1(integers, algorithm.hash, message, random);
    return { signer: { algorithm, publicKey: publicKey.spki, sign }, publicKey };
  }
  if (key.type === "ec" && algorithm.scheme === "ecdsa") {
    const publicKey = ecPublicKey({ curve: key.curve, point: curves.checkPrivateKey(key) });
    const sign = (message: Bytes): Bytes => ecdsaSignatureToDer(curves.sign(key, algorithm.hash, message));
    return { signer: { algorithm, publicKey: publicKey.spki, sign }, publicKey };
  }
  if (
    key.type === "ml-dsa" && algorithm.scheme === "ml-dsa" && key.parameterSet === algorithm.parameterSet
  ) {
    const pair = mlDsaKeyPair(key);
    const publicKey = mlDsaPublicKey({ parameterSet: key.parameterSet, key: pair.publicKey });
    const sign = (message: Bytes): Bytes =>
      mlDsaSign(pair, message, random === undefined ? {} : { randomness: random(32) });
    return { signer: { algorithm, publicKey: publicKey.spki, sign }, publicKey };
  }
  if (key.type === "rsa" && algorithm.scheme === "rsa-pss") {
    throw unsupported(NAME, `${algorithm.name} sign`, "sign with PKCS#1 v1.5");
  }
  throw invalidKey(algorithm, `the key is of type ${key.type}`);
}

function importVerifier(key: PublicKey, algorithm: SignatureAlgorithm, curves: EcdsaArithmetic): SynchronousVerifier {
  if (key.type === "rsa" && (algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss")) {
    return rsaVerifier(key, algorithm, hash);
  }
  if (key.type === "ec" && algorithm.scheme === "ecdsa") {
    const { curve, point } = key;
    curves.checkPoint(curve, point);
    return {
      algorithm,
      verify(message: Bytes, signature: Bytes): boolean {
        const raw = rawSignature(signature, CURVE_OCTETS[curve]);
        return raw !== undefined && curves.verify(curve, point, algorithm.hash, message, raw);
      },
    };
  }
  if (key.type === "ed25519" && algorithm.scheme === "ed25519") {
    requireEd25519Point(key, algorithm);
    if (!ed25519.utils.isValidPublicKey(key.key, false)) {
      throw invalidKey(algorithm, "it is not a point of the curve");
    }
    return {
      algorithm,
      verify: (message: Bytes, signature: Bytes): boolean => verifyEd25519(key.key, message, signature),
    };
  }
  if (
    key.type === "ml-dsa" && algorithm.scheme === "ml-dsa" && key.parameterSet === algorithm.parameterSet
  ) {
    checkMlDsaPublicKey(key.parameterSet, key.key);
    return {
      algorithm,
      verify: (message: Bytes, signature: Bytes): boolean => mlDsaVerify(key.parameterSet, key.key, message, signature),
    };
  }
  throw invalidKey(algorithm, `the key is of type ${key.type}`);
}

function importStreamVerifier(
  key: PublicKey,
  algorithm: SignatureAlgorithm,
  curves: EcdsaArithmetic,
): StreamVerifier {
  if (key.type === "rsa" && (algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss")) {
    return rsaStreamVerifier(key, algorithm);
  }
  if (key.type === "ec" && algorithm.scheme === "ecdsa") {
    const { curve, point } = key;
    curves.checkPoint(curve, point);
    const running = hashFunction(algorithm.hash).create();
    return {
      algorithm,
      update: (piece: Bytes): void => void running.update(piece),
      verify(signature: Bytes): boolean {
        const raw = rawSignature(signature, CURVE_OCTETS[curve]);
        return raw !== undefined && curves.verifyDigest(curve, point, algorithm.hash, running.digest(), raw);
      },
    };
  }
  if (key.type === "ml-dsa" && algorithm.scheme === "ml-dsa" && key.parameterSet === algorithm.parameterSet) {
    return mlDsaStreamVerifier(key, algorithm);
  }
  if (key.type === "ed25519" && algorithm.scheme === "ed25519") {
    throw unsupported(
      NAME,
      "Ed25519 verify in pieces",
      "read the whole message: the algorithm hashes it behind the signature's R",
    );
  }
  throw invalidKey(algorithm, `the key is of type ${key.type}`);
}

/** One signature that verifies; an engine whose arithmetic is wrong does not get past it. */
function proveSigner(signer: SynchronousSigner, verifier: SynchronousVerifier): SynchronousSigner {
  const message = encodeUtf8("anyrole proves this signer");
  if (!verifier.verify(message, signer.sign(message))) {
    throw new CryptoError(
      "ERR_CRYPTO_FAILED",
      `${signer.algorithm.name} sign`,
      `Cannot sign with ${signer.algorithm.name}: the first signature of the key does not verify`,
    );
  }
  return signer;
}

function rawSignature(der: Bytes, curveOctets: number): Bytes | undefined {
  try {
    return ecdsaSignatureFromDer(der, curveOctets);
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

function checkedRandom(random: Random): Random {
  return (length) => {
    const octets = random(length);
    if (octets.length !== length) {
      throw new CryptoError(
        "ERR_CRYPTO_FAILED",
        "random octets",
        `Cannot draw random octets: ${length} asked for, ${octets.length} came`,
      );
    }
    return octets;
  };
}

const NAME = "portable";
