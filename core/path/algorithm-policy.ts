/**
 * Which signatures and keys a path may rest on.
 *
 * @module
 */

import type { PublicKey } from "../crypto/public-key.ts";
import type { HashName, SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import type { UnknownSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import { type Refusal, refuse } from "./path-refusal.ts";

/** What signatures and keys must be. What a provider cannot verify is refused whatever the policy says. */
export interface AlgorithmPolicy {
  /** Hashes of RSA and ECDSA signatures that are accepted; Ed25519 and ML-DSA bring their own. */
  readonly hashes: readonly HashName[];
  /** Least bits of an RSA modulus whose signatures are relied on. */
  readonly minimumIssuerRsaBits: number;
  /** Least bits of the end entity's own RSA modulus. */
  readonly minimumEndEntityRsaBits: number;
}

/**
 * SHA-256 and stronger. 2,048 bits for RSA issuers (NIST SP 800-131A); the end entity's own key, which no signature of
 * the path rests on, may have 1,024.
 */
export const DEFAULT_ALGORITHM_POLICY: AlgorithmPolicy = {
  hashes: ["SHA-256", "SHA-384", "SHA-512"],
  minimumIssuerRsaBits: 2048,
  minimumEndEntityRsaBits: 1024,
};

/** Refuses a signature whose hash is not accepted, or whose RSA key is too short. */
export function checkSignatureAlgorithm(
  algorithm: SignatureAlgorithm | UnknownSignatureAlgorithm,
  issuerKey: PublicKey,
  policy: AlgorithmPolicy,
): Refusal | undefined {
  if ("hash" in algorithm) {
    const weak = policy.hashes.includes(algorithm.hash)
      ? algorithm.scheme === "rsa-pss" && !policy.hashes.includes(algorithm.mgfHash)
        ? `${algorithm.name} and MGF1 with ${algorithm.mgfHash}`
        : undefined
      : algorithm.name;
    if (weak !== undefined) {
      return refuse("ERR_PATH_ALGORITHM", `it is signed with ${weak}, accepted are ${policy.hashes.join(", ")}`);
    }
  }
  return checkRsaBits(issuerKey, policy.minimumIssuerRsaBits, "it is signed with an RSA key of");
}

/** Refuses an end entity whose RSA key is too short. */
export function checkEndEntityKey(key: PublicKey, policy: AlgorithmPolicy): Refusal | undefined {
  return checkRsaBits(key, policy.minimumEndEntityRsaBits, "its RSA key has");
}

function checkRsaBits(key: PublicKey, minimum: number, what: string): Refusal | undefined {
  if (key.type !== "rsa") return undefined;
  const bits = rsaBits(key.modulus);
  return bits < minimum
    ? refuse("ERR_PATH_ALGORITHM", `${what} ${bits} bits, at least ${minimum} are wanted`)
    : undefined;
}

/** Bits of an integer without leading zero octets. */
export function rsaBits(modulus: Uint8Array): number {
  return modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
}
