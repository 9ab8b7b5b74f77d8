/**
 * RSA and ECDSA tests of Wycheproof.
 *
 * @module
 */

import { encodeHex } from "../../../../core/bytes/hex.ts";
import { ecdsaSignatureToDer } from "../../../../core/crypto/ecdsa-signature.ts";
import { CURVE_OCTETS, type PublicKey } from "../../../../core/crypto/public-key.ts";
import { HASH_OCTETS } from "../../../../core/crypto/hash-octets.ts";
import { ED25519, rsaPss, type SignatureAlgorithm } from "../../../../core/crypto/signature-algorithm.ts";
import type { Verifier } from "../../../../core/crypto/signer.ts";
import { parsePrivateKey, parseSubjectPublicKeyInfo } from "../../../../core/keys/mod.ts";
import { type ConformanceContext, SkipCase, type Verdict } from "../../conformance-suite.ts";
import { ecdsaAlgorithm } from "../../ecdsa-case.ts";
import { pkcs1Algorithm } from "../../rsa-case.ts";
import { attempt, compare, hex, isCoded } from "../../verdict.ts";
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
    requireHash(group);
    const key = remember(memory, "key", () => parsePublicKey(group.publicKeyDer!));
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
  requireHash(group);
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
  requireHash(group);
  return remember(memory, "verifier", async () => {
    const key = parsePublicKey(group.publicKeyDer!);
    return await crypto.importPublicKey(key, algorithmOf(group));
  });
}

/** The group's key; the tests of a curve or kind of key that is not supported anywhere are skipped. */
function parsePublicKey(der: string): PublicKey {
  try {
    return parseSubjectPublicKeyInfo(hex(der));
  } catch (error) {
    if (isCoded(error) && error.code === "ERR_KEY_UNSUPPORTED") throw new SkipCase(error.message);
    throw error;
  }
}

/** Hashes that signatures of X.509 certificates have; Ed25519 names none. */
function requireHash({ type, sha, mgfSha = sha }: WycheproofPlace["group"]): void {
  if (type === "EddsaVerify") return;
  const other = [sha, mgfSha].find((hash) => hash === undefined || !Object.hasOwn(HASH_OCTETS, hash));
  if (sha === undefined || other !== undefined) throw new SkipCase(`${other ?? "no hash"} is not supported`);
}

function algorithmOf({ type, sha, mgfSha, sLen }: WycheproofPlace["group"]): SignatureAlgorithm {
  if (type === "EddsaVerify") return ED25519;
  if (type.startsWith("RsassaPss")) return rsaPss(sha!, mgfSha!, sLen!);
  return type === "RsassaPkcs1Verify" ? pkcs1Algorithm(sha!) : ecdsaAlgorithm(sha!);
}
