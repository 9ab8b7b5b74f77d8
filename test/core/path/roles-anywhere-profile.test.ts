import { ECDSA_SHA1 } from "../../../core/crypto/signature-algorithm.ts";
import { endEntityFindings, endEntityWarnings, ROLES_ANYWHERE_PROFILE } from "../../../core/path/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import {
  basicConstraints,
  CA_EXTENSIONS,
  commonName,
  extendedKeyUsage,
  keyUsage,
  type TestCertificate,
  testCertificate,
  type TestExtension,
  testKey,
} from "../../support/test-authority.ts";

const test = suite("core/path/roles-anywhere-profile");

async function certificate(extensions: readonly TestExtension[], more: Partial<TestCertificate> = {}) {
  const signer = await testKey("profile");
  const subject = commonName("x");
  return await testCertificate({ subject, issuer: subject, publicKey: signer.publicKey, signer, extensions, ...more });
}

test("endEntityFindings() has none for a client certificate", async () => {
  assert.equal(endEntityFindings(await certificate([keyUsage(0)])), []);
  assert.equal(endEntityFindings(await certificate([basicConstraints(false), keyUsage(0, 2)])), []);
});

test("endEntityFindings() names each broken rule with the service's message", async () => {
  const signer = await testKey("profile");
  const sha1 = { algorithm: ECDSA_SHA1, publicKey: signer.publicKey, sign: () => new Uint8Array(64) };
  const cases = [
    [await certificate([]), "digitalSignature", "the keyUsage extension is missing"],
    [await certificate([keyUsage(2)]), "digitalSignature", "keyUsage is keyEncipherment"],
    [
      await certificate([keyUsage(0), basicConstraints(true)]),
      "no CA certificate",
      "basicConstraints say that it is a CA",
    ],
    [
      await certificate([keyUsage(0)], { signer: sha1 }),
      "SHA-256 or stronger",
      "it is signed with ECDSA with SHA-1, SHA-256 or stronger is required",
    ],
    [await certificate([keyUsage(0)], { subject: [] }), "subject", "the subject is empty"],
  ] as const;
  const message = "Untrusted certificate. Insufficient certificate";
  for (const [subject, rule, state] of cases) assert.equal(endEntityFindings(subject), [{ rule, state, message }]);
  const first = endEntityFindings(await certificate([], { version: 1 }));
  assert.equal(first.map(({ rule }) => rule), ["X.509 v3", "digitalSignature"]);
});

test("endEntityWarnings() tells of an extended key usage without client authentication", async () => {
  const clientAuth = "1.3.6.1.5.5.7.3.2";
  const serverAuth = "1.3.6.1.5.5.7.3.1";
  assert.equal(endEntityWarnings(await certificate([keyUsage(0), extendedKeyUsage(serverAuth, clientAuth)])), []);
  assert.equal(endEntityWarnings(await certificate([keyUsage(0), extendedKeyUsage("2.5.29.37.0")])), []);
  const warnings = endEntityWarnings(await certificate([keyUsage(0), extendedKeyUsage(serverAuth)]));
  assert.equal(warnings.map(({ rule }) => rule), ["extendedKeyUsage"]);
});

test("ROLES_ANYWHERE_PROFILE wants keyCertSign written out", async () => {
  assert.is(ROLES_ANYWHERE_PROFILE.checkAuthority(await certificate(CA_EXTENSIONS), "anchor"), undefined);
  const bare = await certificate([basicConstraints(true)]);
  assert.is(
    ROLES_ANYWHERE_PROFILE.checkAuthority(bare, "intermediate"),
    "its keyUsage does not include keyCertSign",
  );
});

test.run();
