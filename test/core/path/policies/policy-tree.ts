/**
 * Policy processing as RFC 5280 §6.1 words it, with the valid policy tree and nothing saved: what the graph of RFC 9618
 * is compared with. Its size grows exponentially; chains here are short.
 *
 * @module
 */

import type { PolicyInputs, ValidPolicies } from "../../../../core/path/mod.ts";

/** What a certificate says about policies. */
export interface PolicyStatements {
  readonly policies?: readonly string[];
  readonly mappings?: readonly (readonly [issuer: string, subject: string])[];
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
  readonly inhibitAnyPolicy?: number;
  readonly selfIssued?: boolean;
}

interface Node {
  readonly policy: string;
  expected: string[];
  readonly parent: Node | undefined;
  readonly children: Node[];
}

const ANY = "2.5.29.32.0";

/**
 * Processes a path.
 *
 * @param path the certificate nearest to the anchor first
 * @returns undefined when the path is refused
 */
export function policiesByTree(path: readonly PolicyStatements[], inputs: PolicyInputs): ValidPolicies | undefined {
  const n = path.length;
  // §6.1.2 (a), (d), (e), (f).
  let levels: Node[][] | undefined = [[node(ANY, undefined)]];
  let explicitPolicy = inputs.requireExplicitPolicy ? 0 : n + 1;
  let inhibitAny = inputs.inhibitAnyPolicy ? 0 : n + 1;
  let policyMapping = inputs.inhibitPolicyMapping ? 0 : n + 1;
  for (let i = 1; i <= n; i++) {
    const { policies, mappings, selfIssued = false, ...constraints } = path[i - 1]!;
    // §6.1.3 (d).
    if (policies === undefined) levels = undefined;
    else if (levels !== undefined) {
      const above: Node[] = levels[i - 1]!;
      const level: Node[] = [];
      for (const policy of policies.filter((one) => one !== ANY)) {
        const matching = above.filter(({ expected }) => expected.includes(policy));
        const any = above.filter((one) => one.policy === ANY);
        for (const parent of matching.length > 0 ? matching : any) level.push(node(policy, parent));
      }
      if (policies.includes(ANY) && (inhibitAny > 0 || (i < n && selfIssued))) {
        for (const parent of above) {
          for (const expected of parent.expected) {
            if (!parent.children.some(({ policy }) => policy === expected)) level.push(node(expected, parent));
          }
        }
      }
      levels = pruned([...levels, level], i);
    }
    // §6.1.3 (f).
    if (!(explicitPolicy > 0 || levels !== undefined)) return undefined;
    if (i === n) {
      // §6.1.5 (a), (b).
      if (explicitPolicy !== 0) explicitPolicy--;
      if (constraints.requireExplicitPolicy === 0) explicitPolicy = 0;
      break;
    }
    // §6.1.4 (a), (b).
    if (mappings?.some((pair) => pair.includes(ANY)) === true) return undefined;
    if (mappings !== undefined && levels !== undefined) {
      for (const issuer of new Set(mappings.map(([from]) => from))) {
        const subjects = mappings.filter(([from]) => from === issuer).map(([, to]) => to);
        const level: Node[] = levels?.[i] ?? [];
        const found = level.filter(({ policy }) => policy === issuer);
        if (policyMapping > 0) {
          for (const one of found) one.expected = subjects;
          const any = found.length > 0 ? undefined : level.find(({ policy }) => policy === ANY);
          if (any !== undefined) {
            const made = node(issuer, any.parent);
            made.expected = subjects;
            level.push(made);
          }
        } else {
          for (const one of found) detach(one);
          levels = levels === undefined
            ? undefined
            : pruned([...levels.slice(0, i), level.filter(({ policy }) => policy !== issuer)], i);
        }
      }
    }
    // §6.1.4 (h), (i), (j).
    if (!selfIssued) {
      if (explicitPolicy !== 0) explicitPolicy--;
      if (policyMapping !== 0) policyMapping--;
      if (inhibitAny !== 0) inhibitAny--;
    }
    explicitPolicy = Math.min(explicitPolicy, constraints.requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, constraints.inhibitPolicyMapping ?? policyMapping);
    inhibitAny = Math.min(inhibitAny, constraints.inhibitAnyPolicy ?? inhibitAny);
  }
  // §6.1.5 (g): of the nodes whose parent is anyPolicy, those that the user accepts.
  const authority = new Set<string>();
  for (const level of levels?.slice(1) ?? []) {
    for (const { policy, parent } of level) if (parent?.policy === ANY && policy !== ANY) authority.add(policy);
  }
  if ((levels?.at(-1) ?? []).some(({ policy }) => policy === ANY)) authority.add(ANY);
  const user = inputs.acceptable.includes(ANY)
    ? [...authority]
    : inputs.acceptable.filter((policy) => authority.has(policy) || authority.has(ANY));
  if (explicitPolicy === 0 && user.length === 0) return undefined;
  return { authorityConstrained: [...authority], userConstrained: user, explicit: explicitPolicy === 0 };
}

function node(policy: string, parent: Node | undefined): Node {
  const made: Node = { policy, expected: [policy], parent, children: [] };
  parent?.children.push(made);
  return made;
}

function detach(one: Node): void {
  one.parent?.children.splice(one.parent.children.indexOf(one), 1);
}

/** Without the nodes above depth `i` that have no children, one depth after the other; undefined: the tree is NULL. */
function pruned(levels: readonly Node[][], i: number): Node[][] | undefined {
  const left = [...levels];
  for (let depth = i - 1; depth >= 0; depth--) {
    for (const one of left[depth]!) if (one.children.length === 0) detach(one);
    left[depth] = left[depth]!.filter(({ children }) => children.length > 0);
  }
  return left[0]!.length === 0 ? undefined : left;
}
