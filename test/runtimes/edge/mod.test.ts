// runtimes: node20 node deno bun workerd
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import {
  type EdgeRolesAnywhereOptions,
  fromRolesAnywhere,
  layeredProvider,
  webCryptoProvider,
} from "../../../runtimes/edge/mod.ts";
import type { Emulator } from "../../../runtimes/emulator/mod.ts";
import { KEYS } from "../../vectors/keys/keys.ts";
import { ANSWERS, type ScriptedAnswer } from "../../support/scripted-answers.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../../support/local-service.ts";

const test = suite("runtimes/edge/mod");

const ENDPOINT = "https://rolesanywhere.example";

const authority = await testAuthority();
const emulator = trustingEmulator(authority, Date.now);

/** Has this answer the runtime's own `fetch` while credentials are got, which is what the entry point uses. */
async function credentials(
  options: Omit<EdgeRolesAnywhereOptions, keyof typeof SESSION_ARNS>,
  answer: Emulator["fetch"] = emulator.fetch,
): Promise<Awaited<ReturnType<ReturnType<typeof fromRolesAnywhere>>>> {
  const real = globalThis.fetch;
  globalThis.fetch = (async (url: string, init: RequestInit) => await answer(new Request(url, init))) as typeof fetch;
  try {
    return await fromRolesAnywhere({ endpoint: ENDPOINT, ...SESSION_ARNS, ...options })();
  } finally {
    globalThis.fetch = real;
  }
}

const client = await authority.issueBelow("edge client");
const chain = authority.intermediate.certificatePem;

test("fromRolesAnywhere() takes certificate and key as PEM", async () => {
  const got = await credentials({
    certificate: client.certificatePem,
    privateKey: client.keyPem,
    intermediates: chain,
  });
  assert.match(got.accessKeyId, /^ASIA[A-Z0-9]{16}$/);
  assert.is(got.accountId, "123456789012");
  assert.ok(got.expiration instanceof Date);
  assert.equal(emulator.decisions().at(-1)!.outcome, "allow");
});

test("fromRolesAnywhere() takes a full chain", async () => {
  const got = await credentials({ certificate: client.certificatePem + chain, privateKey: client.keyPem });
  assert.match(got.accessKeyId, /^ASIA/);
});

test("fromRolesAnywhere() takes DER", async () => {
  const direct = await authority.issue("edge client, DER");
  const got = await credentials({ certificate: direct.certificate.der, privateKey: encodePkcs8(direct.key) });
  assert.match(got.accessKeyId, /^ASIA/);
});

test("fromRolesAnywhere() takes a JSON Web Key", async () => {
  const privateKey = await crypto.subtle.exportKey("jwk", await importKey(true));
  const got = await credentials({ certificate: client.certificatePem + chain, privateKey });
  assert.match(got.accessKeyId, /^ASIA/);
});

test("fromRolesAnywhere() takes a CryptoKey that cannot be exported", async () => {
  const privateKey = await importKey(false);
  assert.is(privateKey.extractable, false);
  const got = await credentials({ certificate: client.certificatePem + chain, privateKey });
  assert.match(got.accessKeyId, /^ASIA/);
});

test("fromRolesAnywhere() takes an RSA key", async () => {
  const rsa = await authority.issue("edge client, RSA", { keyPem: KEYS["rsa-pkcs8"] });
  const got = await credentials({ certificate: rsa.certificatePem, privateKey: rsa.keyPem });
  assert.match(got.accessKeyId, /^ASIA/);
});

test("fromRolesAnywhere() signs with ML-DSA by the portable provider where WebCrypto has none", async () => {
  const mlDsa = await authority.issue("edge client, ML-DSA", { key: { type: "ml-dsa", parameterSet: "ML-DSA-65" } });
  const native = webCryptoProvider();
  const got = await credentials({
    certificate: mlDsa.certificatePem,
    privateKey: mlDsa.keyPem,
    crypto: layeredProvider([native, portableProvider({ random: native.random })]),
  });
  assert.match(got.accessKeyId, /^ASIA/);
});

test("fromRolesAnywhere() refuses a key of another certificate, in every form", async () => {
  const other = await authority.issue("another edge client");
  const certificate = other.certificatePem;
  await assertRejects(credentials({ certificate, privateKey: client.keyPem }), "ERR_IDENTITY_KEY_MISMATCH");
  await assertRejects(credentials({ certificate, privateKey: await importKey(false) }), "ERR_CRYPTO_INVALID_KEY");
});

test("fromRolesAnywhere() refuses an encrypted key and says that it is encrypted", async () => {
  const privateKey = KEYS["encrypted-aes-256-cbc-hmac-sha256"];
  await assertRejects(credentials({ certificate: client.certificatePem, privateKey }), "ERR_KEY_ENCRYPTED");
});

test("fromRolesAnywhere() rejects with the service's refusal", async () => {
  const stranger = await (await testAuthority("Stranger")).issue("stranger");
  const { message } = await assertRejects(
    credentials({ certificate: stranger.certificatePem, privateKey: stranger.keyPem }),
    "ERR_SERVICE_ACCESS_DENIED",
  );
  assert.match(message, "Untrusted");
});

test("fromRolesAnywhere() rejects answers that are none", async () => {
  const identity = { certificate: client.certificatePem, privateKey: client.keyPem };
  for (
    const [name, code] of [
      ["html", "ERR_SESSION_RESPONSE"],
      ["huge", "ERR_SESSION_RESPONSE_SIZE"],
      ["forbidden", "ERR_SERVICE_ACCESS_DENIED"],
      ["empty-set", "ERR_SESSION_EMPTY_CREDENTIAL_SET"],
      ["no-secret", "ERR_SESSION_INCOMPLETE_CREDENTIALS"],
      ["redirect", "ERR_SESSION_REDIRECT"],
    ] as const
  ) {
    const { status, headers = {}, body }: ScriptedAnswer = ANSWERS[name];
    await assertRejects(credentials(identity, async () => new Response(body, { status, headers })), code);
  }
});

test("fromRolesAnywhere() refuses an option that does not exist", async () => {
  const options = { certificate: client.certificatePem, privateKey: client.keyPem, wrong: 1 };
  try {
    await credentials(options);
  } catch (error) {
    assert.instance(error, TypeError);
    assert.match((error as Error).message, '"wrong"');
    return;
  }
  assert.unreachable("it was accepted");
});

function importKey(extractable: boolean): Promise<CryptoKey> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return crypto.subtle.importKey("pkcs8", encodePkcs8(client.key), algorithm, extractable, ["sign"]);
}

test.run();
