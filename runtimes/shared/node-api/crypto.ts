/**
 * A provider over `node:crypto`, which Node and Bun both have and each hands in: synchronous, so that a signature on
 * the hot path costs no more than the platform's own.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { constantTimeEqual } from "../../../core/bytes/constant-time.ts";
import { wipe } from "../../../core/bytes/wipe.ts";
import { type CryptoError, unsupported } from "../../../core/crypto/crypto-error.ts";
import { ecdsaSignatureFromDer } from "../../../core/crypto/ecdsa-signature.ts";
import { exportedPrivateKey } from "../../../core/crypto/exported-key.ts";
import { requireEd25519Point } from "../../../core/crypto/ed25519-key.ts";
import { invalidKey, isCommonRsa, isNativeRsa, requireFit, signatureOctets } from "../../../core/crypto/key-fit.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { type MlDsaPrivateKey, mlDsaPrivateKey, type PrivateKey } from "../../../core/crypto/private-key.ts";
import type { CryptoProvider, KeySpecification, PlatformKey } from "../../../core/crypto/provider.ts";
import { CURVE_OCTETS, type PublicKey } from "../../../core/crypto/public-key.ts";
import { rsaVerifier } from "../../../core/crypto/rsa-verify.ts";
import {
  ECDSA_SHA256,
  type HashName,
  mlDsaAlgorithm,
  type MlDsaParameterSet,
  type SignatureAlgorithm,
} from "../../../core/crypto/signature-algorithm.ts";
import type { Awaitable, Signer, StreamVerifier, Verifier } from "../../../core/crypto/signer.ts";
import { failed, requirePlatformFit } from "../../../core/crypto/webcrypto-signer.ts";
import {
  ecPublicKey,
  ML_DSA_PUBLIC_KEY_OCTETS,
  mlDsaPublicKey,
  rsaPublicKey,
} from "../../../core/crypto/spki-encoding.ts";
import { nodeCiphers } from "./ciphers.ts";
import { HASHES, NAME, type NodeCrypto, type NodeKey, type PssUse, REMEDY } from "./node-crypto.ts";

/** A signer that answers at once. */
interface NodeSigner extends Signer {
  sign(message: Bytes): Bytes;
}

/**
 * Makes a provider of `node:crypto`. Everything is synchronous but `deriveKey`, which leaves the thread.
 *
 * ML-DSA counts once a signature of the right length has verified: older versions import keys that they cannot use.
 */
export function nodeApiCrypto(crypto: NodeCrypto): CryptoProvider {
  const proven = new Set<MlDsaParameterSet>();

  function digest(hash: HashName, data: Bytes): Bytes {
    return new Uint8Array(crypto.createHash(HASHES[hash]).update(data).digest());
  }

  function importPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): Signer {
    requireFit(key, algorithm);
    if (key.type === "rsa" && !isNativeRsa(key, algorithm)) {
      throw lacks(`${algorithm.name} sign with an unusual RSA key`);
    }
    if (key.type === "ml-dsa" && !proven.has(key.parameterSet)) proveMlDsa(key.parameterSet);
    const handle = createPrivateKey(key, algorithm);
    if (key.type === "ml-dsa") requireSameForms(key, handle, algorithm);
    return provenSigner(handle, publicHalf(key, handle), algorithm);
  }

  function createPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): NodeKey {
    const pkcs8 = encodePkcs8(key);
    try {
      return crypto.createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
    } catch (cause) {
      if (key.type === "ml-dsa" && key.seed === undefined) {
        throw lacks(`${algorithm.name} sign without the key's seed`, cause);
      }
      throw invalidKey(algorithm, "the platform finds its components out of range or not belonging together", cause);
    } finally {
      wipe(pkcs8);
    }
  }

  /** A key that came in both forms must be the same in both (RFC 9881 §6): OpenSSL's export says what the seed makes. */
  function requireSameForms(key: MlDsaPrivateKey, handle: NodeKey, algorithm: SignatureAlgorithm): void {
    if (key.seed === undefined || key.expanded === undefined) return;
    const exported = handle.export({ format: "der", type: "pkcs8" });
    try {
      if (exported.length <= key.expanded.length) {
        throw lacks(`the comparison of an ${key.parameterSet} key's seed with its expanded form`);
      }
      if (!constantTimeEqual(exported.subarray(exported.length - key.expanded.length), key.expanded)) {
        throw invalidKey(algorithm, "its seed and its expanded form do not belong together");
      }
    } finally {
      wipe(exported);
    }
  }

  function publicHalf(key: PrivateKey, handle: NodeKey): PublicKey {
    if (key.type === "rsa") return rsaPublicKey(key);
    if (key.type === "ec" && key.point !== undefined) return ecPublicKey({ curve: key.curve, point: key.point });
    const spki = new Uint8Array(crypto.createPublicKey(handle).export({ format: "der", type: "spki" }));
    // OpenSSL takes a scalar that the order divides; its public key is the point at infinity, which is one octet.
    if (key.type === "ec" && spki.length < 2 * CURVE_OCTETS[key.curve]) {
      throw invalidKey(ECDSA_SHA256, "the scalar is not below the order of the curve");
    }
    // Both kinds of SubjectPublicKeyInfo end with the key itself.
    return key.type === "ec"
      ? ecPublicKey({ curve: key.curve, point: spki.slice(-(1 + 2 * CURVE_OCTETS[key.curve])) })
      : mlDsaPublicKey({
        parameterSet: key.parameterSet,
        key: spki.slice(-ML_DSA_PUBLIC_KEY_OCTETS[key.parameterSet]),
      });
  }

  function importPlatformKey(
    key: PlatformKey,
    publicKey: PublicKey,
    algorithm: SignatureAlgorithm,
  ): Awaitable<Signer> {
    requireFit(publicKey, algorithm);
    requirePlatformFit(key, publicKey, algorithm);
    // Node is about to refuse it as a KeyObject (DEP0204): WebCrypto signs with it.
    if (!key.extractable) return importWebCryptoKey(key, publicKey, algorithm);
    let handle: NodeKey;
    try {
      handle = crypto.KeyObject.from(key);
    } catch (cause) {
      throw lacks("CryptoKey import", cause);
    }
    return provenSigner(handle, publicKey, algorithm);
  }

  function provenSigner(handle: NodeKey, publicKey: PublicKey, algorithm: SignatureAlgorithm): NodeSigner {
    const signer = signerOf(handle, publicKey.spki, algorithm);
    let signature: Bytes;
    try {
      signature = signer.sign(PROOF);
    } catch (cause) {
      throw lacks(`${algorithm.name} sign`, cause);
    }
    const octets = signatureOctets(publicKey);
    if (octets !== undefined && signature.length !== octets) {
      throw lacks(`${algorithm.name} sign: it answers ${signature.length} octets instead of ${octets}`);
    }
    if (!importKeyToVerify(publicKey, algorithm).verify(PROOF, signature)) {
      throw invalidKey(algorithm, "its private and public components do not belong together");
    }
    return signer;
  }

  /** Signs and verifies with a key of ours; anything but success means that the platform cannot. */
  function proveMlDsa(parameterSet: MlDsaParameterSet): void {
    const algorithm = mlDsaAlgorithm(parameterSet);
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
    try {
      const key = mlDsaPrivateKey({ parameterSet, seed });
      const handle = createPrivateKey(key, algorithm);
      provenSigner(handle, publicHalf(key, handle), algorithm);
    } catch (cause) {
      throw lacks(parameterSet, cause);
    }
    proven.add(parameterSet);
  }

  function signerOf(
    handle: NodeKey,
    publicKey: Bytes,
    algorithm: SignatureAlgorithm,
  ): NodeSigner {
    // The key itself, not an options object: Node 24 takes half as long again to read one (DER is the default form).
    const { sign } = crypto;
    const hash = "hash" in algorithm ? HASHES[algorithm.hash] : null;
    const key = useOf(handle, algorithm);
    return {
      algorithm,
      publicKey,
      sign: (message) => sign(hash, message, key),
    };
  }

  function importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): Verifier {
    requireFit(key, algorithm);
    requireEd25519Point(key, algorithm);
    if (key.type === "ml-dsa" && !proven.has(key.parameterSet)) proveMlDsa(key.parameterSet);
    return importKeyToVerify(key, algorithm);
  }

  function importStreamVerifier(key: PublicKey, algorithm: SignatureAlgorithm): StreamVerifier {
    requireFit(key, algorithm);
    const rsa = algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss" ? algorithm : undefined;
    if (!("hash" in algorithm) || (key.type === "rsa" && rsa !== undefined && !isCommonRsa(key, rsa))) {
      throw lacks(`${algorithm.name} verify in pieces with this key`);
    }
    const use = useOf(createPublicKey(key, algorithm), algorithm);
    const running = crypto.createVerify(HASHES[algorithm.hash]);
    return {
      algorithm,
      update: (piece: Bytes): void => void running.update(piece),
      verify(signature: Bytes): boolean {
        if (!isFormed(signature, key)) return false;
        try {
          return running.verify(use, signature);
        } catch (cause) {
          throw failed(`${algorithm.name} verify`, cause);
        }
      },
    };
  }

  function importKeyToVerify(key: PublicKey, algorithm: SignatureAlgorithm): Verifier {
    if (
      key.type === "rsa" && (algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss") &&
      !isCommonRsa(key, algorithm)
    ) {
      return rsaVerifier(key, algorithm, digest);
    }
    const { verify } = crypto;
    const hash = "hash" in algorithm ? HASHES[algorithm.hash] : null;
    const use = useOf(createPublicKey(key, algorithm), algorithm);
    return {
      algorithm,
      verify(message: Bytes, signature: Bytes): boolean {
        if (!isFormed(signature, key)) return false;
        try {
          return verify(hash, message, use, signature);
        } catch (cause) {
          throw failed(`${algorithm.name} verify`, cause);
        }
      },
    };
  }

  function createPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): NodeKey {
    const spki = key.type === "rsa" && key.pss !== undefined ? rsaPublicKey(key).spki : key.spki;
    try {
      return crypto.createPublicKey({ key: spki, format: "der", type: "spki" });
    } catch (cause) {
      throw invalidKey(algorithm, "the platform finds its components out of range", cause);
    }
  }

  function useOf(key: NodeKey, algorithm: SignatureAlgorithm): NodeKey | PssUse {
    if (algorithm.scheme !== "rsa-pss") return key;
    return { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength };
  }

  function generatePrivateKey(specification: KeySpecification): PrivateKey {
    // FIPS 204 §5.1: a key is its random seed.
    if (specification.type === "ml-dsa") {
      return mlDsaPrivateKey({ parameterSet: specification.parameterSet, seed: random(32) });
    }
    const { privateKey } = specification.type === "rsa"
      ? crypto.generateKeyPairSync("rsa", { modulusLength: specification.bits, publicExponent: 65537 })
      : crypto.generateKeyPairSync("ec", { namedCurve: specification.curve });
    return exportedPrivateKey(privateKey.export({ format: "jwk" }), specification);
  }

  function random(length: number): Bytes {
    const octets = new Uint8Array(length);
    crypto.randomFillSync(octets);
    return octets;
  }

  async function importWebCryptoKey(
    key: PlatformKey,
    publicKey: PublicKey,
    algorithm: SignatureAlgorithm,
  ): Promise<Signer> {
    const { webCryptoProvider } = await import("../../../core/crypto/webcrypto-provider.ts");
    return await webCryptoProvider().importPlatformKey!(key, publicKey, algorithm);
  }

  function lacks(operation: string, cause?: unknown): CryptoError {
    return unsupported(NAME, operation, REMEDY, cause);
  }

  return {
    name: NAME,
    digest,
    importPrivateKey,
    importPlatformKey,
    importPublicKey,
    importStreamVerifier,
    generatePrivateKey,
    ...nodeCiphers(crypto),
    random,
  };
}

/** Whether octets look like a signature of this key: OpenSSL is more lenient than X.509. */
function isFormed(signature: Bytes, key: PublicKey): boolean {
  return key.type === "ec"
    ? isEcdsaSignature(signature, CURVE_OCTETS[key.curve])
    : signature.length === signatureOctets(key);
}

function isEcdsaSignature(der: Bytes, curveOctets: number): boolean {
  try {
    ecdsaSignatureFromDer(der, curveOctets);
    return true;
  } catch {
    // Only an encoding that is wrong: for a verifier that is one more false signature.
    return false;
  }
}

/** What is signed to prove a signer. */
const PROOF: Bytes = /* @__PURE__ */ Uint8Array.of(0x61, 0x6e, 0x79, 0x72, 0x6f, 0x6c, 0x65);
