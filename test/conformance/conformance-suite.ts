/**
 * What a conformance suite is: it turns the published cases of one folder into cases that can be run, one by one, in
 * any runtime.
 *
 * @module
 */

import type { EcdsaArithmetic } from "../../core/crypto/portable/ecdsa.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import type { Awaitable } from "../../core/crypto/signer.ts";

/** Whose cryptography is at work: the runtime's own, WebCrypto where the runtime has something else too, or ours. */
export type ProviderName = "native" | "webcrypto" | "portable";

/** What the cases of a run have in common. */
export interface ConformanceContext {
  readonly provider: ProviderName;
  /** The provider under test; behind a native one the portable provider fills gaps. */
  readonly crypto: CryptoProvider;
  /** The synchronous hash under test. */
  readonly sha256: Sha256;
  /** The portable provider's arithmetic, for r ‖ s and deterministic nonces. */
  readonly ecdsa: EcdsaArithmetic;
  /** Milliseconds of a clock that moves while JavaScript runs; undefined: the runtime has none. */
  readonly clock: (() => number) | undefined;
  /** Whether additional checks that cost much may be made. */
  readonly thorough: boolean;
}

/** How a case ended. */
export type Verdict =
  | { readonly outcome: "pass"; /** What to count for the reader. */ readonly tally?: string | undefined }
  | { readonly outcome: "fail"; readonly detail: string; readonly tally?: string | undefined }
  | { readonly outcome: "skip"; readonly detail: string };

/** One case. */
export interface ConformanceCase {
  /** As the data names it. */
  readonly id: string;
  /** What a sample must not leave out: an algorithm, a file. */
  readonly kind: string;
  /** Runs it. What it throws is a failure. */
  readonly run: (context: ConformanceContext) => Awaitable<Verdict>;
}

/**
 * The parsed JSON files of a suite's folder by their names, in order; then the files that the suite asked for besides,
 * as octets, by their paths.
 */
export type SuiteFiles = ReadonlyMap<string, unknown>;

/** One suite. */
export interface ConformanceSuite {
  /** The folder's name. */
  readonly name: string;
  /** Whether a sample may stand for all cases; absent: yes. False where a case costs next to nothing. */
  readonly sampled?: false;
  /** Paths of files of the folder that are not JSON, and that the JSON files name; absent: there is none. */
  readonly otherFiles?: (files: SuiteFiles) => Iterable<string>;
  /** The cases in the order of the files. */
  readonly cases: (files: SuiteFiles) => Iterable<ConformanceCase>;
}

/** Ends a case as skipped from anywhere within it. */
export class SkipCase extends Error {
  override readonly name: string = "SkipCase";
}
