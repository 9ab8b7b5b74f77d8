/**
 * RSA and ECDSA tests of Wycheproof.
 *
 * @module
 */

import { encodeHex } from "../../../../core/bytes/hex.ts";
import { ecdsaSignatureToDer } from "../../../../core/crypto/ecdsa-signature.ts";
import { CURVE_OCTETS } from "../../../../core/crypto/public-key.ts";
import { rsaPss, type SignatureAlgorithm } from "../../../../core/crypto/signature-algorithm.ts";
import type { Verifier } from "../../../../core/crypto/signer.ts";
import { parsePrivateKey, parseSubjectPublicKeyInfo } from "../../../../core/keys/mod.ts";
import type { ConformanceContext, Verdict } from "../../conformance-suite.ts";
import { ecdsaAlgorithm } from "../../ecdsa-case.ts";
import { pkcs1Algorithm } from "../../rsa-case.ts";
import { attempt, compare, hex } from "../../verdict.ts";
import { judge, remember, type WycheproofPlace, type WycheproofTest } from "./test.ts";

/** Verification of signatures in their X.509 encoding. */
export async function runVerify(
  test: WycheproofTest,
  place: WycheproofPlace,
  context: ConformanceContext,
): Promise<Verdict> {
  const answer = await attempt(async () => (await verifierOf(place, context)).verify(hex(test.msg!), hex(test.sig!)));
  return "refused" in answer ? judge(test, false, answer.refused.message) : judge(test, answer.value);
}

/** Verification of r ‖ s: by the portable arithmetic as it is, by others in DER. */
export async function runEcdsaP1363(
  test: WycheproofTest,
  place: WycheproofPlace,
  context: ConformanceContext,
): Promise<Verdict> {
  const { group, memory } = place;
  const raw = hex(test.sig!);
  const answer = await attempt(async () => {
    const key = remember(memory, "key", () => parseSubjectPublicKeyInfo(hex(group.publicKeyDer!)));
    if (key.type !== "ec") throw new TypeError("not an elliptic-curve key");
    if (raw.length !== 2 * CURVE_OCTETS[key.curve]) return false;
    if (context.provider === "portable") {
      context.ecdsa.checkPoint(key.curve, key.point);
      return context.ecdsa.verify(key.curve, key.point, group.sha!, hex(test.msg!), raw);
    }
    return await (await verifierOf(place, context)).verify(hex(test.msg!), ecdsaSignatureToDer(raw));
  });
  return "refused" in answer ? judge(test, false, answer.refused.message) : judge(test, answer.value);
}

/** Signatures that must be exactly those. */
export async function runPkcs1Generate(
  test: WycheproofTest,
  { group, memory }: WycheproofPlace,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const answer = await attempt(async () => {
    const signer = await remember(memory, "signer", () => {
      const key = parsePrivateKey(hex(group.privateKeyPkcs8!));
      return crypto.importPrivateKey(key, pkcs1Algorithm(group.sha!));
    });
    return encodeHex(await signer.sign(hex(test.msg!)));
  });
  if ("refused" in answer) return judge(test, false, answer.refused.message);
  return test.result === "invalid" ? judge(test, true) : compare(["signature", answer.value, test.sig!]);
}

function verifierOf({ group, memory }: WycheproofPlace, { crypto }: ConformanceContext): Promise<Verifier> {
  return remember(memory, "verifier", async () => {
    const key = parseSubjectPublicKeyInfo(hex(group.publicKeyDer!));
    return await crypto.importPublicKey(key, algorithmOf(group));
  });
}

function algorithmOf({ type, sha, mgfSha, sLen }: WycheproofPlace["group"]): SignatureAlgorithm {
  if (type.startsWith("RsassaPss")) return rsaPss(sha!, mgfSha!, sLen!);
  return type === "RsassaPkcs1Verify" ? pkcs1Algorithm(sha!) : ecdsaAlgorithm(sha!);
}
