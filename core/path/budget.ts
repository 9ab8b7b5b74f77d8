/**
 * What a search for a path may cost, so that hostile certificates end in an error and not in a long wait.
 *
 * @module
 */

import type { NamedCurve, PublicKey } from "../crypto/public-key.ts";
import { rsaBits } from "./algorithm-policy.ts";

/** Limits of one search, the search for signers of revocation lists included. */
export interface PathLimits {
  /**
   * Signatures checked. One by a key that takes long counts for several: P-384 and ML-DSA for 4, P-521 for 8, RSA
   * beyond the ordinary by its length and exponent.
   */
  readonly signatures: number;
  /** Issuer candidates looked at. */
  readonly candidates: number;
  /** Certificates between the end entity and the anchor. */
  readonly intermediates: number;
  /**
   * Comparisons with name constraints, of policies, and of what revocation lists are about. The alternative names of a
   * certificate count times all the constraints of a CA above it, of whatever forms they are.
   */
  readonly comparisons: number;
  /** Octets of certificates that are read: of the end entity, and of every issuer candidate once. */
  readonly octets: number;
}

/**
 * A hundred signatures is the limit of rustls-webpki and of Go's crypto/x509; eight intermediates are more than the
 * five that the service lets a client send; 2^20 comparisons are BoringSSL's limit for the names of one certificate;
 * 2^19 octets have a thousand small certificates.
 */
export const DEFAULT_PATH_LIMITS: PathLimits = {
  signatures: 100,
  candidates: 10_000,
  intermediates: 8,
  comparisons: 1_048_576,
  octets: 524_288,
};

/** The end of the search: nothing is left of one of the limits. */
export class BudgetSpent {
  /** Completes "Cannot validate certificate "CN=…": …". */
  readonly state: string;

  /** Makes it. @param what was spent */
  constructor(what: string) {
    this.state = `the search for a path stopped after ${what}`;
  }
}

/** What is left of the limits in one search. */
export class PathBudget {
  /** Certificates between the end entity and the anchor. */
  readonly intermediates: number;
  readonly #limits: PathLimits;
  readonly #spent = { signatures: 0, candidates: 0, comparisons: 0, octets: 0 };

  /** A budget with nothing spent. */
  constructor(limits: PathLimits) {
    this.#limits = limits;
    this.intermediates = limits.intermediates;
  }

  /** Pays for one signature check with this key. @throws {BudgetSpent} when there is nothing left */
  spendSignature(key?: PublicKey): void {
    this.spend("signatures", key === undefined ? 1 : verificationCost(key));
  }

  /** Pays for what is to be done, before it is done. @throws {BudgetSpent} when there is nothing left */
  spend(what: "signatures" | "candidates" | "comparisons" | "octets", count: number): void {
    const limit = this.#limits[what];
    if ((this.#spent[what] += count) > limit) throw new BudgetSpent(`${limit} ${what}`);
  }
}

/**
 * A unit is what P-256 takes, some 0.15 ms with OpenSSL and the key's import. P-384 takes six times, P-521 ten times as
 * long; they count for less, so that a path of nine certificates with P-384 and all their revocation lists, or of six
 * with P-521, is within the limit. ML-DSA counts for what it takes where OpenSSL has none. RSA takes bits of the modulus,
 * squared, times bits of the exponent: 1 up to 4,096 bits with a 64-bit exponent.
 */
function verificationCost(key: PublicKey): number {
  switch (key.type) {
    case "ec":
      return CURVE_COST[key.curve];
    case "ml-dsa":
      return 4;
    case "rsa":
      if (key.modulus.length > 512 || key.exponent.length > 8) {
        return Math.ceil((rsaBits(key.modulus) / 4096) ** 2 * rsaBits(key.exponent) / 64);
      }
  }
  return 1;
}

const CURVE_COST: { readonly [curve in NamedCurve]: number } = { "P-256": 1, "P-384": 4, "P-521": 8 };
