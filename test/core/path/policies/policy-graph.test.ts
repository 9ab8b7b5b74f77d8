import type { PolicyInputs } from "../../../../core/path/mod.ts";
import { checkPolicies } from "../../../../core/path/policies/check-policies.ts";
import type { Certificate } from "../../../../core/x509/certificate.ts";
import type { ExtensionType } from "../../../../core/x509/extensions/extension.ts";
import { assert, suite } from "../../../support/suite.ts";
import { testRandom } from "../../../support/test-authority.ts";
import { policiesByTree, type PolicyStatements } from "./policy-tree.ts";

const test = suite("core/path/policies/policy-graph");

const ANY = "2.5.29.32.0";

/** A certificate that says this about policies, and nothing else. */
function saying(statements: PolicyStatements): Certificate {
  const { policies, mappings, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = statements;
  const constrains = requireExplicitPolicy !== undefined || inhibitPolicyMapping !== undefined;
  const values = new Map<string, unknown>([
    ["2.5.29.32", policies?.map((policy) => ({ policy }))],
    ["2.5.29.33", mappings?.map(([from, to]) => ({ issuerDomainPolicy: from, subjectDomainPolicy: to }))],
    ["2.5.29.36", constrains ? { requireExplicitPolicy, inhibitPolicyMapping } : undefined],
    ["2.5.29.54", inhibitAnyPolicy],
  ]);
  const certificate = {
    decode: <T>(type: ExtensionType<T>) => values.get(type.oid) as T | undefined,
    extension: () => undefined,
  };
  return certificate as unknown as Certificate;
}

/** The outcome in one line. */
function byGraph(path: readonly PolicyStatements[], inputs: PolicyInputs): string {
  const certificates = [...path].reverse().map((one) => ({
    certificate: saying(one),
    selfIssued: one.selfIssued ?? false,
  }));
  const found = checkPolicies({ certificates, anchor: undefined }, inputs, () => {});
  return "refusal" in found ? "refused" : text(found);
}

function byTree(path: readonly PolicyStatements[], inputs: PolicyInputs): string {
  const found = policiesByTree(path, inputs);
  return found === undefined ? "refused" : text(found);
}

function text(
  found: { authorityConstrained: readonly string[]; userConstrained: readonly string[]; explicit: boolean },
) {
  const sorted = (policies: readonly string[]): string => [...new Set(policies)].sort().join(" ");
  return `${sorted(found.authorityConstrained)} | ${sorted(found.userConstrained)} | ${found.explicit}`;
}

test("PolicyGraph answers as the tree of RFC 5280 does, for four thousand chains", () => {
  const octets = testRandom("policies")(400_000);
  let at = 0;
  const below = (limit: number): number => octets[at++ % octets.length]! % limit;
  const some = (from: readonly string[], chance: number): string[] => from.filter(() => below(100) < chance);
  const one = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const names = ["1.1", "1.2", "1.3"];
  let refused = 0;
  for (let run = 0; run < 4000; run++) {
    const path = Array.from({ length: 1 + below(5) }, (): PolicyStatements => {
      const policies = [...some(names, 50), ...some([ANY], 35)];
      return {
        ...(policies.length === 0 || below(20) === 0 ? {} : { policies }),
        ...(below(3) !== 0 ? {} : {
          mappings: Array.from(
            { length: 1 + below(3) },
            () => [one(names), below(30) === 0 ? ANY : one([...names, "1.4"])] as const,
          ),
        }),
        ...(below(6) !== 0 ? {} : { requireExplicitPolicy: below(3) }),
        ...(below(6) !== 0 ? {} : { inhibitPolicyMapping: below(3) }),
        ...(below(6) !== 0 ? {} : { inhibitAnyPolicy: below(3) }),
        selfIssued: below(5) === 0,
      };
    });
    const inputs: PolicyInputs = {
      acceptable: below(2) === 0 ? [ANY] : some([...names, "1.4"], 50),
      requireExplicitPolicy: below(3) === 0,
      inhibitPolicyMapping: below(5) === 0,
      inhibitAnyPolicy: below(5) === 0,
    };
    const expected = byTree(path, inputs);
    if (expected === "refused") refused++;
    assert.is(byGraph(path, inputs), expected, JSON.stringify({ path, inputs }));
  }
  // Both happen often.
  assert.ok(refused > 800 && refused < 3200, String(refused));
});

test.run();
