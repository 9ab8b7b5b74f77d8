/**
 * `keys`: private keys in every container and encryption that other libraries write.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { loadPrivateKey } from "../../../core/keys/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { attempt, casesOf, compare, demand, fail, PASS } from "../verdict.ts";

interface KeyCase {
  readonly id: string;
  readonly container?: string;
  readonly pem?: string;
  readonly der?: string;
  readonly scheme?: readonly string[];
  readonly password?: string | null;
  readonly expect: "accept" | "reject";
  readonly keyType?: string;
  readonly spki?: string;
  readonly spkiAlternative?: string | readonly string[];
  readonly core: boolean;
}

/** The suite. */
export const keys: ConformanceSuite = { name: "keys", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<KeyCase>(files)) {
    const scheme = each.scheme ?? [];
    const kind = scheme.length > 0 ? scheme.join(" ") : `${each.keyType ?? "rejects"} ${each.core}`;
    yield { id: each.id, kind, run: (context) => run(each, context) };
  }
}

async function run(each: KeyCase, context: ConformanceContext): Promise<Verdict> {
  const password = each.password ?? undefined;
  const loaded = await attempt(() => publicKeyOf(each, password, context));
  // What is not at the core of a signing tool may be refused, but must not crash or yield another key.
  if ("refused" in loaded) {
    return demand(each.expect === "reject" || !each.core, `refused: ${loaded.refused.message}`);
  }
  if (each.expect === "reject") return demand(!each.core, "accepted");
  const wanted = [each.spki, ...[each.spkiAlternative ?? []].flat()].filter((spki) => spki !== undefined);
  if (!wanted.includes(loaded.value)) return compare(["public key", loaded.value, wanted[0] ?? "none in the data"]);
  if (password === undefined || !context.thorough) return PASS;
  const other = await attempt(() => publicKeyOf(each, `${password}x`, context));
  return "refused" in other ? PASS : fail("a wrong password was accepted");
}

async function publicKeyOf(
  { pem, der }: KeyCase,
  password: string | undefined,
  { crypto }: ConformanceContext,
): Promise<string> {
  const key = await loadPrivateKey(pem ?? decodeBase64(der!)!, { crypto, password });
  return encodeBase64((await crypto.importPrivateKey(key, sessionAlgorithm(key))).publicKey);
}
