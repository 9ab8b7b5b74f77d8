/**
 * Verifying with WebCrypto. RSA keys that runtimes disagree about are verified by `rsa-verify`; ECDSA signatures come as
 * DER; malformed signatures are false before the platform sees them; a capability counts once it has worked.
 *
 * Public: keys, messages and signatures; variable time.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { ecdsaSignatureFromDer } from "./ecdsa-signature.ts";
import { requireEd25519Point } from "./ed25519-key.ts";
import { HASH_OCTETS } from "./hash-octets.ts";
import { isCommonRsa, requireFit, signatureOctets } from "./key-fit.ts";
import type { PlatformKey } from "./provider.ts";
import { CURVE_OCTETS, type PublicKey } from "./public-key.ts";
import { rsaVerifier } from "./rsa-verify.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";
import type { Verifier } from "./signer.ts";
import { rsaPublicKey } from "./spki-encoding.ts";
import { importParameters, operationParameters, type SubtleWebCrypto } from "./web-crypto.ts";
import { needsSha224, PROOF, type WebCryptoCalls } from "./webcrypto-calls.ts";
import { failed } from "./webcrypto-signer.ts";

/** Public keys in one platform, and what it has proven: no promise of it, which in a worker belongs to one request. */
export class WebCryptoPublicKeys {
  readonly #calls: WebCryptoCalls;
  readonly #proven = new Set<string>();
  #importsAnyPoint: boolean | undefined;

  /** Of a platform about which nothing is known. */
  constructor(calls: WebCryptoCalls) {
    this.#calls = calls;
  }

  /** As a provider's `importPublicKey`. */
  async importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): Promise<Verifier> {
    requireFit(key, algorithm);
    requireEd25519Point(key, algorithm);
    const { attempt, digest, lacks, subtleFor } = this.#calls;
    const operation = `${algorithm.name} verify`;
    const subtle = subtleFor(operation);
    if (needsSha224(algorithm)) throw lacks(operation);
    if (algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss") {
      if (key.type === "rsa" && !isCommonRsa(key, algorithm)) return rsaVerifier(key, algorithm, digest);
    }
    const parameters = operationParameters(algorithm);
    const handle = await attempt(
      operation,
      async () => {
        const [format, octets] = key.type === "ec"
          ? ["raw", key.point] as const
          : ["spki", importableSpki(key)] as const;
        const imported = await subtle.importKey(format, octets, importParameters(key, algorithm), true, ["verify"]);
        // Deno looks at the point only when it has to do something with it.
        if (key.type === "ec" && (this.#importsAnyPoint ??= await acceptsWrongPoint(subtle))) {
          await subtle.exportKey("jwk", imported);
        }
        return imported;
      },
      () => key.type === "ec" ? "the platform finds its point not on the curve" : "the platform finds it out of range",
    );
    const octets = signatureOctets(key) ?? 2 * CURVE_OCTETS[(key as { curve: keyof typeof CURVE_OCTETS }).curve];
    const check = (message: Bytes, signature: Bytes): Promise<boolean> =>
      subtle.verify(parameters, handle, signature, message);
    // Some combinations fail only when they run: let each run once, on a signature that cannot be right.
    const capability = `${operation} ${key.type === "ec" ? key.curve : key.type}`;
    await this.#prove(capability, () =>
      attempt(operation, async () => {
        if (await check(PROOF, new Uint8Array(octets).fill(1))) throw new Error("it accepted an arbitrary signature");
        if (!pretends(key, algorithm)) return;
        const pair = await subtle.generateKey(importParameters(key, algorithm), false, ["sign", "verify"]);
        const { privateKey, publicKey } = pair as { privateKey: PlatformKey; publicKey: PlatformKey };
        const signature = new Uint8Array(await subtle.sign(parameters, privateKey, PROOF));
        if (signature.length !== octets || !await subtle.verify(parameters, publicKey, signature, PROOF)) {
          throw new Error("it refused its own signature");
        }
      }));
    return {
      algorithm,
      async verify(message: Bytes, signature: Bytes): Promise<boolean> {
        const raw = key.type === "ec" ? rawSignature(signature, octets / 2) : signature;
        if (raw === undefined || raw.length !== octets) return false;
        try {
          return await check(message, raw);
        } catch (cause) {
          throw failed(operation, cause);
        }
      },
    };
  }

  /** Runs the proof of a capability once; a failure is not kept, so that it is reported each time it matters. */
  async #prove(capability: string, proof: () => Promise<void>): Promise<void> {
    if (this.#proven.has(capability)) return;
    await proof();
    this.#proven.add(capability);
  }
}

/**
 * Whether some platform imports such keys and answers false forever: ML-DSA in a library that only has the names of it,
 * and, on Deno, digests shorter than half the field.
 */
function pretends(key: PublicKey, algorithm: SignatureAlgorithm): boolean {
  return key.type === "ml-dsa" ||
    (key.type === "ec" && "hash" in algorithm && 2 * HASH_OCTETS[algorithm.hash] < CURVE_OCTETS[key.curve]);
}

/** Whether the platform imports a point that is not on its curve: (1, 1) of P-256. */
function acceptsWrongPoint(subtle: SubtleWebCrypto): Promise<boolean> {
  const point = new Uint8Array(65);
  point[0] = 4;
  point[32] = point[64] = 1;
  return subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"])
    .then(() => true, () => false);
}

/** The SubjectPublicKeyInfo that platforms import: of RSASSA-PSS keys the one that says rsaEncryption. */
function importableSpki(key: PublicKey): Bytes {
  return key.type === "rsa" && key.pss !== undefined ? rsaPublicKey(key).spki : key.spki;
}

function rawSignature(der: Bytes, curveOctets: number): Bytes | undefined {
  try {
    return ecdsaSignatureFromDer(der, curveOctets);
  } catch {
    // Only an encoding that is wrong: for a verifier that is one more false signature.
    return undefined;
  }
}
