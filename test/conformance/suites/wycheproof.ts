/**
 * `wycheproof`: the files of C2SP's Wycheproof. A group's `type` says what its tests are about.
 *
 * @module
 */

import type { ConformanceCase, ConformanceSuite, SuiteFiles } from "../conformance-suite.ts";
import { skip } from "../verdict.ts";
import { runAead, runHkdf, runIndCpa, runMac, runPassword } from "./wycheproof/password.ts";
import { runMlDsaSign, runMlDsaVerify } from "./wycheproof/ml-dsa.ts";
import { runEcdsaP1363, runPkcs1Generate, runVerify } from "./wycheproof/signature.ts";
import type { WycheproofFile, WycheproofRunner } from "./wycheproof/test.ts";

/** The suite. */
export const wycheproof: ConformanceSuite = { name: "wycheproof", cases };

const RUNNERS: Readonly<Record<string, WycheproofRunner>> = {
  EcdsaVerify: runVerify,
  EcdsaP1363Verify: runEcdsaP1363,
  RsassaPkcs1Verify: runVerify,
  RsassaPssVerify: runVerify,
  RsassaPssWithParametersVerify: runVerify,
  RsassaPkcs1Generate: runPkcs1Generate,
  MlDsaVerify: runMlDsaVerify,
  MlDsaSign: runMlDsaSign,
  PbeTest: runPassword,
  PbkdfTest: runPassword,
  IndCpaTest: runIndCpa,
  MacTest: runMac,
  EddsaVerify: runVerify,
  AeadTest: runAead,
  HkdfTest: runHkdf,
};

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [name, content] of files) {
    const file = content as WycheproofFile;
    for (const group of file.testGroups) {
      const runner = RUNNERS[group.type];
      // A group has one key, which is imported once.
      const memory = new Map<string, unknown>();
      for (const test of group.tests) {
        yield {
          id: `${name.replace(/\.json$/, "")}#${test.tcId}`,
          kind: `${name} ${group.sha ?? ""} ${group.mgfSha ?? ""} ${group.keySize ?? ""}`,
          run: (context) =>
            runner === undefined
              ? skip(`tests of type ${group.type} are not supported`)
              : runner(test, { file, group, memory }, context),
        };
      }
    }
  }
}
