import type { Bytes } from "../../../../core/bytes/bytes.ts";
import {
  derContextPrimitive,
  derInteger,
  derNull,
  derObjectIdentifier,
  derSequence,
} from "../../../../core/der/writer.ts";
import type { PolicyInputs } from "../../../../core/path/mod.ts";
import type { Certificate } from "../../../../core/x509/certificate.ts";
import { assert, suite } from "../../../support/suite.ts";
import { CA_EXTENSIONS, CLIENT_EXTENSIONS, type TestExtension } from "../../../support/test-authority.ts";
import { issue, type More, refusal, root, validate } from "../hierarchy.ts";

const test = suite("core/path/policies/check-policies");

const ANY = "2.5.29.32.0";
const [A, B, C] = ["1.2.3.1", "1.2.3.2", "1.2.3.3"] as const;

const policies = (...oids: string[]): TestExtension => ({
  oid: "2.5.29.32",
  value: derSequence(...oids.map((oid) => derSequence(derObjectIdentifier(oid)))),
});
const mappings = (...pairs: [string, string][]): TestExtension => ({
  oid: "2.5.29.33",
  critical: true,
  value: derSequence(...pairs.map((pair) => derSequence(...pair.map(derObjectIdentifier)))),
});
const policyConstraints = (explicit?: number, inhibitMapping?: number): TestExtension => {
  const field = (tag: number, value?: number): Bytes[] =>
    value === undefined ? [] : [derContextPrimitive(tag, Uint8Array.of(value))];
  return { oid: "2.5.29.36", critical: true, value: derSequence(...field(0, explicit), ...field(1, inhibitMapping)) };
};
const inhibitAny = (skip: number): TestExtension => ({ oid: "2.5.29.54", critical: true, value: derInteger(skip) });

const ca = (subject: string, issuer: string, ...extensions: TestExtension[]): Promise<Certificate> =>
  issue(subject, issuer, [...CA_EXTENSIONS, ...extensions]);
const end = (issuer: string, ...extensions: TestExtension[]): Promise<Certificate> =>
  issue("Leaf", issuer, [...CLIENT_EXTENSIONS, ...extensions]);

/** Validates Leaf ← One ← Root with the extensions of each. */
async function run(
  leaf: readonly TestExtension[],
  one: readonly TestExtension[],
  inputs: Partial<PolicyInputs> = {},
  anchor: readonly TestExtension[] = [],
) {
  const anchors = [await root([...CA_EXTENSIONS, ...anchor])];
  return await validate(await end("One", ...leaf), anchors, [await ca("One", "Root", ...one)], { policies: inputs });
}

test("checkPolicies() answers the policies that all certificates carry, and those of them that are acceptable", async () => {
  const { policies: found } = await run([policies(A, B)], [policies(B, A, C)], { acceptable: [B, C] });
  assert.equal([...found.authorityConstrained].sort(), [A, B]);
  assert.equal(found.userConstrained, [B]);
  assert.is(found.explicit, false);
  assert.equal((await run([], [])).policies, { authorityConstrained: [], userConstrained: [], explicit: false });
});

test("checkPolicies() refuses a path without an acceptable policy where one is required", async () => {
  const explicit = { requireExplicitPolicy: true };
  assert.is((await run([policies(A)], [policies(A)], explicit)).policies.explicit, true);
  await refusal(run([], [], explicit), "ERR_PATH_POLICY");
  await refusal(run([policies(A)], [policies(B)], explicit), "ERR_PATH_POLICY");
  await refusal(run([policies(A)], [policies(A)], { ...explicit, acceptable: [B] }), "ERR_PATH_POLICY");
  await run([policies(A)], [policies(A)], { acceptable: [B] });
});

test("checkPolicies() lets anyPolicy stand for every policy until it is inhibited", async () => {
  const explicit = { requireExplicitPolicy: true };
  assert.equal((await run([policies(A)], [policies(ANY)], explicit)).policies.userConstrained, [A]);
  assert.equal(
    (await run([policies(ANY)], [policies(ANY)], { ...explicit, acceptable: [C] })).policies.userConstrained,
    [
      C,
    ],
  );
  await refusal(run([policies(A)], [policies(ANY)], { ...explicit, inhibitAnyPolicy: true }), "ERR_PATH_POLICY");
  await refusal(run([policies(ANY)], [policies(A), inhibitAny(0)], explicit), "ERR_PATH_POLICY");
  await run([policies(ANY)], [policies(A), inhibitAny(1)], explicit);
});

test("checkPolicies() follows mappings to the names that the issuer uses, and stops them where they are inhibited", async () => {
  const mapping = [policies(A), mappings([A, B])];
  const explicit = { requireExplicitPolicy: true };
  assert.equal((await run([policies(B)], mapping, explicit)).policies.userConstrained, [A]);
  await refusal(run([policies(A)], mapping, explicit), "ERR_PATH_POLICY");
  await refusal(run([policies(B)], mapping, { ...explicit, inhibitPolicyMapping: true }), "ERR_PATH_POLICY");
  assert.equal(
    (await run([policies(B)], [policies(ANY), mappings([A, B])], explicit)).policies.userConstrained,
    [A],
  );
  await refusal(run([policies(B)], [policies(A), mappings([A, ANY])]), "ERR_PATH_POLICY");
});

test("checkPolicies() counts down policyConstraints, self-issued certificates aside", async () => {
  await refusal(run([], [policyConstraints(0)]), "ERR_PATH_POLICY");
  await run([], [policyConstraints(2)]);
  const anchors = [await root()];
  const one = await ca("One", "Root", policies(A), policyConstraints(1));
  const selfIssued: More = { key: "One 2" };
  const next = await issue("One", "One", [...CA_EXTENSIONS, policies(A)], selfIssued);
  const two = await issue("Two", "One", [...CA_EXTENSIONS, policies(A)], { issuerKey: "One 2" });
  await validate(await end("Two", policies(A)), anchors, [one, next, two]);
  await refusal(validate(await end("Two"), anchors, [one, next, two]), "ERR_PATH_POLICY");
});

test("checkPolicies() applies the policies of an anchor's certificate where it has any", async () => {
  const explicit = { requireExplicitPolicy: true };
  await run([policies(A)], [policies(A)], explicit, [policies(A)]);
  await refusal(run([policies(A)], [policies(A)], explicit, [policies(B)]), "ERR_PATH_POLICY");
  await refusal(run([], [], {}, [policyConstraints(0)]), "ERR_PATH_POLICY");
});

test("checkPolicies() refuses critical policies with a qualifier that it does not know", async () => {
  const qualified = (critical: boolean): TestExtension => ({
    oid: "2.5.29.32",
    critical,
    value: derSequence(
      derSequence(derObjectIdentifier(A), derSequence(derSequence(derObjectIdentifier("1.2.3.4"), derNull()))),
    ),
  });
  await refusal(run([qualified(true)], [policies(A)]), "ERR_PATH_CRITICAL_EXTENSION");
  await run([qualified(false)], [policies(A)]);
});

test("checkPolicies() refuses extensions that are malformed, wherever they stand", async () => {
  const broken: TestExtension = { oid: "2.5.29.32", value: derSequence() };
  assert.is((await refusal(run([broken], [policies(A)]), "ERR_PATH_MALFORMED")).depth, 0);
  assert.is((await refusal(run([], [broken]), "ERR_PATH_MALFORMED")).depth, 1);
  assert.is((await refusal(run([], [], {}, [broken]), "ERR_PATH_MALFORMED")).depth, 2);
});

test("checkPolicies() pays for extensions that are malformed as often as it reads them", async () => {
  const broken: TestExtension = { oid: "2.5.29.32", value: derSequence() };
  const leaf = await end("Root", broken);
  const limits = { comparisons: leaf.der.length };
  await refusal(validate(leaf, [await root()], [], { limits }), "ERR_PATH_MALFORMED");
  const anchors = [await root(), await root(CA_EXTENSIONS, { serial: 2 })];
  await refusal(validate(leaf, anchors, [], { limits }), "ERR_PATH_BUDGET");
});

test("checkPolicies() takes steps in proportion to the certificates where a tree would grow without bound", async () => {
  // RFC 9618 §1.2: every CA maps each of its policies to all of them, and the tree doubles with every certificate.
  const all = Array.from({ length: 40 }, (_, i) => `1.2.4.${i}`);
  const everyToEvery = mappings(...all.flatMap((from) => all.map((to): [string, string] => [from, to])));
  const chain: Certificate[] = [];
  for (let i = 0; i < 8; i++) {
    chain.push(await ca(`CA ${i}`, i === 0 ? "Root" : `CA ${i - 1}`, policies(...all), everyToEvery));
  }
  const leaf = await end("CA 7", policies(...all));
  const inputs = { requireExplicitPolicy: true };
  const path = await validate(leaf, [await root()], chain, { policies: inputs, limits: { comparisons: 40_000 } });
  assert.is(path.policies.userConstrained.length, 40);
  const limits = { comparisons: 1000 };
  await refusal(validate(leaf, [await root()], chain, { policies: inputs, limits }), "ERR_PATH_BUDGET");
});

test.run();
