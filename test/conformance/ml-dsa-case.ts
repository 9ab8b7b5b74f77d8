/**
 * What the ML-DSA suites have in common. Contexts, pre-hashes, μ and rnd are arguments of the portable provider's own
 * functions; what X.509 and CreateSession use, pure ML-DSA with an empty context, is also asked of the provider under
 * test.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import {
  mlDsaKeyPair,
  type MlDsaMessageOptions,
  mlDsaSign,
  type MlDsaSignOptions,
  mlDsaVerify,
} from "../../core/crypto/portable/ml-dsa.ts";
import { type MlDsaPrivateKey, mlDsaPrivateKey } from "../../core/crypto/private-key.ts";
import { mlDsaAlgorithm, type MlDsaParameterSet } from "../../core/crypto/signature-algorithm.ts";
import { mlDsaPublicKey } from "../../core/crypto/spki-encoding.ts";
import { verifySignature } from "../../core/sign/mod.ts";
import type { ConformanceContext, Verdict } from "./conformance-suite.ts";
import { all, compare, demand } from "./verdict.ts";

/** Whether these arguments are those of X.509 and CreateSession. */
function isPlain({ context, preHash, form = "external" }: MlDsaMessageOptions): boolean {
  return form === "external" && preHash === undefined && (context?.length ?? 0) === 0;
}

/** Signs with the arguments and compares; then with the provider under test, where it has such signatures. */
export async function signMlDsa(
  key: Omit<MlDsaPrivateKey, "type">,
  message: Bytes,
  options: MlDsaSignOptions,
  expected: string,
  { provider, crypto }: ConformanceContext,
): Promise<Verdict> {
  const { parameterSet } = key;
  const pair = mlDsaKeyPair(mlDsaPrivateKey(key));
  const signature = mlDsaSign(pair, message, options);
  const exact = compare(["signature", encodeHex(signature), expected.toLowerCase()]);
  if (provider === "portable" || !isPlain(options)) return exact;
  const signer = await crypto.importPrivateKey(mlDsaPrivateKey(key), mlDsaAlgorithm(parameterSet));
  const own = await signer.sign(message);
  return all(
    exact,
    compare(["public key", encodeHex(signer.publicKey.subarray(-pair.publicKey.length)), encodeHex(pair.publicKey)]),
    demand(mlDsaVerify(parameterSet, pair.publicKey, message, own), `the ${provider} signature does not verify`),
  );
}

/** Whether the signature is accepted: by the provider under test where it can be asked, else by the function. */
export async function verifyMlDsa(
  parameterSet: MlDsaParameterSet,
  publicKey: Bytes,
  message: Bytes,
  signature: Bytes,
  options: MlDsaMessageOptions,
  { crypto }: ConformanceContext,
): Promise<boolean> {
  if (!isPlain(options)) return mlDsaVerify(parameterSet, publicKey, message, signature, options);
  const key = mlDsaPublicKey({ parameterSet, key: publicKey });
  return await verifySignature(crypto, mlDsaAlgorithm(parameterSet), key, message, signature);
}

/** The keys that a seed makes, as components and as the provider under test sees them. */
export async function expandMlDsa(
  parameterSet: MlDsaParameterSet,
  seed: Bytes,
  expected: { readonly pk: string; readonly sk: string },
  { provider, crypto }: ConformanceContext,
): Promise<Verdict> {
  const key = mlDsaPrivateKey({ parameterSet, seed });
  const pair = mlDsaKeyPair(key);
  const exact = compare(
    ["public key", encodeHex(pair.publicKey), expected.pk.toLowerCase()],
    ["expanded key", encodeHex(pair.expanded), expected.sk.toLowerCase()],
  );
  if (provider === "portable") return exact;
  const { publicKey } = await crypto.importPrivateKey(key, mlDsaAlgorithm(parameterSet));
  const last = encodeHex(publicKey.subarray(-pair.publicKey.length));
  return all(exact, compare([`${provider} public key`, last, expected.pk.toLowerCase()]));
}
