import fc from "fast-check";
import { evaluatePolicy, parsePolicy, requestContext } from "../../../core/policy/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import type { CaseContext } from "./cases/condition-row.ts";

const test = suite("core/policy/evaluate-condition");

function evaluate(operator: string, wanted: unknown, context: CaseContext = {}, key: string = "test:Key") {
  const statement = { Effect: "Allow", Action: "*", Resource: "*", Condition: { [operator]: { [key]: wanted } } };
  const document = parsePolicy({ Version: "2012-10-17", Statement: statement }, "permissions", { maxSize: Infinity });
  const request = { action: "a:b", context: requestContext(Object.entries(context)) };
  return evaluatePolicy(document, request).statements[0]!.conditions[0]!;
}

test("evaluateCondition() reports what was wanted, with variables replaced, and what there is", () => {
  const wanted = ["home/${aws:username}/*", "${aws:PrincipalTag/none}"];
  const result = evaluate("StringLike", wanted, { "aws:username": "ana", "Test:KEY": ["a", "b"] });
  assert.is(result.key, "test:Key");
  assert.is(result.operator, "StringLike");
  assert.equal(result.expected, ["home/ana/*", "${aws:PrincipalTag/none}"]);
  assert.equal(result.actual, ["a", "b"]);
  assert.is(result.pointer, "/Statement/Condition/StringLike/test:Key");
  assert.is(result.outcome, "unmet");
  assert.is(
    result.detail,
    'test:Key is "a", "b", StringLike asks for "home/ana/*", "${aws:PrincipalTag/none}"; ' +
      'a variable of "${aws:PrincipalTag/none}" has no value in this request: not met.',
  );
});

test("evaluateCondition() tells an absent key from one without values", () => {
  assert.is(
    evaluate("StringNotEquals", "a").detail,
    'test:Key is not in the request, StringNotEquals asks for "a": met.',
  );
  assert.is(
    evaluate("StringEquals", "a", { "test:Key": [] }).detail,
    'test:Key has no value, StringEquals asks for "a": not met.',
  );
  assert.is(evaluate("StringEquals", "a").actual, undefined);
});

test("evaluateCondition() keeps its sentence short and free of what cannot be seen", () => {
  const many = Array.from({ length: 500 }, (_, i) => `value ${i}\u202e`.repeat(50));
  const { detail } = evaluate("ForAnyValue:StringEquals", many, { "test:Key": many.map((one) => `${one}x`) });
  assert.ok(detail.length < 4000, `${detail.length} characters`);
  assert.not.match(detail, /\u202e/);
});

test("evaluateCondition() never throws, whatever the values", () => {
  const operators = [
    "StringLike",
    "ArnLike",
    "NumericEquals",
    "DateLessThan",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "Null",
  ];
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\ud800", "${x", "1e999", "99999999999999999999", "::", "1/1/1", "2026-13-01", "-1", "0/0", "%"),
  );
  fc.assert(
    fc.property(fc.constantFrom(...operators), text, text, (operator, wanted, actual) => {
      const safe = wanted.replace(/\$\{/g, "$");
      const { outcome } = evaluate(operator, safe, { "test:Key": actual });
      assert.ok(outcome === "met" || outcome === "unmet");
    }),
    { numRuns: 500, seed: 5 },
  );
});

test("evaluateCondition() takes keys that are called like members of every object for absent", () => {
  for (const name of ["__proto__", "constructor", "toString", "valueOf"]) {
    assert.is(evaluate("Null", "true", {}, `aws:PrincipalTag/${name}`).outcome, "met");
    assert.is(evaluate("StringEquals", `\${${name}}`, { "test:Key": "a" }).outcome, "unmet");
    const key = `aws:PrincipalTag/${name}`;
    assert.is(evaluate("StringEquals", "x", { [key]: "x" }, key).outcome, "met");
  }
});

test("requestContext() knows keys in whatever case, and gives their spelling back", () => {
  const context = requestContext([["aws:PrincipalTag/x509Subject/CN", "a"], ["aws:TagKeys", ["b", "c"]], [
    "AWS:tagkeys",
    "d",
  ]]);
  assert.equal(context.get("AWS:PRINCIPALTAG/X509SUBJECT/cn"), ["a"]);
  assert.equal(context.get("aws:TagKeys"), ["d"]);
  assert.is(context.get("aws:None"), undefined);
  assert.equal(context.keys(), ["aws:PrincipalTag/x509Subject/CN", "AWS:tagkeys"]);
  const wrong = [["a:b", 1]] as unknown as [string, string][];
  assert.throws(() => requestContext(wrong), (error: Error) => error instanceof TypeError);
});

test.run();
