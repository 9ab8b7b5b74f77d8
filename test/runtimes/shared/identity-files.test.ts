// runtimes: node20 node deno bun workerd
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import type { SessionIdentity } from "../../../core/session/mod.ts";
import { identityFromFiles } from "../../../runtimes/shared/identity-files.ts";
import { type MemoryHost, memoryHost } from "../../support/memory-host.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";

const test = suite("runtimes/shared/identity-files");

const NEVER = { ask: "never" } as const;

const root = await testIdentity("Root");
const upper = await testIdentity("Upper", { issuer: root, kind: "ca" });
const lower = await testIdentity("Lower", { issuer: upper, kind: "ca" });
const leaf = await testIdentity("Leaf", { issuer: lower });
const other = await testIdentity("Other", { issuer: lower });

/** Name of the certificate, and those of its chain in order. */
function names(identity: SessionIdentity): string {
  const all = [root, upper, lower, leaf, other];
  const name = (der: Bytes) =>
    all.find((each) => String(each.certificate.der) === String(der))?.name ??
      "?";
  return [identity.certificate, ...identity.chain].map(({ der }) => name(der))
    .join(" < ");
}

async function namesIn(files: Record<string, string | Bytes>): Promise<string> {
  const host = memoryHost({ files });
  const source = identityFromFiles(host, {
    certificate: "cert.pem",
    ...("key.pem" in files ? { privateKey: "key.pem" } : {}),
    ...("chain.pem" in files ? { intermediates: "chain.pem" } : {}),
    password: NEVER,
  });
  return names(await source.identity());
}

test("identityFromFiles() takes a certificate and a key", async () => {
  assert.is(await namesIn({ "cert.pem": leaf.certificatePem, "key.pem": leaf.keyPem }), "Leaf");
});

test("identityFromFiles() takes DER for both", async () => {
  assert.is(
    await namesIn({
      "cert.pem": leaf.certificate.der,
      "key.pem": encodePkcs8(leaf.key),
    }),
    "Leaf",
  );
});

test("identityFromFiles() takes a full chain in any order, and leaves root and leaf out of the chain", async () => {
  const pems = [root, upper, lower, leaf].map(({ certificatePem }) => certificatePem);
  for (const order of [[3, 2, 1, 0], [0, 1, 2, 3], [1, 3, 0, 2], [2, 0, 3, 1]]) {
    const text = order.map((index) => pems[index]!).join("");
    assert.is(await namesIn({ "cert.pem": text, "key.pem": leaf.keyPem }), "Leaf < Lower < Upper", String(order));
  }
});

test("identityFromFiles() takes certificate, key and chain in one file in any order", async () => {
  const parts = [leaf.keyPem, leaf.certificatePem, lower.certificatePem, upper.certificatePem];
  for (const order of [[0, 1, 2, 3], [1, 2, 3, 0], [3, 0, 2, 1]]) {
    const text = order.map((index) => `some text\r\n${parts[index]!}`).join("");
    assert.is(await namesIn({ "cert.pem": text }), "Leaf < Lower < Upper", String(order));
  }
});

test("identityFromFiles() takes intermediates in any order, repeated, with root, leaf and strangers", async () => {
  const chains = [[lower, upper], [upper, lower], [root, leaf, upper, lower, upper, other]].map((certificates) =>
    certificates.map(({ certificatePem }) => certificatePem).join("\n")
  );
  for (const chain of chains) {
    assert.is(
      await namesIn({
        "cert.pem": leaf.certificatePem,
        "key.pem": leaf.keyPem,
        "chain.pem": chain,
      }),
      "Leaf < Lower < Upper",
    );
  }
});

test("identityFromFiles() takes intermediates in DER, one after the other", async () => {
  const [a, b] = [upper.certificate.der, lower.certificate.der];
  const chain = new Uint8Array([...a, ...b]);
  assert.is(
    await namesIn({
      "cert.pem": leaf.certificatePem,
      "key.pem": leaf.keyPem,
      "chain.pem": chain,
    }),
    "Leaf < Lower < Upper",
  );
});

test("identityFromFiles() refuses a key of another certificate", async () => {
  const { message } = await assertRejects(
    namesIn({ "cert.pem": leaf.certificatePem, "key.pem": other.keyPem }),
    "ERR_IDENTITY_KEY_MISMATCH",
  );
  assert.match(message, leaf.certificate.serialNumberHex);
});

test("identityFromFiles() says which part is missing", async () => {
  await assertRejects(namesIn({ "cert.pem": leaf.certificatePem }), "ERR_KEY_MISSING");
  await assertRejects(namesIn({ "key.pem": leaf.keyPem }), "ERR_FILE_NOT_FOUND");
  await assertRejects(namesIn({ "cert.pem": leaf.keyPem, "key.pem": leaf.keyPem }), "ERR_CERTIFICATE_NOT_FOUND");
});

test("identityFromFiles() reads nothing until it is asked, and then once as long as nothing changes", async () => {
  const host = machine();
  const source = sourceOf(host);
  assert.is(host.reads.length, 0);
  const first = await source.identity();
  assert.is(host.reads.length, 3);
  assert.is(await source.identity(), first);
  assert.is(await source.identity(), first);
  assert.is(host.reads.length, 3);
  assert.equal(host.waits, []);
});

test("identityFromFiles() reads again when a file is replaced", async () => {
  const host = machine();
  const source = sourceOf(host);
  assert.is(names(await source.identity()), "Leaf < Lower < Upper");
  host.write("chain.pem", lower.certificatePem);
  assert.is(names(await source.identity()), "Leaf < Lower");
  host.write("cert.pem", other.certificatePem);
  host.write("key.pem", other.keyPem);
  assert.is(names(await source.identity()), "Other < Lower");
});

test("identityFromFiles() picks up a change of the key's kind", async () => {
  const ecdsa = await testIdentity("Rotated to P-384", {
    issuer: lower,
    key: { type: "ec", curve: "P-384" },
  });
  const rsa = await testIdentity("Rotated to RSA", {
    issuer: lower,
    key: { type: "rsa", bits: 2048 },
  });
  const mlDsa = await testIdentity("Rotated to ML-DSA", {
    issuer: lower,
    key: { type: "ml-dsa", parameterSet: "ML-DSA-44" },
  });
  const host = machine();
  const source = sourceOf(host);
  for (
    const [identity, token] of [
      [rsa, "AWS4-X509-RSA-SHA256"],
      [ecdsa, "AWS4-X509-ECDSA-SHA256"],
      [mlDsa, "AWS4-X509-MLDSA"],
    ] as const
  ) {
    host.write("cert.pem", identity.certificatePem);
    host.write("key.pem", identity.keyPem);
    assert.is((await source.identity()).signer.algorithm.sigv4, token);
  }
});

test("identityFromFiles() waits out a replacement that is half done", async () => {
  const host = machine(() => host.write("key.pem", other.keyPem));
  const source = sourceOf(host);
  await source.identity();
  host.write("cert.pem", other.certificatePem);
  assert.is(names(await source.identity()), "Other < Lower < Upper");
  assert.is(host.waits.length, 1);
});

test("identityFromFiles() waits out a file that is half-written, empty or absent", async () => {
  for (const unfinished of [other.certificatePem.slice(0, 200), "", undefined]) {
    const host = machine(() => host.write("cert.pem", other.certificatePem));
    const source = sourceOf(host);
    await source.identity();
    host.write("key.pem", other.keyPem);
    host.write("cert.pem", unfinished);
    assert.is(names(await source.identity()), "Other < Lower < Upper");
    assert.is(host.waits.length, 1);
  }
});

test("identityFromFiles() gives up after four readings, and recovers when the file is there again", async () => {
  const host = machine();
  const source = sourceOf(host);
  await source.identity();
  host.write("key.pem", undefined);
  await assertRejects(async () => await source.identity(), "ERR_FILE_NOT_FOUND");
  assert.equal(host.waits, [250, 250, 250]);
  host.write("key.pem", leaf.keyPem);
  assert.is(names(await source.identity()), "Leaf < Lower < Upper");
});

test("identityFromFiles() does not wait for files that never fitted", async () => {
  const host = machine();
  host.write("key.pem", other.keyPem);
  const source = sourceOf(host);
  await assertRejects(async () => await source.identity(), "ERR_IDENTITY_KEY_MISMATCH");
  assert.equal(host.waits, []);
  host.write("key.pem", leaf.keyPem);
  assert.is(names(await source.identity()), "Leaf < Lower < Upper");
});

function machine(onSleep?: () => void): MemoryHost {
  return memoryHost({
    files: {
      "cert.pem": leaf.certificatePem,
      "key.pem": leaf.keyPem,
      "chain.pem": upper.certificatePem + lower.certificatePem,
    },
    ...(onSleep === undefined ? {} : { onSleep }),
  });
}

function sourceOf(host: MemoryHost): ReturnType<typeof identityFromFiles> {
  return identityFromFiles(host, {
    certificate: "cert.pem",
    privateKey: "key.pem",
    intermediates: "chain.pem",
    password: NEVER,
  });
}

test.run();
