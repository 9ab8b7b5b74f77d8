/**
 * `acvp-ec-rsa`: NIST's vectors for deterministic ECDSA, ECDSA verification and RSA PKCS#1 v1.5 verification.
 *
 * @module
 */

import { concatBytes } from "../../../core/bytes/bytes.ts";
import { ecdsaSignatureToDer } from "../../../core/crypto/ecdsa-signature.ts";
import { CURVE_OCTETS, type PublicKey } from "../../../core/crypto/public-key.ts";
import type { HashName, SignatureAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { verifySignature } from "../../../core/sign/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { ecdsaAlgorithm, ecPublicKeyOf, fieldOctets, namedCurve, runDeterministic } from "../ecdsa-case.ts";
import { pkcs1Algorithm } from "../rsa-case.ts";
import { attempt, casesOf, demand, hex, skip } from "../verdict.ts";

interface AcvpCase {
  readonly id: string;
  readonly hashAlg: string;
  readonly message: string;
  readonly curve?: string;
  readonly d?: string;
  readonly qx?: string;
  readonly qy?: string;
  readonly r?: string;
  readonly s?: string;
  readonly n?: string;
  readonly e?: string;
  readonly modulo?: number;
  readonly sigType?: string;
  readonly signature?: string;
  readonly componentTest?: boolean;
  readonly expected: { readonly r?: string; readonly s?: string; readonly testPassed?: boolean };
}

/** The suite. */
export const acvpEcRsa: ConformanceSuite = { name: "acvp-ec-rsa", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<AcvpCase>(files)) {
    const kind = `${file} ${each.curve ?? each.modulo} ${each.hashAlg}`;
    yield { id: each.id, kind, run: (context) => run(each, context) };
  }
}

function run(each: AcvpCase, context: ConformanceContext): Verdict | Promise<Verdict> {
  const hash = HASHES[each.hashAlg];
  if (hash === undefined) return skip(`${each.hashAlg} is not supported`);
  if (each.componentTest === true) return skip("the message is a digest; signers take messages");
  if ((each.sigType ?? PKCS1) !== PKCS1) return skip(`${each.sigType} signatures are not supported`);
  const { d, qx, qy, r, s, n, e, signature, expected } = each;
  const message = hex(each.message);
  if (each.curve === undefined) {
    const key = rsaPublicKey({ modulus: hex(n!), exponent: hex(evenDigits(e!)) });
    return verify(key, pkcs1Algorithm(hash), message, hex(signature!), expected.testPassed!, context);
  }
  const curve = namedCurve(each.curve);
  if (d !== undefined) {
    const published = { r: expected.r!, s: expected.s! };
    return runDeterministic({ curve, hash, scalar: d, x: qx!, y: qy!, message, ...published }, context);
  }
  // A number that is longer than the field cannot even be written as r ‖ s.
  const fits = [r!, s!].every((number) => number.replace(/^0+/, "").length <= 2 * CURVE_OCTETS[curve]);
  if (!fits) return demand(!expected.testPassed!, "r or s does not fit the curve");
  const raw = concatBytes([fieldOctets(curve, r!), fieldOctets(curve, s!)]);
  const key = ecPublicKeyOf(curve, qx!, qy!);
  return verify(key, ecdsaAlgorithm(hash), message, ecdsaSignatureToDer(raw), expected.testPassed!, context);
}

async function verify(
  key: PublicKey,
  algorithm: SignatureAlgorithm,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  expected: boolean,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const answer = await attempt(() => verifySignature(crypto, algorithm, key, message, signature));
  const accepted = "value" in answer && answer.value;
  const why = "refused" in answer ? `: ${answer.refused.message}` : "";
  return demand(accepted === expected, `${accepted ? "accepted" : "refused"}${why}`);
}

function evenDigits(number: string): string {
  return number.length % 2 === 0 ? number : `0${number}`;
}

/** How RSASSA-PKCS1-v1_5 is called. */
const PKCS1 = "pkcs1v1.5";

const HASHES: Readonly<Record<string, HashName | undefined>> = {
  "SHA-1": "SHA-1",
  "SHA2-224": "SHA-224",
  "SHA2-256": "SHA-256",
  "SHA2-384": "SHA-384",
  "SHA2-512": "SHA-512",
};
