/**
 * The shape of Wycheproof's files, as far as the suites read them, and how a result is judged.
 *
 * @module
 */

import type { HashName, MlDsaParameterSet } from "../../../../core/crypto/signature-algorithm.ts";
import type { Awaitable } from "../../../../core/crypto/signer.ts";
import type { ConformanceContext, Verdict } from "../../conformance-suite.ts";
import { demand, PASS } from "../../verdict.ts";

/** One file. */
export interface WycheproofFile {
  readonly algorithm: string;
  readonly testGroups: readonly WycheproofGroup[];
}

/** Tests with one key; octets are hexadecimal. */
export interface WycheproofGroup {
  readonly type: string;
  readonly tests: readonly WycheproofTest[];
  readonly sha?: HashName;
  readonly mgfSha?: HashName;
  readonly sLen?: number;
  readonly keySize?: number;
  readonly tagSize?: number;
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer?: string;
  /** ML-DSA: the encoded key; others: an object that says the same as `publicKeyDer`. */
  readonly publicKey?: unknown;
  /** ML-DSA: the expanded key. */
  readonly privateKey?: unknown;
  readonly privateSeed?: string;
  readonly privateKeyPkcs8?: string;
}

/** One test; octets are hexadecimal. */
export interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid" | "acceptable";
  readonly msg?: string;
  readonly sig?: string;
  readonly ctx?: string;
  readonly mu?: string;
  readonly rnd?: string;
  readonly key?: string;
  readonly iv?: string;
  readonly ct?: string;
  readonly tag?: string;
  readonly aad?: string;
  readonly password?: string;
  readonly salt?: string;
  readonly iterationCount?: number;
  readonly dkLen?: number;
  readonly dk?: string;
  readonly ikm?: string;
  readonly info?: string;
  /** Octets of `okm`. */
  readonly size?: number;
  readonly okm?: string;
}

/** Where a test stands. */
export interface WycheproofPlace {
  readonly file: WycheproofFile;
  readonly group: WycheproofGroup;
  /** What the tests of the group share. */
  readonly memory: Map<string, unknown>;
}

/** Runs one test. */
export type WycheproofRunner = (
  test: WycheproofTest,
  place: WycheproofPlace,
  context: ConformanceContext,
) => Awaitable<Verdict>;

/** `valid` must be accepted, `invalid` must not, `acceptable` may do either. */
export function judge(test: WycheproofTest, accepted: boolean, detail = ""): Verdict {
  if (test.result === "acceptable") return PASS;
  const why = detail === "" ? test.comment : `${test.comment}; ${detail}`;
  return demand(
    accepted === (test.result === "valid"),
    `${test.result}, but ${accepted ? "accepted" : "refused"}: ${why}`,
  );
}

/** The ML-DSA parameter set of a file. */
export function parameterSetOf({ algorithm }: WycheproofFile): MlDsaParameterSet {
  return algorithm as MlDsaParameterSet;
}

/** A value that is made once for a group. */
export function remember<T>(memory: Map<string, unknown>, name: string, make: () => T): T {
  if (!memory.has(name)) memory.set(name, make());
  return memory.get(name) as T;
}
