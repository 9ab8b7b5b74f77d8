// runtimes: node20 node deno bun
import { encodePem } from "../../../core/pem/pem.ts";
import { issueCertificate, keyUsageExtension } from "../../../core/issue/mod.ts";
import { openTpm } from "../../../hsm-bridge/tpm/tpm.ts";
import { tpmIdentity } from "../../../hsm-bridge/tpm/tpm-identity.ts";
import { tpmSigner } from "../../../hsm-bridge/tpm/tpm-signer.ts";
import { FAKE_KEY, FakeTpm } from "../../support/fake-tpm.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity, VALIDITY } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/tpm/tpm-identity");

/** A certificate of the key of a fake TPM. */
async function certify(fake: FakeTpm): Promise<string> {
  const authority = await testIdentity("TPM CA");
  const signer = await tpmSigner({ tpm: { device: fake.transport }, key: FAKE_KEY });
  const certificate = await issueCertificate({
    serialNumber: 7n,
    issuer: authority.certificate.subject,
    subject: [{ type: "CN", value: "edge-7" }],
    ...VALIDITY,
    publicKey: signer.publicKey,
    extensions: [keyUsageExtension(["digitalSignature"])],
  }, authority.signer);
  await signer.close();
  return encodePem("CERTIFICATE", certificate);
}

test("tpmIdentity() opens the TPM when it is asked, answers the same identity, and closes what it opened", async () => {
  const fake = new FakeTpm();
  const source = tpmIdentity({ tpm: { device: fake.transport }, key: FAKE_KEY, certificate: await certify(fake) });
  const before = fake.opened;
  const [first, second] = await Promise.all([source.identity(), source.identity()]);
  assert.is(first, second);
  assert.ok(fake.opened > before);
  assert.ok((await first!.signer.sign(new Uint8Array(3))).length > 60);
  await source.close();
  await assertRejects(async () => await first!.signer.sign(new Uint8Array(3)), "ERR_TPM_CONNECTION");
  assert.is(fake.left + fake.open, 0);
});

test("tpmIdentity() tries again after a failure, and refuses the certificate of another key", async () => {
  const fake = new FakeTpm();
  const certificate = await certify(fake);
  const source = tpmIdentity({ tpm: { device: fake.transport }, key: FAKE_KEY, certificate });
  fake.script = () => 0x101;
  await assertRejects(source.identity(), "ERR_TPM_COMMAND");
  fake.script = () => undefined;
  assert.is((await source.identity()).chain.length, 0);
  await source.close();

  const other = tpmIdentity({ tpm: { device: new FakeTpm().transport }, key: FAKE_KEY, certificate });
  await assertRejects(other.identity(), "ERR_IDENTITY_KEY_MISMATCH");
  await other.close();
});

test("tpmIdentity() leaves a TPM open that was given to it", async () => {
  const fake = new FakeTpm();
  const tpm = await openTpm({ device: fake.transport });
  const source = tpmIdentity({ tpm, key: FAKE_KEY, certificate: await certify(fake) });
  await source.identity();
  await source.close();
  assert.is(await tpm.run(() => Promise.resolve(7)), 7);
  await tpm.close();
});

test.run();
