/**
 * `botan-pss`: certificates and a few lists with RSA-PSS signatures.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import type { PublicKey } from "../../../core/crypto/public-key.ts";
import { trustAnchor } from "../../../core/path/mod.ts";
import { verifySignature } from "../../../core/sign/mod.ts";
import {
  type Certificate,
  type CertificateRevocationList,
  parseCertificateRevocationList,
} from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import {
  type Answer,
  askForPath,
  base64,
  type CaseRemarks,
  certificateOf,
  judge,
  OLD_ALGORITHMS,
  scored,
} from "../path-case.ts";
import { attempt, casesOf } from "../verdict.ts";

interface PssCase extends CaseRemarks {
  readonly id: string;
  readonly valid: boolean;
  readonly time: string;
  readonly end: string;
  readonly root?: string;
  readonly crl?: string;
}

/** The suite. */
export const botanPss: ConformanceSuite = { name: "botan-pss", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<PssCase>(files)) {
    const kind = `${each.valid} ${each.crl !== undefined} ${each.root !== undefined}`;
    yield { id: each.id, kind, run: (context) => run(each, context) };
  }
}

async function run(each: PssCase, { crypto }: ConformanceContext): Promise<Verdict> {
  return scored(judge(await answerOf(each, crypto), each.valid), each);
}

function answerOf({ crl, root, end, time }: PssCase, crypto: CryptoProvider): Promise<Answer<unknown>> {
  if (crl !== undefined && root !== undefined) {
    return attempt(() => verifyOne(parseCertificateRevocationList(base64(crl)), certificateOf(root).publicKey, crypto));
  }
  if (root === undefined) {
    return attempt(() => {
      const certificate = certificateOf(end);
      return verifyOne(certificate, certificate.publicKey, crypto);
    });
  }
  return askForPath(() => [certificateOf(end), {
    // Any certificate may be the root, trusted as it is given.
    anchors: [trustAnchor(certificateOf(root), { validity: "ignore", constraints: "ignore" })],
    intermediates: [],
    time: Date.parse(time),
    algorithms: OLD_ALGORITHMS,
    crypto,
  }]);
}

/** @throws {Refused} when the signature is not that of the key */
async function verifyOne(
  signed: Certificate | CertificateRevocationList,
  key: PublicKey,
  crypto: CryptoProvider,
): Promise<Bytes> {
  const { signatureAlgorithm, signature } = signed;
  const body = "tbsCertificate" in signed ? signed.tbsCertificate : signed.tbsCertList;
  if (signatureAlgorithm.scheme === "unknown") throw new Refused(`unknown algorithm ${signatureAlgorithm.name}`);
  if (!await verifySignature(crypto, signatureAlgorithm, key, body, signature)) {
    throw new Refused("the signature does not verify");
  }
  return body;
}

/** An answer, for `attempt()`. */
class Refused extends Error {
  readonly code = "ERR_TEST_REFUSED";
}
