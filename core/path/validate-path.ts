/**
 * Building and validating a certification path (RFC 5280 §6.1), depth first from the end entity to a trust anchor.
 *
 * Every certificate of the path, the anchor included, is checked: validity, critical extensions, the issuer's right
 * to issue (basicConstraints, pathLenConstraint, keyUsage), the chain of names, and the signature. Certificates may
 * come in any order, more than once, and without need. This version does not process name constraints, policies and
 * revocation: name and policy constraints are refused, and whatever else is critical and not processed.
 *
 * Public: variable time; certificates are public.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { Verifier } from "../crypto/signer.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import { DEFAULT_PATH_LIMITS, PathBudget, type PathLimits } from "./budget.ts";
import { checkAuthority } from "./checks/authority.ts";
import { checkCriticalExtensions } from "./checks/critical-extensions.ts";
import { checkReadable, hasReadableNames } from "./checks/readable.ts";
import { checkValidity } from "./checks/validity.ts";
import { distinctCertificates, isSelfIssued, issuerCandidates, sameEntity } from "./issuer-candidates.ts";
import { moreSpecific, PathError } from "./path-error.ts";
import type { PathProfile } from "./path-profile.ts";
import { VALIDATED, VerifiedPath } from "./verified-path.ts";

/** What a path is validated against. */
export interface ValidatePathOptions {
  /** Trust anchors; self-signed or not. */
  readonly anchors: readonly Certificate[];
  /** Certificates that may stand between the end entity and an anchor. */
  readonly intermediates: readonly Certificate[];
  /** The time to validate for, in milliseconds since the epoch. */
  readonly time: number;
  /** Checks the signatures. */
  readonly crypto: CryptoProvider;
  /** `skip` is the one choice in this version, and has to be made. */
  readonly revocation: "skip";
  /** Rules beyond RFC 5280 that every CA certificate of the path must keep; default: none. */
  readonly profile?: PathProfile;
  /** What the search may cost; what is absent is {@link DEFAULT_PATH_LIMITS}. */
  readonly limits?: Partial<PathLimits>;
}

/**
 * Finds a path from the certificate to one of the anchors and validates it.
 *
 * @throws {PathError} with the most specific reason when there is none
 * @throws {TypeError} when an option is unknown, or `revocation` is not given
 */
export async function validatePath(certificate: Certificate, options: ValidatePathOptions): Promise<VerifiedPath> {
  checkOptions(options);
  const failure = checkAlone(certificate, 0, options.time);
  if (failure !== undefined) throw failure;
  return await new PathSearch(options).run(certificate);
}

const OPTION_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "anchors",
  "intermediates",
  "time",
  "crypto",
  "revocation",
  "profile",
  "limits",
]);

function checkOptions(options: ValidatePathOptions): void {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`validatePath() has no option "${name}"`);
  }
  if (options.revocation !== "skip") throw new TypeError('"revocation" must be "skip"');
  if (!Number.isFinite(options.time)) throw new TypeError('"time" must be milliseconds since the epoch');
}

/** The checks that need no other certificate. */
function checkAlone(certificate: Certificate, depth: number, time: number): PathError | undefined {
  return checkReadable(certificate, depth) ?? checkValidity(certificate, depth, time) ??
    checkCriticalExtensions(certificate, depth);
}

/** One search; holds what has been found out about pairs of certificates, so that no signature is checked twice. */
class PathSearch {
  readonly #anchors: readonly Certificate[];
  readonly #intermediates: readonly Certificate[];
  readonly #options: ValidatePathOptions;
  readonly #budget: PathBudget;
  readonly #candidates = new Map<
    Certificate,
    { anchors: readonly Certificate[]; intermediates: readonly Certificate[] }
  >();
  readonly #signatures = new Map<Certificate, Map<Certificate, PathError | undefined>>();
  #reason: PathError | undefined;

  constructor(options: ValidatePathOptions) {
    this.#options = options;
    this.#anchors = distinctCertificates(options.anchors.filter(hasReadableNames));
    this.#intermediates = distinctCertificates(options.intermediates.filter(hasReadableNames));
    this.#budget = new PathBudget({ ...DEFAULT_PATH_LIMITS, ...options.limits });
  }

  async run(certificate: Certificate): Promise<VerifiedPath> {
    const path = await this.#extend([certificate]);
    if (path !== undefined) return path;
    throw this.#reason ?? new PathError("ERR_PATH_UNKNOWN_ISSUER", certificate, 0, "there is no trust anchor");
  }

  /** Goes on from the last certificate of the path, the end entity being the first. */
  async #extend(path: readonly Certificate[]): Promise<VerifiedPath | undefined> {
    const child = path[path.length - 1]!;
    const depth = path.length - 1;
    const { anchors, intermediates } = this.#issuersOf(child);
    for (const anchor of anchors) {
      if (await this.#issues(anchor, path, "anchor")) {
        return new VerifiedPath(VALIDATED, path[0]!, path.slice(1), anchor, this.#options.time);
      }
    }
    let dead = anchors.length === 0;
    for (const issuer of intermediates) {
      // RFC 4158 §2.4.1: the same name and key a second time is a loop.
      if (path.some((member) => sameEntity(member, issuer))) continue;
      dead = false;
      if (!this.#budget.allowsIntermediate(depth)) {
        this.#note(new PathError("ERR_PATH_BUDGET", issuer, depth + 1, "the path has too many intermediates"));
        continue;
      }
      if (!await this.#issues(issuer, path, "intermediate")) continue;
      const found = await this.#extend([...path, issuer]);
      if (found !== undefined) return found;
    }
    if (dead) this.#note(unknownIssuer(child, depth));
    return undefined;
  }

  /** Whether this certificate may have issued the last one of the path, and did. */
  async #issues(
    issuer: Certificate,
    path: readonly Certificate[],
    position: "anchor" | "intermediate",
  ): Promise<boolean> {
    const depth = path.length;
    this.#budget.spendCandidate(issuer, depth);
    const failure = checkAlone(issuer, depth, this.#options.time) ??
      checkAuthority(issuer, path) ??
      this.#checkProfile(issuer, depth, position) ??
      await this.#checkSignature(path[depth - 1]!, issuer, depth - 1);
    if (failure !== undefined) this.#note(failure);
    return failure === undefined;
  }

  #checkProfile(issuer: Certificate, depth: number, position: "anchor" | "intermediate"): PathError | undefined {
    const state = this.#options.profile?.checkAuthority(issuer, position);
    return state === undefined ? undefined : new PathError("ERR_PATH_PROFILE", issuer, depth, state);
  }

  async #checkSignature(child: Certificate, issuer: Certificate, depth: number): Promise<PathError | undefined> {
    const known = this.#signatures.get(child) ?? new Map<Certificate, PathError | undefined>();
    if (known.has(issuer)) return known.get(issuer);
    this.#budget.spendSignature(child, depth);
    const failure = await verifyCertificate(child, issuer, this.#options.crypto, depth);
    known.set(issuer, failure);
    this.#signatures.set(child, known);
    return failure;
  }

  #issuersOf(child: Certificate): { anchors: readonly Certificate[]; intermediates: readonly Certificate[] } {
    const known = this.#candidates.get(child);
    if (known !== undefined) return known;
    const found = {
      anchors: issuerCandidates(child, this.#anchors),
      intermediates: issuerCandidates(child, this.#intermediates),
    };
    this.#candidates.set(child, found);
    return found;
  }

  #note(failure: PathError): void {
    this.#reason = moreSpecific(this.#reason, failure);
  }
}

function unknownIssuer(certificate: Certificate, depth: number): PathError {
  const state = isSelfIssued(certificate)
    ? "it is self-issued and no trust anchor"
    : `its issuer "${nameText(certificate.issuer)}" is neither a trust anchor nor among the given certificates`;
  return new PathError("ERR_PATH_UNKNOWN_ISSUER", certificate, depth, state);
}

/** Checks a certificate's signature with its issuer's key (RFC 5280 §6.1.3 (a) (1)). */
async function verifyCertificate(
  child: Certificate,
  issuer: Certificate,
  crypto: CryptoProvider,
  depth: number,
): Promise<PathError | undefined> {
  const by = `"${nameText(issuer.subject)}"`;
  const algorithm = child.signatureAlgorithm;
  if (algorithm.scheme === "unknown") {
    const state = `it is signed with an unknown algorithm, ${algorithm.oid}`;
    return new PathError("ERR_PATH_UNSUPPORTED_ALGORITHM", child, depth, state);
  }
  let verifier: Verifier;
  try {
    verifier = await crypto.importPublicKey(issuer.publicKey, algorithm);
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause;
    return cause.code === "ERR_CRYPTO_INVALID_KEY"
      ? new PathError("ERR_PATH_SIGNATURE", child, depth, `the key of ${by} cannot have made its signature`, { cause })
      : new PathError("ERR_PATH_UNSUPPORTED_ALGORITHM", child, depth, "its signature cannot be checked here", {
        cause,
      });
  }
  return await verifier.verify(child.tbsCertificate, child.signature)
    ? undefined
    : new PathError("ERR_PATH_SIGNATURE", child, depth, `${by} did not make its signature`);
}
