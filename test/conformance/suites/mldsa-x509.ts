/**
 * `mldsa-x509`: the private keys and certificates of RFC 9881.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { parsePrivateKey } from "../../../core/keys/mod.ts";
import { verifySignature } from "../../../core/sign/mod.ts";
import { checkCertificate, parseCertificate } from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { all, attempt, casesOf, compare, demand, fail } from "../verdict.ts";

interface MlDsaX509Case {
  readonly id: string;
  readonly kind: string;
  readonly parameterSet: string;
  readonly form?: string;
  readonly pem?: string;
  readonly certificate?: string;
  readonly spki?: string;
  readonly expect: "accept" | "reject";
  readonly selfSignatureValid?: boolean;
}

/** The suite. */
export const mldsaX509: ConformanceSuite = { name: "mldsa-x509", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<MlDsaX509Case>(files)) {
    const kind = `${each.kind} ${each.parameterSet} ${each.form ?? ""} ${each.expect}`;
    const run = each.certificate === undefined ? runPrivateKey : runCertificate;
    yield { id: each.id, kind, run: (context) => run(each, context) };
  }
}

async function runPrivateKey(each: MlDsaX509Case, { crypto }: ConformanceContext): Promise<Verdict> {
  const loaded = await attempt(async () => {
    const key = parsePrivateKey(each.pem!);
    return (await crypto.importPrivateKey(key, sessionAlgorithm(key))).publicKey;
  });
  if ("refused" in loaded) return demand(each.expect === "reject", `refused: ${loaded.refused.message}`);
  if (each.expect === "reject") return fail("accepted");
  return compare(["public key", encodeBase64(loaded.value), each.spki ?? ""]);
}

async function runCertificate(each: MlDsaX509Case, { crypto }: ConformanceContext): Promise<Verdict> {
  const certificate = parseCertificate(decodeBase64(each.certificate!)!);
  checkCertificate(certificate);
  const { signatureAlgorithm, publicKey, tbsCertificate, signature } = certificate;
  if (signatureAlgorithm.scheme === "unknown") return fail(`unknown algorithm ${signatureAlgorithm.name}`);
  const valid = await verifySignature(crypto, signatureAlgorithm, publicKey, tbsCertificate, signature);
  return all(
    compare(["public key", encodeBase64(certificate.spki), each.spki ?? ""]),
    demand(valid === (each.selfSignatureValid ?? true), `the signature ${valid ? "verifies" : "does not verify"}`),
  );
}
