/**
 * `rfc6979`: the deterministic signatures of RFC 6979 appendix A.2, nonces included.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { NamedCurve } from "../../../core/crypto/public-key.ts";
import type { HashName } from "../../../core/crypto/signature-algorithm.ts";
import type { ConformanceCase, ConformanceSuite, SuiteFiles } from "../conformance-suite.ts";
import { runDeterministic } from "../ecdsa-case.ts";
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
    const curve = each.curve.replace("NIST ", "") as NamedCurve;
    const signature = { curve, hash, scalar, x, y, message: encodeUtf8(each.message), k, r, s };
    yield { id, kind: `${curve} ${hash}`, run: (context) => runDeterministic(signature, context) };
  }
}
