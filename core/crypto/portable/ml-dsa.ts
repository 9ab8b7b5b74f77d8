/**
 * ML-DSA-44, -65 and -87 (FIPS 204) over `@noble/post-quantum`: keys in their three forms, signatures, verification,
 * with the arguments that only conformance suites use.
 *
 * Secret: private keys. A signature takes as many rounds as its rejections want (FIPS 204 algorithm 7), and
 * `@noble/post-quantum` reduces with `%` and branches on secret coefficients, so that time tells something of the key.
 * It wipes its own intermediate arrays.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { constantTimeEqual } from "../../bytes/constant-time.ts";
import { wipe } from "../../bytes/wipe.ts";
import { encodeObjectIdentifier } from "../../der/object-identifier.ts";
import { derElement } from "../../der/writer.ts";
import { TAG } from "../../der/tag.ts";
import { CryptoError } from "../crypto-error.ts";
import type { MlDsaPrivateKey } from "../private-key.ts";
import { ML_DSA_PUBLIC_KEY_OCTETS } from "../spki-encoding.ts";
import type { MlDsaParameterSet } from "../signature-algorithm.ts";
import { ML_DSA_EXPANDED_OCTETS, publicKeyOfExpanded } from "./ml-dsa-expanded-key.ts";
import { type DSA, ml_dsa44, ml_dsa65, ml_dsa87 } from "./noble/ml-dsa.ts";

/** A private key ready to sign, with its public key. The secret member is not enumerable. */
export interface MlDsaKeyPair {
  /** Its parameter set. */
  readonly parameterSet: MlDsaParameterSet;
  /** The encoded public key. */
  readonly publicKey: Bytes;
  /** Secret: the expanded key (FIPS 204 §7.2). */
  readonly expanded: Bytes;
}

/** A hash function for HashML-DSA (FIPS 204 §5.4). */
export interface PreHash {
  /** Its dotted object identifier. */
  readonly oid: string;
  /** Hashes the message to the length that FIPS 204 wants. */
  readonly digest: (message: Bytes) => Bytes;
}

/** What the message is, for both ends. */
export interface MlDsaMessageOptions {
  /** At most 255 octets, default none; not with another `form` than `"external"`. */
  readonly context?: Bytes;
  /** HashML-DSA with this hash; absent: pure. Not with another `form` than `"external"`. */
  readonly preHash?: PreHash;
  /**
   * What `message` holds: the message of the external interface (default), M' of the internal one (FIPS 204 §6.2), or
   * the 64 octets of the message representative μ.
   */
  readonly form?: "external" | "internal" | "mu";
}

/** How to sign. */
export interface MlDsaSignOptions extends MlDsaMessageOptions {
  /** rnd: 32 octets; default 32 zeros, the deterministic variant. */
  readonly randomness?: Bytes;
}

/**
 * Makes a key pair of a private key in any of its forms.
 *
 * Secret: key. Variable time, once for each key.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when a length or coefficient is wrong, the expanded key does not
 * belong to the seed, or its parts do not belong together
 */
export function mlDsaKeyPair(key: MlDsaPrivateKey): MlDsaKeyPair {
  const { parameterSet, seed, expanded } = key;
  if (expanded !== undefined && expanded.length !== ML_DSA_EXPANDED_OCTETS[parameterSet]) {
    invalidKey(`${parameterSet} private`, `the expanded key has ${expanded.length} octets`);
  }
  if (seed === undefined) {
    if (expanded === undefined) return invalidKey(`${parameterSet} private`, "it has neither seed nor expanded key");
    const publicKey = publicKeyOfExpanded(parameterSet, expanded);
    if (publicKey === undefined) {
      return invalidKey(`${parameterSet} private`, "the parts of the expanded key do not belong together");
    }
    return keyPair(parameterSet, publicKey, expanded);
  }
  if (seed.length !== 32) invalidKey(`${parameterSet} private`, `the seed has ${seed.length} octets, not 32`);
  const made = scheme(parameterSet).keygen(seed);
  if (expanded !== undefined && !constantTimeEqual(made.secretKey, expanded)) {
    wipe(made.secretKey);
    invalidKey(`${parameterSet} private`, "the seed and the expanded key do not belong together");
  }
  return keyPair(parameterSet, made.publicKey, made.secretKey);
}

/**
 * Signs a message (FIPS 204 §5.2, §5.4.1, §6.2).
 *
 * Secret: key and `randomness`. Best effort: see the module.
 *
 * @throws {TypeError} for an unknown option or a combination that means nothing
 * @throws {RangeError} for a context above 255 octets, or μ or `randomness` of the wrong length
 */
export function mlDsaSign(key: MlDsaKeyPair, message: Bytes, options: MlDsaSignOptions = {}): Bytes {
  const formatted = formatMessage(message, options, SIGN_OPTIONS);
  const { randomness = new Uint8Array(32) } = options;
  if (randomness.length !== 32) throw new RangeError(`"randomness" has ${randomness.length} octets, not 32`);
  return scheme(key.parameterSet).internal.sign(formatted, key.expanded, {
    extraEntropy: randomness,
    externalMu: options.form === "mu",
  });
}

/**
 * Whether the signature is one of the message (FIPS 204 §5.3, §5.4.2, §6.3); false for every malformed signature.
 *
 * Public: variable time.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` for a public key of another length
 * @throws {TypeError} for an unknown option or a combination that means nothing
 * @throws {RangeError} for a context above 255 octets or μ of the wrong length
 */
export function mlDsaVerify(
  parameterSet: MlDsaParameterSet,
  publicKey: Bytes,
  message: Bytes,
  signature: Bytes,
  options: MlDsaMessageOptions = {},
): boolean {
  checkMlDsaPublicKey(parameterSet, publicKey);
  const formatted = formatMessage(message, options, MESSAGE_OPTIONS);
  const { internal } = scheme(parameterSet);
  if (signature.length !== internal.lengths.signature) return false;
  return internal.verify(signature, formatted, publicKey, { externalMu: options.form === "mu" });
}

/**
 * Demands that the encoded public key has the length of its parameter set; every such string is a key.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`
 */
export function checkMlDsaPublicKey(parameterSet: MlDsaParameterSet, publicKey: Bytes): void {
  if (publicKey.length !== ML_DSA_PUBLIC_KEY_OCTETS[parameterSet]) {
    invalidKey(`${parameterSet} public`, `it has ${publicKey.length} octets`);
  }
}

/** M' of a message (FIPS 204 algorithms 2 to 5), or what stands for it. */
function formatMessage(message: Bytes, options: MlDsaMessageOptions, known: readonly string[]): Bytes {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TypeError(`"${name}" is not an option of ML-DSA`);
  }
  const { context, preHash, form = "external" } = options;
  if (form !== "external") {
    if (form !== "internal" && form !== "mu") throw new TypeError(`"form" is ${String(form)}`);
    if (context !== undefined || preHash !== undefined) {
      throw new TypeError(`"context" and "preHash" belong to the external interface, "form" is ${form}`);
    }
    if (form === "mu" && message.length !== 64) throw new RangeError(`μ has ${message.length} octets, not 64`);
    return message;
  }
  const length = context?.length ?? 0;
  if (length > 255) throw new RangeError(`"context" has ${length} octets, at most 255 are possible`);
  const prefix = [Uint8Array.of(preHash === undefined ? 0 : 1, length), context ?? new Uint8Array(0)];
  if (preHash === undefined) return concatBytes([...prefix, message]);
  const oid = derElement(TAG.objectIdentifier, encodeObjectIdentifier(preHash.oid));
  return concatBytes([...prefix, oid, preHash.digest(message)]);
}

function keyPair(parameterSet: MlDsaParameterSet, publicKey: Bytes, expanded: Bytes): MlDsaKeyPair {
  const pair = { parameterSet, publicKey };
  Object.defineProperty(pair, "expanded", { value: expanded, enumerable: false });
  return pair as MlDsaKeyPair;
}

function scheme(parameterSet: MlDsaParameterSet): DSA {
  return parameterSet === "ML-DSA-44" ? ml_dsa44 : parameterSet === "ML-DSA-65" ? ml_dsa65 : ml_dsa87;
}

function invalidKey(key: string, state: string): never {
  throw new CryptoError("ERR_CRYPTO_INVALID_KEY", `${key} key import`, `Cannot import ${key} key: ${state}`);
}

const MESSAGE_OPTIONS = ["context", "preHash", "form"];
const SIGN_OPTIONS = ["context", "preHash", "form", "randomness"];
