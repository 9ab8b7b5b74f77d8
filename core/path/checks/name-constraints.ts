/**
 * Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b) and (c)).
 *
 * Each CA's constraints are applied by themselves to every name below it; that is the intersection of what all permit
 * and the union of what all exclude.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { type GeneralSubtree, NAME_CONSTRAINTS, type NameConstraints } from "../../x509/extensions/name-constraints.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { nameText } from "../../x509/name-text.ts";
import { coversDirectoryName, directoryKey } from "../name-matching/directory-name.ts";
import { type DnsSubtree, excludesDnsName, parseDnsSubtree, permitsDnsName } from "../name-matching/dns-name.ts";
import { coversAddress, excludesAddress, type IpRange, parseIpRange } from "../name-matching/ip-range.ts";
import { coversMailbox, type MailboxSubtree, parseMailboxSubtree } from "../name-matching/mailbox.ts";
import { coversHost, type HostSubtree, parseHostSubtree } from "../name-matching/uri-host.ts";
import type { PathMember } from "../path-member.ts";
import { type Refusal, refuse } from "../path-refusal.ts";
import { type SubjectName, type SubjectNames, subjectNames } from "./subject-names.ts";

/** A refusal, and which certificate of the path it is about. */
export interface ConstrainedName {
  readonly refusal: Refusal;
  /** How many certificates stand below it. */
  readonly depth: number;
}

/** Name constraints in one search: what has been parsed is kept. */
export class NameConstraintCheck {
  readonly #spend: (comparisons: number) => void;
  readonly #names = new Map<PathMember, SubjectNames>();
  readonly #constraints = new Map<PathMember, PreparedNameConstraints | Refusal>();

  /** Makes the check of a search. @param spend pays for that many comparisons before they are made */
  constructor(spend: (comparisons: number) => void) {
    this.#spend = spend;
  }

  /**
   * Applies a CA's name constraints to every certificate below it; self-issued intermediates are exempt.
   *
   * @param issuer whose certificate has the extension
   * @param path below it, the end entity first
   */
  check(issuer: PathMember, path: readonly PathMember[]): ConstrainedName | undefined {
    let constraints = this.#constraints.get(issuer);
    if (constraints === undefined) {
      const read = readNameConstraints(issuer.certificate!);
      constraints = "code" in read ? read : prepareNameConstraints(read);
      this.#constraints.set(issuer, constraints);
    }
    if ("code" in constraints) return { refusal: constraints, depth: path.length };
    for (let depth = 0; depth < path.length; depth++) {
      const member = path[depth]!;
      if (depth > 0 && member.isSelfIssued) continue;
      const names = this.#namesOf(member);
      // BoringSSL's measure, which does not ask for the forms. The subject is one name more.
      this.#spend(Math.max(names.alternatives, 1) * constraints.cost);
      const found = findConstrainedName(constraints, names);
      if (found === undefined) continue;
      const state = () => `its ${found} the name constraints of "${nameText(issuer.subject)}"`;
      return { refusal: refuse("ERR_PATH_NAME_CONSTRAINTS", state), depth };
    }
    return undefined;
  }

  #namesOf(member: PathMember): SubjectNames {
    let names = this.#names.get(member);
    if (names === undefined) {
      names = subjectNames(member.certificate!, member.position === "end-entity");
      this.#names.set(member, names);
    }
    return names;
  }
}

/** Constraints that are about nobody, an end entity's, are read all the same: they may be critical (§4.2). */
export function checkOwnConstraints(certificate: Certificate): Refusal | undefined {
  const read = readNameConstraints(certificate);
  return "code" in read ? read : undefined;
}

/** The constraints of a certificate that has the extension, or why they cannot be read. */
export function readNameConstraints(certificate: Certificate): NameConstraints | Refusal {
  try {
    return certificate.decode(NAME_CONSTRAINTS)!;
  } catch (cause) {
    if (!isCoded(cause)) throw cause;
    return refuse("ERR_PATH_MALFORMED", `it is malformed: ${cause.message}`, cause);
  }
}

/** The constraints of one CA, parsed, by form. */
interface PreparedNameConstraints {
  readonly dNSName: FormConstraints<DnsSubtree>;
  readonly rfc822Name: FormConstraints<MailboxSubtree>;
  readonly uniformResourceIdentifier: FormConstraints<HostSubtree>;
  readonly iPAddress: FormConstraints<IpRange>;
  readonly directoryName: FormConstraints<string>;
  /** Forms that are constrained and not processed: names of these forms are refused. */
  readonly others: ReadonlySet<GeneralName["form"]>;
  /** What comparing one name with all of them costs. */
  cost: number;
}

/** Constraints of one form of names. */
interface FormConstraints<Subtree> {
  /** Subtrees of which names must be; undefined: anything is permitted. */
  permitted: Subtree[] | undefined;
  /** Subtrees of which names must not be. */
  readonly excluded: Subtree[];
  /** Whether a subtree cannot be understood: every name of the form is refused. */
  strange: boolean;
}

/**
 * Parses the constraints. A base that breaks the rules of its form, and a minimum or maximum (which RFC 5280 does not
 * have), make every name of that form unacceptable.
 */
function prepareNameConstraints(constraints: NameConstraints): PreparedNameConstraints {
  const others = new Set<GeneralName["form"]>();
  const prepared = {
    dNSName: unconstrained<DnsSubtree>(),
    rfc822Name: unconstrained<MailboxSubtree>(),
    uniformResourceIdentifier: unconstrained<HostSubtree>(),
    iPAddress: unconstrained<IpRange>(),
    directoryName: unconstrained<string>(),
    others,
    cost: 0,
  };
  const add = ({ base, minimum, maximum }: GeneralSubtree, permitted: boolean): void => {
    // Directory names are the bases that can be long.
    prepared.cost += base.form === "directoryName" ? 1 + (base.value.der.length >> 6) : 1;
    const plain = minimum === 0 && maximum === undefined;
    switch (base.form) {
      case "dNSName":
        return addSubtree(prepared.dNSName, plain ? parseDnsSubtree(base.value) : undefined, permitted);
      case "rfc822Name":
        return addSubtree(prepared.rfc822Name, plain ? parseMailboxSubtree(base.value) : undefined, permitted);
      case "uniformResourceIdentifier":
        return addSubtree(
          prepared.uniformResourceIdentifier,
          plain ? parseHostSubtree(base.value) : undefined,
          permitted,
        );
      case "iPAddress":
        return addSubtree(prepared.iPAddress, plain ? parseIpRange(base.value) : undefined, permitted);
      case "directoryName":
        return addSubtree(prepared.directoryName, plain ? directoryKey(base.value) : undefined, permitted);
      default:
        others.add(base.form);
    }
  };
  for (const subtree of constraints.permittedSubtrees ?? []) add(subtree, true);
  for (const subtree of constraints.excludedSubtrees ?? []) add(subtree, false);
  return prepared;
}

/**
 * Looks for a name that the constraints do not allow.
 *
 * @returns the name and what is wrong with it, to be completed by whose constraints they are; undefined: nothing
 */
function findConstrainedName(
  constraints: PreparedNameConstraints,
  names: SubjectNames,
): string | undefined {
  for (const form of names.others) {
    if (constraints.others.has(form)) return `${form} cannot be compared with`;
  }
  return findInForm(constraints.directoryName, names.directoryName, coversDirectoryName, coversDirectoryName) ??
    findInForm(constraints.dNSName, names.dNSName, permitsDnsName, excludesDnsName) ??
    findInForm(constraints.iPAddress, names.iPAddress, coversAddress, excludesAddress) ??
    findInForm(constraints.rfc822Name, names.rfc822Name, coversMailbox, coversMailbox) ??
    findInForm(
      constraints.uniformResourceIdentifier,
      names.uniformResourceIdentifier,
      coversHost,
      coversHost,
    );
}

function findInForm<Subtree, Parsed>(
  { permitted, excluded, strange }: FormConstraints<Subtree>,
  names: readonly SubjectName<Parsed>[],
  permits: (base: Subtree, name: Parsed) => boolean,
  excludes: (base: Subtree, name: Parsed) => boolean,
): string | undefined {
  if (permitted === undefined && excluded.length === 0 && !strange) return undefined;
  for (const { text, parsed } of names) {
    if (strange || parsed === undefined) return `${text} cannot be compared with`;
    if (excluded.some((base) => excludes(base, parsed))) return `${text} is excluded by`;
    if (permitted !== undefined && !permitted.some((base) => permits(base, parsed))) {
      return `${text} is not permitted by`;
    }
  }
  return undefined;
}

function unconstrained<Subtree>(): FormConstraints<Subtree> {
  return { permitted: undefined, excluded: [], strange: false };
}

function addSubtree<Subtree>(form: FormConstraints<Subtree>, base: Subtree | undefined, permitted: boolean): void {
  if (base === undefined) form.strange = true;
  else if (permitted) (form.permitted ??= []).push(base);
  else form.excluded.push(base);
}
