/**
 * Building a certification path (RFC 4158) and validating it (RFC 5280 §6.1) at once, depth first from the end entity
 * to a trust anchor.
 *
 * What can be known about an issuer and the certificates below it is checked when the issuer is added: a search goes
 * nowhere that a check closes. Only policies and revocation wait for a path that has reached its anchor.
 *
 * Public: variable time; certificates are public.
 *
 * @module
 */

import { equalBytes } from "../bytes/bytes.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import type { BudgetSpent, PathBudget } from "./budget.ts";
import { checkEndEntity, checkIssuer } from "./checks/alone.ts";
import { checkPathLength } from "./checks/authority.ts";
import type { NameConstraintCheck } from "./checks/name-constraints.ts";
import { checkSignature, type SignatureContext } from "./checks/signature.ts";
import { formatTime } from "./checks/validity.ts";
import { CandidatePool } from "./issuer-candidates.ts";
import { isMoreSpecific, PathError } from "./path-error.ts";
import type { GrowingExplanation } from "./path-explanation.ts";
import { PathMember } from "./path-member.ts";
import { type Refusal, refuse, stateOf } from "./path-refusal.ts";
import type { ValidPolicies } from "./policies/policy-inputs.ts";
import type { CertificateIssuer, RevocationContext } from "./revocation/revocation-checker.ts";
import type { TrustAnchor } from "./trust-anchor.ts";
import type { ResolvedOptions } from "./validation-options.ts";

/** What was found. */
export interface FoundPath {
  /** Without the anchor, the end entity first. */
  readonly members: readonly PathMember[];
  readonly anchor: PathMember;
  readonly policies: ValidPolicies;
}

/** A refusal and whom it is about. */
interface Failure extends Refusal {
  readonly certificate: Certificate;
  /** How many certificates stand below it. */
  readonly depth: number;
}

/** The material of a search, which searches for signers of revocation lists share. */
interface Material {
  readonly intermediates: CandidatePool;
  readonly certificates: readonly Certificate[];
  readonly signatures: SignatureContext;
  /** What is known of name constraints; undefined: none was met. */
  names: NameConstraintCheck | undefined;
  /** Signers of revocation lists that are being validated: one that asks for itself is not trusted. */
  readonly pendingSigners: Certificate[];
}

/** One search. */
export class PathSearch {
  readonly #options: ResolvedOptions;
  readonly #anchors: CandidatePool;
  readonly #material: Material;
  readonly #budget: PathBudget;
  readonly #path: PathMember[] = [];
  /** Whom the search is looking at, for the error of a spent budget. */
  #at: { readonly certificate: Certificate; readonly depth: number };
  #failure: Failure | undefined = undefined;
  /** The root of the explanation; undefined: nobody asked. */
  readonly explanation: GrowingExplanation | undefined;

  /** Makes a search for the issuers of one certificate. */
  constructor(certificate: Certificate, options: ResolvedOptions, anchors: CandidatePool, material: Material) {
    this.#options = options;
    this.#anchors = anchors;
    this.#material = material;
    this.#budget = material.signatures.budget;
    this.#at = { certificate, depth: 0 };
    this.explanation = options.explain
      ? { position: "end-entity", certificate, outcome: "abandoned", issuers: [] }
      : undefined;
  }

  /**
   * Searches.
   *
   * @throws {BudgetSpent} when the search cost more than it may
   */
  async find(): Promise<FoundPath | undefined> {
    const { certificate } = this.#at;
    this.#budget.spend("octets", certificate.der.length);
    const refusal = checkEndEntity(certificate, this.#options) ?? (
      certificate.extension(NAME_CONSTRAINTS_OID) &&
      (await import("./checks/name-constraints.ts")).checkOwnConstraints(certificate)
    );
    if (refusal !== undefined) {
      this.#note(refusal, certificate, 0, this.explanation);
      return undefined;
    }
    this.#path.push(new PathMember("end-entity", certificate));
    if (this.explanation !== undefined) this.explanation.subject = certificate.subject;
    return await this.#extend(this.explanation);
  }

  /** The error of a search that found nothing. @param spent what ended it, if the budget did */
  error(spent?: BudgetSpent): PathError {
    const context = this.explanation === undefined ? {} : { explanation: this.explanation };
    if (spent !== undefined) {
      return new PathError("ERR_PATH_BUDGET", this.#at.certificate, this.#at.depth, spent.state, context);
    }
    const { code, certificate, depth, cause } = this.#failure!;
    return new PathError(code, certificate, depth, stateOf(this.#failure!), { ...context, cause });
  }

  /** Keeps the keys of a path's issuers for the caller. */
  keepKeys({ members, anchor }: FoundPath): void {
    const { keys, imported } = this.#material.signatures;
    if (keys === undefined) return;
    for (let i = 1; i <= members.length; i++) {
      const found = imported.get((members[i] ?? anchor).keyText);
      if (found !== undefined && !found.cached) keys.keep(found.key, found.algorithm, found.verifier);
    }
  }

  /** Goes on from the last certificate of the path. */
  async #extend(node: GrowingExplanation | undefined): Promise<FoundPath | undefined> {
    const path = this.#path;
    const depth = path.length - 1;
    const child = path[depth]!;
    const { anchors, intermediates } = this.#issuersOf(child);
    for (const anchor of anchors) {
      const tried = explained(anchor, node);
      const answer = this.#checkIssuer(anchor);
      if (!this.#accepts(answer instanceof Promise ? await answer : answer, tried)) continue;
      const policies = this.#needsPolicies(anchor) ? await this.#checkPolicies(anchor, tried) : NO_POLICIES;
      if (policies === undefined) continue;
      if (this.#options.revocation !== "skip" && !await this.#checkRevocation(anchor, tried)) continue;
      if (tried !== undefined) tried.outcome = node!.outcome = "verified";
      return { members: [...path], anchor, policies };
    }
    let dead = anchors.length === 0;
    // The same name and the same key twice on one path are a loop (RFC 4158 §2.4.1); all of these issuers have one name.
    const namesakes = path.filter(({ subject }) => subject.equals(child.certificate!.issuer));
    for (const issuer of intermediates) {
      if (namesakes.some(({ keyText }) => keyText === issuer.keyText)) {
        this.#budget.spend("comparisons", path.length);
        continue;
      }
      dead = false;
      const tried = explained(issuer, node);
      if (depth >= this.#budget.intermediates) {
        this.#note(
          refuse("ERR_PATH_BUDGET", "the path has too many intermediates"),
          issuer.certificate!,
          depth + 1,
          tried,
        );
        break;
      }
      const answer = this.#checkIssuer(issuer);
      if (!this.#accepts(answer instanceof Promise ? await answer : answer, tried)) continue;
      path.push(issuer);
      const found = await this.#extend(tried);
      if (found !== undefined) {
        if (node !== undefined) node.outcome = "verified";
        return found;
      }
      path.pop();
    }
    if (dead) this.#note(unknownIssuer(child), child.certificate!, depth, undefined);
    return undefined;
  }

  #issuersOf(child: PathMember): NonNullable<PathMember["issuers"]> {
    return child.issuers ??= {
      anchors: this.#anchors.issuersOf(child.certificate!),
      intermediates: this.#material.intermediates.issuersOf(child.certificate!),
    };
  }

  /** Whether a candidate may have issued the last certificate of the path, and did. */
  #checkIssuer(issuer: PathMember): Failure | undefined | Promise<Failure | undefined> {
    const path = this.#path;
    const depth = path.length;
    const child = path[depth - 1]!;
    this.#at = { certificate: issuer.certificate ?? child.certificate!, depth };
    this.#budget.spend("candidates", 1);
    const known = child.signatures.get(issuer.keyText);
    // Whose key did not make the signature is not looked at.
    if (known) return failure(known, child.certificate!, depth - 1);
    const refusal = this.#checkAlone(issuer) ?? this.#checkLength(issuer);
    if (refusal !== undefined) return failure(refusal, issuer.certificate!, depth);
    if (!issuer.constrains || issuer.certificate!.extension(NAME_CONSTRAINTS_OID) === undefined) {
      return this.#checkSignature(issuer);
    }
    return this.#checkNames(issuer).then((found) => found ?? this.#checkSignature(issuer));
  }

  #checkSignature(issuer: PathMember): Failure | undefined | Promise<Failure | undefined> {
    const depth = this.#path.length;
    const child = this.#path[depth - 1]!;
    if (child.signatures.has(issuer.keyText)) return undefined;
    const settle = (found: Refusal | undefined): Failure | undefined => {
      child.signatures.set(issuer.keyText, found ?? null);
      return found === undefined ? undefined : failure(found, child.certificate!, depth - 1);
    };
    const answer = checkSignature(child, issuer, this.#material.signatures);
    return answer instanceof Promise ? answer.then(settle) : settle(answer);
  }

  /** The checks of an issuer that need no other certificate. */
  #checkAlone(issuer: PathMember): Refusal | undefined {
    if (issuer.alone === undefined) {
      this.#budget.spend("octets", issuer.certificate?.der.length ?? 0);
      issuer.alone = checkIssuer(issuer, this.#options) ?? null;
    }
    return issuer.alone ?? undefined;
  }

  /** pathLenConstraint of the issuer, and the caller's own limit. */
  #checkLength(issuer: PathMember): Refusal | undefined {
    let below = 0;
    for (let i = 1; i < this.#path.length; i++) if (!this.#path[i]!.isSelfIssued) below++;
    if (issuer.constrains) {
      const refusal = checkPathLength(issuer.certificate!, below);
      if (refusal !== undefined) return refusal;
    }
    const { maxPathLength } = this.#options;
    if (issuer.position === "anchor" || issuer.isSelfIssued || below < maxPathLength) return undefined;
    return refuse("ERR_PATH_LENGTH", `the path may have ${maxPathLength} intermediates`);
  }

  /** The issuer's name constraints; what they take is loaded when they are first met. */
  async #checkNames(issuer: PathMember): Promise<Failure | undefined> {
    if (this.#material.names === undefined) {
      const { NameConstraintCheck } = await import("./checks/name-constraints.ts");
      this.#material.names = new NameConstraintCheck((count) => this.#budget.spend("comparisons", count));
    }
    const found = this.#material.names.check(issuer, this.#path);
    if (found === undefined) return undefined;
    return failure(found.refusal, (this.#path[found.depth] ?? issuer).certificate!, found.depth);
  }

  /** Whether policies can make a difference: one is required, or a certificate has an extension about them. */
  #needsPolicies(anchor: PathMember): boolean {
    return this.#options.policies.requireExplicitPolicy || (anchor.constrains && mentionsPolicies(anchor)) ||
      this.#path.some(mentionsPolicies);
  }

  async #checkPolicies(
    anchor: PathMember,
    tried: GrowingExplanation | undefined,
  ): Promise<ValidPolicies | undefined> {
    const path = {
      certificates: this.#path.map((member) => ({
        certificate: member.certificate!,
        selfIssued: member.isSelfIssued,
      })),
      anchor: anchor.constrains ? anchor.certificate : undefined,
    };
    const { checkPolicies } = await import("./policies/check-policies.ts");
    const result = checkPolicies(path, this.#options.policies, (count) => this.#budget.spend("comparisons", count));
    if (!("refusal" in result)) return result;
    const certificate = (this.#path[result.depth] ?? anchor).certificate!;
    this.#note(result.refusal, certificate, result.depth, tried);
    return undefined;
  }

  /** Asks for the status of each certificate, the one below the anchor first. */
  async #checkRevocation(anchor: PathMember, tried: GrowingExplanation | undefined): Promise<boolean> {
    const { revocation, crypto, time } = this.#options;
    if (revocation === "skip") return true;
    const path = this.#path;
    const context: RevocationContext = {
      time,
      crypto,
      spend: (cost, key) =>
        cost === "signature" ? this.#budget.spendSignature(key) : this.#budget.spend("comparisons", 1),
      signerCandidates: anchor.certificate === undefined
        ? this.#material.certificates
        : [...this.#material.certificates, anchor.certificate],
      validateSigner: (candidate) => this.#validateSigner(candidate, anchor.anchor!),
    };
    for (let depth = revocation.depth === "chain" ? path.length - 1 : 0; depth >= 0; depth--) {
      this.#budget.spend("candidates", 1);
      const certificate = path[depth]!.certificate!;
      const status = await revocation.checker.check(certificate, issuerOf(path[depth + 1] ?? anchor), context);
      if (status.status === "revoked") {
        const state = `it was revoked at ${formatTime(status.date)} (${status.reason})`;
        this.#note(refuse("ERR_PATH_REVOKED", state), certificate, depth, tried);
        return false;
      }
      if (status.status === "unknown" && revocation.unknown === "deny") {
        const state = `the revocation status is not known: ${status.why}`;
        this.#note(refuse("ERR_PATH_REVOCATION_UNKNOWN", state), certificate, depth, tried);
        return false;
      }
    }
    return true;
  }

  /** Whether a path leads from the signer of a revocation list to the same anchor (RFC 5280 §6.3.3 (f)). */
  async #validateSigner(candidate: Certificate, anchor: Certificate | TrustAnchor): Promise<boolean> {
    const { pendingSigners } = this.#material;
    if (pendingSigners.some((pending) => equalBytes(pending.der, candidate.der))) return false;
    pendingSigners.push(candidate);
    const options: ResolvedOptions = {
      ...this.#options,
      purpose: undefined,
      keyUsage: ["cRLSign"],
      policies: { ...this.#options.policies, requireExplicitPolicy: false },
      maxPathLength: Infinity,
      profile: undefined,
      explain: false,
    };
    try {
      const anchors = new CandidatePool("anchor", [anchor]);
      return await new PathSearch(candidate, options, anchors, this.#material).find() !== undefined;
    } finally {
      pendingSigners.pop();
    }
  }

  #accepts(found: Failure | undefined, tried: GrowingExplanation | undefined): boolean {
    if (found === undefined) return true;
    this.#note(found, found.certificate, found.depth, tried);
    return false;
  }

  #note(refusal: Refusal, certificate: Certificate, depth: number, tried: GrowingExplanation | undefined): void {
    const { code } = refusal;
    if (tried !== undefined) {
      tried.outcome = "refused";
      tried.reason = { code, state: stateOf(refusal), certificate };
    }
    if (this.#failure === undefined || isMoreSpecific(this.#failure, { code, depth })) {
      this.#failure = failure(refusal, certificate, depth);
    }
  }
}

function failure(refusal: Refusal, certificate: Certificate, depth: number): Failure {
  return { ...refusal, certificate, depth };
}

function explained(member: PathMember, parent: GrowingExplanation | undefined): GrowingExplanation | undefined {
  if (parent === undefined) return undefined;
  const { position, subject, certificate } = member;
  const node: GrowingExplanation = { position, subject, outcome: "abandoned", issuers: [] };
  if (certificate !== undefined) node.certificate = certificate;
  parent.issuers.push(node);
  return node;
}

/** Whether a certificate has an extension about policies. */
function mentionsPolicies(member: PathMember): boolean {
  const { extensions } = member.certificate!;
  for (let i = 0; i < extensions.length; i++) if (POLICY_EXTENSIONS.has(extensions[i]!.oid)) return true;
  return false;
}

function issuerOf(member: PathMember): CertificateIssuer {
  const { subject, publicKey, certificate } = member;
  return certificate === undefined ? { subject, publicKey } : { subject, publicKey, certificate };
}

function unknownIssuer(child: PathMember): Refusal {
  return refuse(
    "ERR_PATH_UNKNOWN_ISSUER",
    child.isSelfIssued
      ? "it is self-issued and no trust anchor"
      : () =>
        `its issuer "${
          nameText(child.certificate!.issuer)
        }" is neither a trust anchor nor among the given certificates`,
  );
}

const NAME_CONSTRAINTS_OID = "2.5.29.30";

/** certificatePolicies, policyMappings, policyConstraints, inhibitAnyPolicy. */
const POLICY_EXTENSIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "2.5.29.32",
  "2.5.29.33",
  "2.5.29.36",
  "2.5.29.54",
]);

/** What is said of a path whose certificates say nothing about policies. */
const NO_POLICIES: ValidPolicies = { authorityConstrained: [], userConstrained: [], explicit: false };
