/**
 * A certificate's signature, checked with its issuer's key (RFC 5280 §6.1.3 (a) (1)).
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { VerifyingProvider } from "../../crypto/provider.ts";
import type { PublicKey } from "../../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../crypto/signature-algorithm.ts";
import type { Verifier } from "../../crypto/signer.ts";
import { nameText } from "../../x509/name-text.ts";
import { type AlgorithmPolicy, checkSignatureAlgorithm } from "../algorithm-policy.ts";
import type { PathBudget } from "../budget.ts";
import type { KeyCache } from "../key-cache.ts";
import type { PathMember } from "../path-member.ts";
import { type Refusal, refuse } from "../path-refusal.ts";

/** What checking signatures takes. */
export interface SignatureContext {
  readonly crypto: VerifyingProvider;
  readonly algorithms: AlgorithmPolicy;
  readonly budget: PathBudget;
  /** Where imported keys are looked for; undefined: nowhere. */
  readonly keys: KeyCache | undefined;
  /** Keys that this search has imported, by their octets as {@link PathMember.keyText}. */
  readonly imported: Map<string, ImportedKey>;
}

/** A key that was imported for one algorithm. */
export interface ImportedKey {
  readonly key: PublicKey;
  readonly algorithm: SignatureAlgorithm;
  readonly verifier: Verifier;
  /** Whether it came from the caller's cache. */
  readonly cached: boolean;
}

/**
 * Refuses a certificate that the issuer's key did not sign. It answers at once when the provider does.
 *
 * @throws {BudgetSpent} when no signature may be checked any more
 */
export function checkSignature(
  child: PathMember,
  issuer: PathMember,
  context: SignatureContext,
): Refusal | undefined | Promise<Refusal | undefined> {
  const algorithm = child.certificate!.signatureAlgorithm;
  if (algorithm.scheme === "unknown") {
    return refuse("ERR_PATH_UNSUPPORTED_ALGORITHM", `it is signed with an unknown algorithm, ${algorithm.oid}`);
  }
  let key: PublicKey;
  try {
    key = issuer.publicKey;
  } catch (error) {
    return unusableKey(issuer, error);
  }
  const weak = checkSignatureAlgorithm(algorithm, key, context.algorithms);
  if (weak !== undefined) return weak;
  context.budget.spendSignature(key);

  const known = context.imported.get(issuer.keyText);
  let verifier: Verifier | Promise<Verifier> | undefined = known?.algorithm === algorithm
    ? known.verifier
    : context.keys?.find(key, algorithm);
  const cached = verifier !== undefined;
  if (verifier === undefined) {
    try {
      verifier = context.crypto.importPublicKey(key, algorithm);
    } catch (error) {
      return unusableKey(issuer, error);
    }
  }
  const verify = (ready: Verifier): Refusal | undefined | Promise<Refusal | undefined> => {
    if (known?.verifier !== ready) context.imported.set(issuer.keyText, { key, algorithm, verifier: ready, cached });
    const { tbsCertificate, signature } = child.certificate!;
    const answer = ready.verify(tbsCertificate, signature);
    return typeof answer === "boolean" ? outcome(answer, issuer) : answer.then((good) => outcome(good, issuer));
  };
  return verifier instanceof Promise ? verifier.then(verify, (error) => unusableKey(issuer, error)) : verify(verifier);
}

function outcome(good: boolean, issuer: PathMember): Refusal | undefined {
  return good
    ? undefined
    : refuse("ERR_PATH_SIGNATURE", () => `"${nameText(issuer.subject)}" did not make its signature`);
}

function unusableKey(issuer: PathMember, error: unknown): Refusal {
  if (!isCoded(error)) throw error;
  switch (error.code) {
    case "ERR_CRYPTO_INVALID_KEY":
    case "ERR_KEY_MALFORMED":
    case "ERR_KEY_INVALID":
      return refuse(
        "ERR_PATH_SIGNATURE",
        () => `the key of "${nameText(issuer.subject)}" cannot have made its signature`,
        error,
      );
    default:
      return refuse("ERR_PATH_UNSUPPORTED_ALGORITHM", "its signature cannot be checked here", error);
  }
}
