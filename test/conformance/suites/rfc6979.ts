/**
 * `rfc6979`: the deterministic signatures of RFC 6979 appendix A.2, nonces included.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { HashName } from "../../../core/crypto/signature-algorithm.ts";
import type { ConformanceCase, ConformanceSuite, SuiteFiles } from "../conformance-suite.ts";
import { namedCurve, runDeterministic } from "../ecdsa-case.ts";
import { casesOf } from "../verdict.ts";

interface Rfc6979Case {
  readonly id: string;
  readonly curve: string;
  readonly privateKey: string;
  readonly Ux: string;
  readonly Uy: string;
  readonly hash: HashName;
  readonly message: string;
  readonly k: string;
  readonly r: string;
  readonly s: string;
}

/** The suite. */
export const rfc6979: ConformanceSuite = { name: "rfc6979", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<Rfc6979Case>(files)) {
    const { id, hash, privateKey: scalar, Ux: x, Uy: y, k, r, s } = each;
    const signature = { hash, scalar, x, y, message: encodeUtf8(each.message), k, r, s };
    const kind = `${each.curve} ${hash}`;
    yield { id, kind, run: (context) => runDeterministic({ ...signature, curve: namedCurve(each.curve) }, context) };
  }
}
