/**
 * The valid policy graph (RFC 9618 §3), which takes the place of the valid policy tree of RFC 5280: one node for each
 * policy and depth, so that its size is that of the certificates.
 *
 * @module
 */

import { ANY_POLICY } from "../../x509/extensions/certificate-policies.ts";
import type { PolicyMapping } from "../../x509/extensions/policy-mappings.ts";

/** A policy at one depth. */
interface PolicyNode {
  /** valid_policy. */
  readonly policy: string;
  /** expected_policy_set: what the policy is called in the next certificate. */
  expected: readonly string[];
  /** Nodes of the depth above. */
  readonly parents: readonly PolicyNode[];
  /** Whether a path leads from it to the last depth. */
  reached: boolean;
}

/** The graph, depth by depth from the anchor; undefined `leaves` stand for the graph NULL. */
export class PolicyGraph {
  readonly #levels: Map<string, PolicyNode>[];
  #valid = true;

  /** RFC 5280 §6.1.2 (a): one node of depth 0, anyPolicy. */
  constructor() {
    this.#levels = [new Map([[ANY_POLICY, policyNode(ANY_POLICY, [])]])];
  }

  /** Whether the graph is NULL. */
  get isNull(): boolean {
    return !this.#valid;
  }

  /** How many policies the last depth expects: what one more depth costs at least. */
  get width(): number {
    let width = 0;
    if (this.#valid) { for (const node of this.#leaves.values()) width += node.expected.length; }
    return width;
  }

  /** Makes the graph NULL (§6.1.3 (e)). */
  clear(): void {
    this.#valid = false;
  }

  /**
   * One more depth (§6.1.3 (d)).
   *
   * @param policies of the certificate
   * @param allowAnyPolicy whether anyPolicy among them counts
   */
  addPolicies(policies: readonly string[], allowAnyPolicy: boolean): void {
    if (!this.#valid) return;
    const expecting = this.#expectations();
    const any = this.#leaves.get(ANY_POLICY);
    const level = new Map<string, PolicyNode>();
    for (const policy of policies) {
      if (policy === ANY_POLICY) continue;
      const parents = expecting.get(policy) ?? (any === undefined ? undefined : [any]);
      if (parents !== undefined) level.set(policy, policyNode(policy, parents));
    }
    if (allowAnyPolicy && policies.includes(ANY_POLICY)) {
      for (const [policy, parents] of expecting) {
        if (!level.has(policy)) level.set(policy, policyNode(policy, parents));
      }
    }
    this.#push(level);
  }

  /** Policy mappings (§6.1.4 (b)). @param allowed whether mapping is allowed; otherwise mapped policies end here */
  map(mappings: readonly PolicyMapping[], allowed: boolean): void {
    if (!this.#valid) return;
    const mapped = new Map<string, string[]>();
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      const subjects = mapped.get(issuerDomainPolicy);
      if (subjects === undefined) mapped.set(issuerDomainPolicy, [subjectDomainPolicy]);
      else subjects.push(subjectDomainPolicy);
    }
    const leaves = this.#leaves;
    const any = leaves.get(ANY_POLICY);
    for (const [policy, subjects] of mapped) {
      const node = leaves.get(policy);
      if (!allowed) leaves.delete(policy);
      else if (node !== undefined) node.expected = [...new Set(subjects)];
      else if (any !== undefined) {
        leaves.set(policy, { ...policyNode(policy, any.parents), expected: [...new Set(subjects)] });
      }
    }
    if (leaves.size === 0) this.#valid = false;
  }

  /**
   * The policies that every certificate of the path carries, by the names that they have nearest to the anchor
   * (RFC 9618 §3.3, authority-constrained policy set); anyPolicy is among them when all policies are.
   */
  authorityPolicies(): Set<string> {
    const policies = new Set<string>();
    if (!this.#valid) return policies;
    for (const node of this.#leaves.values()) node.reached = true;
    if (this.#leaves.has(ANY_POLICY)) policies.add(ANY_POLICY);
    for (let depth = this.#levels.length - 1; depth > 0; depth--) {
      for (const node of this.#levels[depth]!.values()) {
        if (!node.reached) continue;
        for (const parent of node.parents) {
          parent.reached = true;
          if (parent.policy === ANY_POLICY && node.policy !== ANY_POLICY) policies.add(node.policy);
        }
      }
    }
    return policies;
  }

  get #leaves(): Map<string, PolicyNode> {
    return this.#levels[this.#levels.length - 1]!;
  }

  /** Which nodes of the last depth expect a policy. */
  #expectations(): Map<string, PolicyNode[]> {
    const expecting = new Map<string, PolicyNode[]>();
    for (const node of this.#leaves.values()) {
      for (const policy of node.expected) {
        const nodes = expecting.get(policy);
        if (nodes === undefined) expecting.set(policy, [node]);
        else nodes.push(node);
      }
    }
    return expecting;
  }

  #push(level: Map<string, PolicyNode>): void {
    this.#levels.push(level);
    if (level.size === 0) this.#valid = false;
  }
}

function policyNode(policy: string, parents: readonly PolicyNode[]): PolicyNode {
  return { policy, expected: [policy], parents, reached: false };
}
