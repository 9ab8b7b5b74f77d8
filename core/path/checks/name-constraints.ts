/**
 * Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b) and (c)).
 *
 * Each CA's constraints are applied by themselves to every name below it; that is the intersection of what all permit
 * and the union of what all exclude.
 *
 * @module
 */

import type { GeneralSubtree, NameConstraints } from "../../x509/extensions/name-constraints.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { coversDirectoryName, directoryKey } from "../name-matching/directory-name.ts";
import { type DnsSubtree, excludesDnsName, parseDnsSubtree, permitsDnsName } from "../name-matching/dns-name.ts";
import { coversAddress, excludesAddress, type IpRange, parseIpRange } from "../name-matching/ip-range.ts";
import { coversMailbox, type MailboxSubtree, parseMailboxSubtree } from "../name-matching/mailbox.ts";
import { coversHost, type HostSubtree, parseHostSubtree } from "../name-matching/uri-host.ts";
import type { SubjectName, SubjectNames } from "./subject-names.ts";

/** The constraints of one CA, parsed, by form. */
export interface PreparedNameConstraints {
  readonly dNSName: FormConstraints<DnsSubtree>;
  readonly rfc822Name: FormConstraints<MailboxSubtree>;
  readonly uniformResourceIdentifier: FormConstraints<HostSubtree>;
  readonly iPAddress: FormConstraints<IpRange>;
  readonly directoryName: FormConstraints<string>;
  /** Forms that are constrained and not processed: names of these forms are refused. */
  readonly others: ReadonlySet<GeneralName["form"]>;
}

/** Constraints of one form of names. */
export interface FormConstraints<Subtree> {
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
export function prepareNameConstraints(constraints: NameConstraints): PreparedNameConstraints {
  const others = new Set<GeneralName["form"]>();
  const prepared = {
    dNSName: unconstrained<DnsSubtree>(),
    rfc822Name: unconstrained<MailboxSubtree>(),
    uniformResourceIdentifier: unconstrained<HostSubtree>(),
    iPAddress: unconstrained<IpRange>(),
    directoryName: unconstrained<string>(),
    others,
  };
  const add = ({ base, minimum, maximum }: GeneralSubtree, permitted: boolean): void => {
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
 * @param spend pays for that many comparisons before they are made
 * @returns the name and what is wrong with it, to be completed by whose constraints they are; undefined: nothing
 */
export function findConstrainedName(
  constraints: PreparedNameConstraints,
  names: SubjectNames,
  spend: (comparisons: number) => void,
): string | undefined {
  for (const form of names.others) {
    if (constraints.others.has(form)) return `${form} cannot be compared with`;
  }
  return findInForm(constraints.directoryName, names.directoryName, coversDirectoryName, coversDirectoryName, spend) ??
    findInForm(constraints.dNSName, names.dNSName, permitsDnsName, excludesDnsName, spend) ??
    findInForm(constraints.iPAddress, names.iPAddress, coversAddress, excludesAddress, spend) ??
    findInForm(constraints.rfc822Name, names.rfc822Name, coversMailbox, coversMailbox, spend) ??
    findInForm(
      constraints.uniformResourceIdentifier,
      names.uniformResourceIdentifier,
      coversHost,
      coversHost,
      spend,
    );
}

function findInForm<Subtree, Parsed>(
  { permitted, excluded, strange }: FormConstraints<Subtree>,
  names: readonly SubjectName<Parsed>[],
  permits: (base: Subtree, name: Parsed) => boolean,
  excludes: (base: Subtree, name: Parsed) => boolean,
  spend: (comparisons: number) => void,
): string | undefined {
  if (permitted === undefined && excluded.length === 0 && !strange) return undefined;
  spend(names.length * (excluded.length + (permitted?.length ?? 0)));
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
