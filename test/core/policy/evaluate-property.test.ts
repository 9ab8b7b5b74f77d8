import fc from "fast-check";
import { evaluatePolicy, parsePolicy, type PolicyKind, requestContext } from "../../../core/policy/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import { naiveOutcome, type NaiveRequest } from "./naive-policy.ts";

const test = suite("core/policy/evaluate-property");

const few = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { minLength: 1, maxLength });
const oneOrMore = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, few(one, 3));
const word = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((letters) => letters.join(""));

const VARIABLES = ["${t:k}", "${T:K2}", "${t:none}", "${t:none, 'a*'}", "${t:k, 'b'}", "${*}", "${?}", "${$}"];
const KEYS = ["t:k", "T:K", "t:k2", "t:none"];

const pattern = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom("a", "b", "A", "*", "?", ":", "😀") }, {
    weight: 1,
    arbitrary: fc.constantFrom(...VARIABLES),
  }),
  { maxLength: 6 },
).map((parts) => parts.join(""));
const value = word("abA*:", 5);
const arnPattern = fc.tuple(few(word("ab*?", 3), 5), pattern).map(([sections, rest]) =>
  `arn:${sections.join(":")}:${rest}`
);
const arn = fc.tuple(few(word("ab", 3), 5), word("ab:*", 5)).map(([sections, rest]) =>
  `arn:${sections.join(":")}:${rest}`
);
const resourcePattern = arnPattern.filter((text) => {
  const variable = text.indexOf("${");
  return variable < 0 || text.slice(0, variable).split(":").length >= 6;
});

const DATES = [
  "2026-01-01",
  "2026",
  "2026-01-01T00:00:00Z",
  "2026-01-01T01:00:00+01:00",
  "1767225600",
  "2026-02-30",
  "x",
];
const NUMBERS = ["1", "1.0", "-1", "2.5", "25e-1", "x", ""];
const RANGES = ["10.0.0.0/8", "10.1.2.3", "10.1.2.3/31", "2001:db8::/33", "2001:db8:8000::", "10.0.0.256", "::/0"];
const ADDRESSES = ["10.1.2.3", "10.1.2.2", "11.0.0.1", "2001:db8::1", "2001:db8:8000::", "x"];
const SWITCHES = ["true", "TRUE", "false", "maybe"];
const OCTETS = ["", "QQ==", "QmluYXJ5", "%"];

const FAMILIES:
  readonly (readonly [operators: readonly string[], wanted: fc.Arbitrary<string>, actual: fc.Arbitrary<string>])[] = [
    [["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"], pattern, value],
    [["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"], pattern, value],
    [["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"], fc.oneof(arnPattern, pattern), fc.oneof(arn, value)],
    [
      ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan"],
      fc.constantFrom(...NUMBERS),
      fc.constantFrom(...NUMBERS),
    ],
    [
      ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
      fc.constantFrom(...DATES),
      fc.constantFrom(...DATES),
    ],
    [["IpAddress", "NotIpAddress"], fc.constantFrom(...RANGES), fc.constantFrom(...ADDRESSES)],
    [["Bool"], fc.constantFrom(...SWITCHES), fc.constantFrom(...SWITCHES)],
    [["BinaryEquals"], fc.constantFrom(...OCTETS), fc.constantFrom(...OCTETS)],
  ];

const contextValue = (actual: fc.Arbitrary<string>) => fc.oneof(actual, fc.array(actual, { maxLength: 3 }));

/** A condition and a context that knows some of its keys. */
const condition = fc.constantFrom(...FAMILIES).chain(([operators, wanted, actual]) =>
  fc.record({
    operator: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(
          fc.constantFrom("", "", "ForAllValues:", "ForAnyValue:"),
          fc.constantFrom(...operators),
          fc.constantFrom("", "", "IfExists"),
        ).map((parts) => parts.join("")),
      },
      { weight: 1, arbitrary: fc.constant("Null") },
    ),
    key: fc.constantFrom(...KEYS),
    wanted: oneOrMore(wanted),
    context: fc.record({ "t:k": contextValue(actual), "t:K2": contextValue(actual) }, { requiredKeys: [] }),
  })
);

const action = fc.constantFrom("s:Ab", "s:AB", "s:b", "t:Ab");
const actionElement = fc.tuple(
  fc.constantFrom("Action", "NotAction"),
  oneOrMore(fc.constantFrom("*", "s:*", "S:a?", "s:*b", "t:Ab", "s:A*b*")),
);

function statement(kind: PolicyKind) {
  const element = kind === "trust"
    ? fc.constantFrom(
      { Principal: "*" },
      { Principal: { AWS: "111122223333" } },
      { Principal: { AWS: ["arn:aws:iam::111122223333:role/p/r", "444455556666"] } },
      { Principal: { Service: "rolesanywhere.amazonaws.com", AWS: "arn:aws:iam::111122223333:root" } },
      { NotPrincipal: { AWS: "111122223333" } },
      { NotPrincipal: { Service: "rolesanywhere.amazonaws.com" } },
    )
    : fc.tuple(fc.constantFrom("Resource", "NotResource"), oneOrMore(fc.oneof(resourcePattern, fc.constant("*"))))
      .map(([name, patterns]) => ({ [name]: patterns }));
  return fc.record({ effect: fc.constantFrom("Allow", "Allow", "Deny"), element, actionElement, condition })
    .map(({ effect, element, actionElement: [name, patterns], condition }) => ({
      statement: {
        Effect: "NotPrincipal" in element ? "Deny" : effect,
        [name]: patterns,
        ...element,
        Condition: { [condition.operator]: { [condition.key]: condition.wanted } },
      },
      context: condition.context,
    }));
}

const PRINCIPALS = [
  undefined,
  { type: "Service", value: "rolesanywhere.amazonaws.com" },
  { type: "AWS", value: "arn:aws:iam::111122223333:root" },
  { type: "AWS", value: "arn:aws:iam::111122223333:user/u" },
  { type: "AWS", value: "arn:aws:sts::111122223333:assumed-role/r/s" },
  { type: "Federated", value: "accounts.google.com" },
] as const;

for (const kind of ["permissions", "trust"] as const) {
  test(`evaluatePolicy() and the naive evaluator agree on any ${kind} policy`, () => {
    const seen = new Map<string, number>();
    const given = fc.record({
      version: fc.constantFrom("2012-10-17", "2012-10-17", "2008-10-17"),
      statements: few(statement(kind), 3),
      action,
      resource: fc.option(arn, { nil: undefined }),
      principal: fc.constantFrom(...PRINCIPALS),
    });
    fc.assert(
      fc.property(given, ({ version, statements, action, resource, principal }) => {
        const policy = { Version: version, Statement: statements.map((one) => one.statement) };
        // Keys of the later statements count: what one statement looks for, another may have brought.
        const context: NaiveRequest["context"] = Object.assign({}, ...statements.map((one) => one.context));
        const { outcome } = evaluatePolicy(parsePolicy(JSON.stringify(policy), kind), {
          action,
          ...(resource === undefined ? {} : { resource }),
          ...(principal === undefined ? {} : { principal }),
          context: requestContext(Object.entries(context)),
        });
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        assert.is(outcome, naiveOutcome(policy, { action, resource, principal, context }));
      }),
      { numRuns: 1500, seed: 20261122 },
    );
    for (const outcome of ["allow", "explicit-deny", "implicit-deny"]) {
      assert.ok((seen.get(outcome) ?? 0) > 50, `${outcome} came up ${seen.get(outcome)} times`);
    }
  });
}

test.run();
