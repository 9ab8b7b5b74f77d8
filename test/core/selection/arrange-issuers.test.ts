import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { arrangeIssuers } from "../../../core/selection/arrange-issuers.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";

const test = suite("core/selection/arrange-issuers");

const PORTABLE = portableProvider({});
const root = await testIdentity("Root");
const upper = await testIdentity("Upper", { issuer: root, kind: "ca" });
const lower = await testIdentity("Lower", { issuer: upper, kind: "ca" });
const leaf = await testIdentity("edge-7", { issuer: lower });
const other = await testIdentity("Other", { issuer: upper });
const ALL = [root, upper, lower, leaf, other];

test("arrangeIssuers() follows signatures, not names alone", async () => {
  const names = async (pool: readonly (typeof root)[]) => {
    const chain = await arrangeIssuers(leaf.certificate, pool.map(({ certificate }) => certificate), PORTABLE);
    return chain.map(({ der }) => pool.find(({ certificate }) => certificate.der === der)?.name).join(" < ");
  };
  // Certificates of the same names by other keys, as a store collects them over the years.
  const falseLower = await testIdentity("Lower", { issuer: upper, kind: "ca", key: { type: "ec", curve: "P-384" } });
  const falseUpper = await testIdentity("Upper", { issuer: root, kind: "ca", key: { type: "ec", curve: "P-384" } });
  assert.is(await names(ALL), "Lower < Upper");
  assert.is(await names([falseUpper, falseLower, root, upper, other, lower, lower, leaf]), "Lower < Upper");
  assert.is(await names([falseUpper, falseLower, lower]), "Lower");
  assert.is(await names([falseLower, upper]), "");
  assert.is(await names([]), "");
});

test("arrangeIssuers() refuses chains that are too long", async () => {
  let issuer = root;
  const pool: (typeof root)[] = [];
  for (let i = 0; i < 6; i++) pool.push(issuer = await testIdentity(`CA ${i}`, { issuer, kind: "ca" }));
  const deep = await testIdentity("Deep", { issuer });
  await assertRejects(
    arrangeIssuers(deep.certificate, pool.map(({ certificate }) => certificate), PORTABLE),
    "ERR_IDENTITY_CHAIN_TOO_LONG",
  );
});

test.run();
