/**
 * The default provider: WebCrypto (W3C Web Cryptography Level 2 and its modern algorithms draft, for ML-DSA).
 *
 * What runtimes do differently is settled here and in `webcrypto-public-keys`: key forms that not all of them import are
 * rewritten, ECDSA signatures become DER, and a capability counts once it has worked.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { wipe } from "../bytes/wipe.ts";
import { CryptoError } from "./crypto-error.ts";
import { exportedMlDsaPublicKey, exportedPoint, exportedPrivateKey } from "./exported-key.ts";
import { hasCommonExponent, invalidKey, isNativeRsa, requireFit, signatureOctets } from "./key-fit.ts";
import { encodePkcs8 } from "./pkcs8-encoding.ts";
import { type MlDsaPrivateKey, mlDsaPrivateKey, type PrivateKey } from "./private-key.ts";
import type { Cipher, CryptoProvider, KeyDerivation, KeySpecification, PlatformKey } from "./provider.ts";
import type { PublicKey } from "./public-key.ts";
import { ECDSA_SHA256, RSA_PKCS1_SHA256, type SignatureAlgorithm } from "./signature-algorithm.ts";
import type { Signer } from "./signer.ts";
import { ecPublicKey, mlDsaPublicKey, rsaPublicKey } from "./spki-encoding.ts";
import { globalCrypto, importParameters, type SubtleWebCrypto, type WebCrypto } from "./web-crypto.ts";
import { needsSha224, PROOF, WEB_CRYPTO, webCryptoCalls } from "./webcrypto-calls.ts";
import { WebCryptoPublicKeys } from "./webcrypto-public-keys.ts";
import { platformSigner, requirePlatformFit } from "./webcrypto-signer.ts";

/**
 * Makes a provider of the platform's WebCrypto; every operation is asynchronous, `random` aside.
 *
 * Missing and therefore `ERR_CRYPTO_UNSUPPORTED`: SHA-224, scrypt, ML-DSA keys without their seed, and whatever the
 * runtime lacks. A key with both seed and expanded form is unsupported too: WebCrypto cannot tell whether they belong
 * together, so a provider that can must have checked first; a {@link layeredProvider} arranges that.
 *
 * @param crypto default the global `crypto`; without one, every operation is unsupported
 */
export function webCryptoProvider(crypto: WebCrypto | undefined = globalCrypto()): CryptoProvider {
  const calls = webCryptoCalls(crypto);
  const publicKeys = new WebCryptoPublicKeys(calls);
  const { attempt, digest, lacks, subtleFor } = calls;

  async function importPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): Promise<Signer> {
    requireFit(key, algorithm);
    const operation = `${algorithm.name} sign`;
    const subtle = subtleFor(operation);
    if (needsSha224(algorithm)) throw lacks(operation);
    if (key.type === "rsa" && !isNativeRsa(key, algorithm)) throw lacks(`${operation} with an unusual RSA key`);
    if (key.type === "ml-dsa") requireSeedAlone(key);
    const extractable = (key.type === "ec" && key.point === undefined) || key.type === "ml-dsa";
    const pkcs8 = encodePkcs8(key);
    let handle: PlatformKey;
    try {
      handle = await attempt(
        operation,
        () => {
          return subtle.importKey("pkcs8", pkcs8, importParameters(key, algorithm), extractable, ["sign"]);
        },
        key.type === "rsa" && !hasCommonExponent(key) ? undefined : () => {
          return "the platform finds its components out of range or not belonging together";
        },
      );
    } finally {
      wipe(pkcs8);
    }
    const publicKey = await attempt(operation, () => publicHalf(subtle, key, handle), () => {
      return "the platform finds its components out of range";
    });
    return provenSigner(subtle, handle, publicKey, algorithm);
  }

  function requireSeedAlone(key: MlDsaPrivateKey): void {
    if (key.seed === undefined) throw lacks(`${key.parameterSet} sign without the key's seed`);
    if (key.expanded !== undefined) {
      throw lacks(`the comparison of an ${key.parameterSet} key's seed with its expanded form`);
    }
  }

  async function importPlatformKey(
    key: PlatformKey,
    publicKey: PublicKey,
    algorithm: SignatureAlgorithm,
  ): Promise<Signer> {
    requireFit(publicKey, algorithm);
    requirePlatformFit(key, publicKey, algorithm);
    const subtle = subtleFor(`${algorithm.name} sign`);
    return provenSigner(subtle, key, publicKey, algorithm);
  }

  async function provenSigner(
    subtle: SubtleWebCrypto,
    handle: PlatformKey,
    publicKey: PublicKey,
    algorithm: SignatureAlgorithm,
  ): Promise<Signer> {
    const operation = `${algorithm.name} sign`;
    const signer = platformSigner(subtle, handle, publicKey.spki, algorithm);
    let signature: Bytes;
    try {
      signature = await signer.sign(PROOF);
    } catch (cause) {
      throw lacks(operation, cause);
    }
    const octets = signatureOctets(publicKey);
    if (octets !== undefined && signature.length !== octets) {
      throw lacks(`${operation}: it answers ${signature.length} octets instead of ${octets}`);
    }
    const verifier = await publicKeys.importPublicKey(publicKey, algorithm);
    if (!await verifier.verify(PROOF, signature)) {
      throw invalidKey(algorithm, "its private and public components do not belong together");
    }
    return signer;
  }

  async function generatePrivateKey(specification: KeySpecification): Promise<PrivateKey> {
    // FIPS 204 §5.1: a key is its random seed.
    if (specification.type === "ml-dsa") {
      return mlDsaPrivateKey({ parameterSet: specification.parameterSet, seed: random(32) });
    }
    const algorithm = specification.type === "rsa" ? RSA_PKCS1_SHA256 : ECDSA_SHA256;
    const operation = `${specification.type} key generation`;
    const subtle = subtleFor(operation);
    const parameters = specification.type === "rsa"
      ? {
        ...importParameters(specification, algorithm),
        modulusLength: specification.bits,
        publicExponent: Uint8Array.of(1, 0, 1),
      }
      : importParameters(specification, algorithm);
    const jwk = await attempt(operation, async () => {
      const pair = await subtle.generateKey(parameters, true, ["sign", "verify"]) as { privateKey: PlatformKey };
      return await subtle.exportKey("jwk", pair.privateKey);
    });
    return exportedPrivateKey({ ...jwk }, specification);
  }

  async function deriveKey(derivation: KeyDerivation, password: Bytes): Promise<Bytes> {
    if (derivation.name !== "PBKDF2") throw lacks(derivation.name);
    const { hash, salt, iterations, length } = derivation;
    const operation = `PBKDF2 with HMAC-${hash}`;
    if (hash === "SHA-224") throw lacks(operation);
    const subtle = subtleFor(operation);
    const bits = await attempt(operation, async () => {
      const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      return await subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, key, length * 8);
    });
    return new Uint8Array(bits);
  }

  async function decipher(cipher: Cipher, key: Bytes, data: Bytes): Promise<Bytes> {
    const subtle = subtleFor(cipher.name);
    // Beyond these two lengths of the nonce runtimes differ.
    if (cipher.name === "AES-GCM" && cipher.iv.length !== 12 && cipher.iv.length !== 16) {
      throw lacks(`AES-GCM with a nonce of ${cipher.iv.length} octets`);
    }
    if (cipher.name === "AES-CBC" && (data.length === 0 || data.length % 16 !== 0 || cipher.iv.length !== 16)) {
      throw undecipherable(cipher.name);
    }
    const handle = await importAesKey(subtle, cipher.name, key, "decrypt");
    try {
      return new Uint8Array(await subtle.decrypt(cipher, handle, data));
    } catch (cause) {
      // What is wrong with the data is an OperationError everywhere, if of another realm; anything else is about the
      // parameters.
      if ((cause as Partial<Error> | null)?.name === "OperationError") throw undecipherable(cipher.name, cause);
      throw lacks(`${cipher.name} with these parameters`, cause);
    }
  }

  async function seal(key: Bytes, iv: Bytes, plaintext: Bytes, additionalData?: Bytes): Promise<Bytes> {
    const subtle = subtleFor("AES-GCM");
    const handle = await importAesKey(subtle, "AES-GCM", key, "encrypt");
    const parameters = { name: "AES-GCM", iv, ...(additionalData === undefined ? {} : { additionalData }) };
    return new Uint8Array(await attempt("AES-GCM", () => subtle.encrypt(parameters, handle, plaintext)));
  }

  function importAesKey(
    subtle: SubtleWebCrypto,
    cipher: "AES-CBC" | "AES-GCM",
    key: Bytes,
    usage: "encrypt" | "decrypt",
  ): Promise<PlatformKey> {
    if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
      throw new CryptoError(
        "ERR_CRYPTO_INVALID_KEY",
        cipher,
        `Cannot use key for ${cipher}: it has ${key.length} octets, AES has 16, 24 or 32`,
      );
    }
    return attempt(`${cipher} with ${key.length * 8}-bit keys`, () => {
      return subtle.importKey("raw", key, cipher, false, [usage]);
    });
  }

  function random(length: number): Bytes {
    if (!crypto) throw lacks("random");
    const octets = new Uint8Array(length);
    // Web Cryptography §10.1.1: at most 65,536 octets a call.
    for (let at = 0; at < length; at += 65536) crypto.getRandomValues(octets.subarray(at, at + 65536));
    return octets;
  }

  return {
    name: WEB_CRYPTO,
    digest,
    importPrivateKey,
    importPlatformKey,
    importPublicKey: (key, algorithm) => publicKeys.importPublicKey(key, algorithm),
    generatePrivateKey,
    deriveKey,
    decipher,
    seal,
    random,
  };
}

async function publicHalf(subtle: SubtleWebCrypto, key: PrivateKey, handle: PlatformKey): Promise<PublicKey> {
  if (key.type === "rsa") return rsaPublicKey(key);
  if (key.type === "ec" && key.point !== undefined) return ecPublicKey({ curve: key.curve, point: key.point });
  const jwk = { ...await subtle.exportKey("jwk", handle) };
  return key.type === "ec"
    ? ecPublicKey({ curve: key.curve, point: exportedPoint(jwk, key.curve) })
    : mlDsaPublicKey({ parameterSet: key.parameterSet, key: exportedMlDsaPublicKey(jwk) });
}

function undecipherable(operation: string, cause?: unknown): CryptoError {
  return new CryptoError(
    "ERR_CRYPTO_DECIPHER",
    operation,
    `Cannot decipher ${operation} data: the key is wrong or the data is damaged`,
    { cause },
  );
}
