/**
 * `fuzz-der`: octets that other parsers were fuzzed with. The duty is an answer in time, or a coded error.
 *
 * @module
 */

import { decodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import {
  checkCertificate,
  checkCertificateRevocationList,
  helperNameText,
  nameText,
  parseCertificate,
  parseCertificateRevocationList,
} from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { casesOf, describeError, fail, isCoded } from "../verdict.ts";

interface FuzzCase {
  readonly id: string;
  readonly der: string;
  readonly consensus?: string;
}

/** The suite. */
export const fuzzDer: ConformanceSuite = { name: "fuzz-der", cases, sampled: false };

const LIMIT_MS = 100;

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<FuzzCase>(files)) {
    const read = file.startsWith("crl") ? readList : readCertificate;
    const kind = file.startsWith("crl") ? "CRL" : "certificate";
    yield { id: each.id, kind, run: (context) => run(each, kind, read, context) };
  }
}

function run(each: FuzzCase, kind: string, read: (der: Bytes) => void, { clock }: ConformanceContext): Verdict {
  const der = decodeBase64(each.der);
  if (der === undefined) return fail("the case is not base64");
  let answer: "accept" | "reject" = "accept";
  let took = Infinity;
  // A pause of the collector is not the parser's: the best of three counts.
  for (let attempt = 0; attempt < 3 && took >= LIMIT_MS; attempt++) {
    const startedAt = clock?.() ?? 0;
    try {
      read(der);
    } catch (error) {
      if (!isCoded(error)) return fail(`not a coded error: ${describeError(error)}`);
      answer = "reject";
    }
    took = (clock?.() ?? 0) - startedAt;
  }
  if (took >= LIMIT_MS) return fail(`took ${took.toFixed(0)} ms, ${LIMIT_MS} are allowed`);
  return { outcome: "pass", tally: `${kind}: consensus ${each.consensus ?? "unknown"}, we ${answer}` };
}

/** Every field and both forms of the names; a public key of an unknown kind is no fault of the certificate. */
function readCertificate(der: Bytes): void {
  const certificate = parseCertificate(der);
  nameText(certificate.subject);
  helperNameText(certificate.issuer);
  void certificate.serialNumberDecimal;
  let keyError: unknown;
  try {
    void certificate.publicKey;
  } catch (error) {
    keyError = error;
  }
  checkCertificate(certificate);
  if (keyError !== undefined && !isCoded(keyError)) throw keyError;
}

function readList(der: Bytes): void {
  const list = parseCertificateRevocationList(der);
  nameText(list.issuer);
  list.find(Uint8Array.of(1));
  checkCertificateRevocationList(list);
}
