/**
 * ML-DSA tests of Wycheproof.
 *
 * @module
 */

import type { MlDsaMessageOptions } from "../../../../core/crypto/portable/ml-dsa.ts";
import type { ConformanceContext, Verdict } from "../../conformance-suite.ts";
import { signMlDsa, verifyMlDsa } from "../../ml-dsa-case.ts";
import { describeError, hex } from "../../verdict.ts";
import { judge, parameterSetOf, type WycheproofPlace, type WycheproofTest } from "./test.ts";

/** Verification, with a context or without. */
export async function runMlDsaVerify(
  test: WycheproofTest,
  { file, group }: WycheproofPlace,
  context: ConformanceContext,
): Promise<Verdict> {
  const { message, options } = messageOf(test);
  return await judgeCall(test, async () => {
    const key = hex(group.publicKey as string);
    return await verifyMlDsa(parameterSetOf(file), key, message, hex(test.sig!), options, context);
  });
}

/** Signing with a seed or an expanded key; the signature must be exactly that. */
export async function runMlDsaSign(
  test: WycheproofTest,
  { file, group }: WycheproofPlace,
  context: ConformanceContext,
): Promise<Verdict> {
  const { message, options } = messageOf(test);
  const key = {
    parameterSet: parameterSetOf(file),
    ...(group.privateSeed === undefined
      ? { expanded: hex(group.privateKey as string) }
      : { seed: hex(group.privateSeed) }),
  };
  const randomness = test.rnd === undefined ? {} : { randomness: hex(test.rnd) };
  let verdict: Verdict | undefined;
  const judged = await judgeCall(test, async () => {
    verdict = await signMlDsa(key, message, { ...options, ...randomness }, test.sig ?? "", context);
    return true;
  });
  return test.result === "valid" && verdict !== undefined ? verdict : judged;
}

/** The message, or μ where there is nothing else. */
function messageOf({ msg, ctx, mu }: WycheproofTest): {
  readonly message: Uint8Array<ArrayBuffer>;
  readonly options: MlDsaMessageOptions;
} {
  if (msg === undefined) return { message: hex(mu!), options: { form: "mu" } };
  return { message: hex(msg), options: ctx === undefined ? {} : { context: hex(ctx) } };
}

/** Keys, contexts and signatures of impossible lengths are refused with whatever error says so. */
async function judgeCall(test: WycheproofTest, call: () => Promise<boolean>): Promise<Verdict> {
  let accepted: boolean;
  try {
    accepted = await call();
  } catch (error) {
    return judge(test, false, describeError(error));
  }
  return judge(test, accepted);
}
