import type { Fetch } from "../../../core/ports.ts";
import { remoteIdentity } from "../../../core/sign/remote-identity.ts";
import { SIGNING_TOKEN, signingBench } from "../../support/signing-bench.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { commonName, testCertificate, testKey } from "../../support/test-authority.ts";

const test = suite("core/sign/remote-identity");

const PLACE = { endpoint: "https://localhost:9912", token: SIGNING_TOKEN, sleep: () => new Promise<void>(() => {}) };

async function certified(label: string) {
  const signer = await testKey(label);
  const issuer = await testKey("remote issuer");
  const certificate = await testCertificate({
    subject: commonName(label),
    issuer: commonName("issuer"),
    publicKey: signer.publicKey,
    signer: issuer,
  });
  return { signer, certificate };
}

test("remoteIdentity() takes the certificate from whoever holds the key, once", async () => {
  const { signer, certificate } = await certified("remote");
  const bench = await signingBench({ grant: { signer, certificates: [certificate.der] } });
  let requests = 0;
  const fetch: Fetch = (url, init) => {
    requests++;
    return bench.fetch(url, init);
  };
  const source = remoteIdentity({ ...PLACE, fetch });
  const identity = await source.identity();
  assert.equal(identity.certificate.der, certificate.der);
  assert.is(await source.identity(), identity);
  assert.is(requests, 1);
});

test("remoteIdentity() refuses a certificate of another key, and none at all", async () => {
  const { signer } = await certified("remote");
  const { certificate } = await certified("another remote");
  const { fetch } = await signingBench({ grant: { signer } });
  const mismatched = remoteIdentity({ ...PLACE, fetch, certificate });
  await assertRejects(async () => await mismatched.identity(), "ERR_IDENTITY_KEY_MISMATCH");
  await assertRejects(async () => await remoteIdentity({ ...PLACE, fetch }).identity(), "ERR_REMOTE_SIGNER_KEY");
});

test("remoteIdentity() asks again after the key was replaced", async () => {
  const before = await certified("remote");
  const after = await certified("another remote");
  const benches = await Promise.all(
    [before, after].map(({ signer, certificate }) =>
      signingBench({ grant: { signer, certificates: [certificate.der] } })
    ),
  );
  let at = 0;
  const source = remoteIdentity({ ...PLACE, fetch: (url, init) => benches[at]!.fetch(url, init) });
  const old = await source.identity();
  at = 1;
  await assertRejects(async () => await old.signer.sign(new Uint8Array(3)), "ERR_REMOTE_SIGNER_KEY");
  const fresh = await source.identity();
  assert.equal(fresh.certificate.der, after.certificate.der);
  await fresh.signer.sign(new Uint8Array(3));
});

test.run();
