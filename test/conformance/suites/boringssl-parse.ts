/**
 * `boringssl-parse`: BoringSSL's tests of the certificate parser.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { openSequence } from "../../../core/der/reader.ts";
import { contextConstructed, TAG } from "../../../core/der/tag.ts";
import { derBitString, derSequence } from "../../../core/der/writer.ts";
import { checkCertificate, MAX_CERTIFICATE_LENGTH, parseCertificate } from "../../../core/x509/mod.ts";
import { readSignedStructure } from "../../../core/x509/signed-structure.ts";
import {
  type ConformanceCase,
  type ConformanceSuite,
  SkipCase,
  type SuiteFiles,
  type Verdict,
} from "../conformance-suite.ts";
import { base64, type CaseRemarks, judge, scored } from "../path-case.ts";
import { attempt, casesOf } from "../verdict.ts";

interface ParseCase extends CaseRemarks {
  readonly id: string;
  readonly kind: string;
  readonly der: string;
  readonly accept: boolean;
}

/** The suite. */
export const boringsslParse: ConformanceSuite = { name: "boringssl-parse", cases, sampled: false };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<ParseCase>(files)) {
    yield { id: each.id, kind: `${each.kind} ${each.accept}`, run: () => run(each) };
  }
}

async function run(each: ParseCase): Promise<Verdict> {
  const read = READERS[each.kind];
  if (read === undefined) throw new SkipCase(`"${each.kind}" is an unknown kind`);
  return scored(judge(await attempt(() => read(base64(each.der))), each.accept), each);
}

const READERS: { readonly [kind: string]: (der: Bytes) => void } = {
  "certificate-shell": (der) => void readSignedStructure(der, "Certificate", "tbsCertificate", MAX_CERTIFICATE_LENGTH),
  tbsCertificate: readBody,
  certificate: (der) => checkCertificate(parseCertificate(der)),
};

/** The signed part in a certificate with an empty signature; what the extensions say may be nonsense. */
function readBody(der: Bytes): void {
  const body = openSequence(der, "tbsCertificate");
  if (body.peek() === contextConstructed(0)) body.skip("tbsCertificate.version");
  body.next(TAG.integer, "tbsCertificate.serialNumber");
  const algorithm = body.raw(TAG.sequence, "tbsCertificate.signature");
  const certificate = parseCertificate(derSequence(der, algorithm, derBitString(new Uint8Array(1))));
  void certificate.notBefore;
}
