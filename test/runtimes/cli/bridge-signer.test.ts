// runtimes: node20 node deno bun
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { BRIDGE_FLAGS } from "../../../runtimes/cli/bridge-flags.ts";
import { bridgeAlgorithm, type BridgeKeyPlace, bridgeSigner } from "../../../runtimes/cli/bridge-signer.ts";
import { FlagValues } from "../../../runtimes/cli/flags.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { addSignerTests } from "../../support/signer-conformance.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";
import { KEYS, PASSWORD } from "../../vectors/keys/keys.ts";

const test = suite("runtimes/cli/bridge-signer");

const NO_FLAGS = new FlagValues(new Map(), BRIDGE_FLAGS);

function place(change: Partial<BridgeKeyPlace> = {}): BridgeKeyPlace {
  return { key: "key.pem", certificate: undefined, intermediates: undefined, algorithm: undefined, ...change };
}

for (const key of ["rsa", "P-256", "P-384", "P-521"] as const) {
  addSignerTests(test, `${key} of a file`, async () => {
    const host = memoryHost({ files: { "key.pem": KEYS[`${key}-pkcs8`] }, crypto: webCryptoProvider() });
    const { signer } = await bridgeSigner(host, NO_FLAGS, place());
    return { signer, publicKey: decodePem(KEYS[`${key}-public`])[0]!.octets };
  });
}

test("bridgeSigner() opens an encrypted key with the password of flags and of the terminal", async () => {
  const files = { "key.pem": KEYS["encrypted-aes-256-cbc-hmac-sha256"] };
  const withFlag = new FlagValues(new Map([["pkcs8-password", PASSWORD]]), BRIDGE_FLAGS);
  await bridgeSigner(memoryHost({ files }), withFlag, place());
  const asked = memoryHost({ files, answers: [PASSWORD] });
  await bridgeSigner(asked, NO_FLAGS, place());
  assert.is(asked.questions.length, 1);
  await assertRejects(() => bridgeSigner(memoryHost({ files }), NO_FLAGS, place()), "ERR_KEY_PASSWORD_MISSING");
});

test("bridgeSigner() takes the certificate of the key, with its chain, and no other", async () => {
  const issuer = await testIdentity("issuer");
  const own = await testIdentity("own", { issuer });
  const files = { "key.pem": own.keyPem, "cert.pem": own.certificatePem, "issuer.pem": issuer.certificatePem };
  const { certificates, signer } = await bridgeSigner(
    memoryHost({ files }),
    NO_FLAGS,
    place({ certificate: "cert.pem" }),
  );
  assert.equal(certificates[0]!.spki, signer.publicKey);
  const wrong = place({ certificate: "issuer.pem" });
  await assertRejects(() => bridgeSigner(memoryHost({ files }), NO_FLAGS, wrong), "ERR_IDENTITY_KEY_MISMATCH");
});

test("bridgeSigner() says that there is no key", async () => {
  const host = memoryHost({ files: { "text.pem": "nothing" } });
  await assertRejects(() => bridgeSigner(host, NO_FLAGS, place()), "ERR_FILE_NOT_FOUND");
  await assertRejects(() => bridgeSigner(host, NO_FLAGS, place({ key: "text.pem" })), "ERR_KEY_MISSING");
});

test("bridgeAlgorithm() chooses by name what the key can do", () => {
  assert.is(bridgeAlgorithm({ type: "rsa" }, "rsa-pkcs1-sha512").name, "RSA with SHA-512");
  assert.is(bridgeAlgorithm({ type: "ec" }, "ecdsa-sha384").name, "ECDSA with SHA-384");
  assert.is(bridgeAlgorithm({ type: "ec" }, undefined).name, "ECDSA with SHA-256");
  const error = assertThrows(() => bridgeAlgorithm({ type: "ec" }, "rsa-pkcs1-sha256"), "ERR_USAGE_INVALID_VALUE");
  assert.match(error.message, "ecdsa-sha256, ecdsa-sha384, ecdsa-sha512");
});

test.run();
