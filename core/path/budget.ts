/**
 * What a search for a path may cost, so that hostile certificates end in an error and not in a long wait.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { PathError } from "./path-error.ts";

/** Limits of one search. */
export interface PathLimits {
  /** Signatures checked. */
  readonly signatures: number;
  /** Issuer candidates looked at. */
  readonly candidates: number;
  /** Certificates between the end entity and the anchor. */
  readonly intermediates: number;
}

/**
 * A hundred signatures is the limit of rustls-webpki and of Go's crypto/x509; eight intermediates are more than the
 * five that the service lets a client send.
 */
export const DEFAULT_PATH_LIMITS: PathLimits = { signatures: 100, candidates: 10_000, intermediates: 8 };

/** What is left of the limits in one search. */
export class PathBudget {
  readonly #limits: PathLimits;
  #signatures = 0;
  #candidates = 0;

  /** A budget with nothing spent. */
  constructor(limits: PathLimits) {
    this.#limits = limits;
  }

  /** Pays for one signature check. @throws {PathError} when there is nothing left */
  spendSignature(certificate: Certificate, depth: number): void {
    if (++this.#signatures > this.#limits.signatures) {
      throw exhausted(certificate, depth, `${this.#limits.signatures} signatures`);
    }
  }

  /** Pays for one issuer candidate. @throws {PathError} when there is nothing left */
  spendCandidate(certificate: Certificate, depth: number): void {
    if (++this.#candidates > this.#limits.candidates) {
      throw exhausted(certificate, depth, `${this.#limits.candidates} candidates`);
    }
  }

  /** Whether the path may get one more intermediate. */
  allowsIntermediate(count: number): boolean {
    return count < this.#limits.intermediates;
  }
}

function exhausted(certificate: Certificate, depth: number, what: string): PathError {
  return new PathError("ERR_PATH_BUDGET", certificate, depth, `the search for a path stopped after ${what}`);
}
