// runtimes: node
import * as module from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { type FetchCredentialProvider, sdkSigner, sdkSignerConstructor } from "../../../core/fetch/mod.ts";
import { createCredentialProvider } from "../../../core/credentials/mod.ts";
import { sleep } from "../../../core/session/mod.ts";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { repositoryRoot } from "../../support/capabilities.ts";
import { startFetchService } from "../../support/aws-fetch-tests.ts";
import { ADMINISTRATOR } from "../../support/emulated-account.ts";
import { SESSION_ARNS, startService, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { assert, suite } from "../../support/suite.ts";
import { identityFromMaterial, webCryptoProvider } from "../../../core/sign/mod.ts";

const test = suite("runtimes/node/sdk-signer");

/** The part of a client of the AWS SDK that is used; its own types are of another library. */
interface SdkModule {
  // deno-lint-ignore no-explicit-any
  readonly [name: string]: new (input: object) => any;
}

const require = module.createRequire(join(repositoryRoot(), "test/runtimes/package.json"));
const s3: SdkModule = require("@aws-sdk/client-s3");
const sts: SdkModule = require("@aws-sdk/client-sts");
const host = nodeHost();
const service = await startFetchService(host);
test.after(service.close);

const INPUT = {
  region: "us-east-1",
  endpoint: service.endpoint,
  forcePathStyle: true,
  credentials: ADMINISTRATOR,
};
const client = new s3["S3Client"]!({ ...INPUT, signer: sdkSigner({ credentials: ADMINISTRATOR }) });

const KEYS = ["a b+c%2B", "ä/€/🦀", "a//b", "'()*!~", "%2e%2E/x", "?#[]@$&,;=:"];

test("sdkSigner() signs what clients of the AWS SDK send, and createAwsFetch() reads a key as they do", async () => {
  for (const Key of KEYS) {
    await client.send(new s3["PutObjectCommand"]!({ Bucket: "photos", Key, Body: `of ${Key}` }));
    assert.is(await (await service.awsFetch(service.url(Key))).text(), `of ${Key}`);
    await service.awsFetch(service.url(Key), { method: "PUT", body: `again ${Key}` });
    const { Body } = await client.send(new s3["GetObjectCommand"]!({ Bucket: "photos", Key }));
    assert.is(await Body.transformToString(), `again ${Key}`);
  }
  const { Contents } = await client.send(new s3["ListObjectsV2Command"]!({ Bucket: "photos" }));
  assert.equal(Contents.map(({ Key }: { Key: string }) => Key).sort(), [...KEYS].sort());
});

test("encodeObjectKey() and createAwsFetch() mean by a key what the AWS SDK means by it", async () => {
  const part = fc.constantFrom(
    "..",
    ".",
    "a",
    "/",
    "//",
    "%2F",
    "%",
    "+",
    " ",
    "é",
    "🦀",
    "?",
    "#",
    "\\",
    "'",
    "~",
    "\t",
  );
  const keys = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.array(part, { maxLength: 12 }).map((parts) => parts.join("")),
  )
    .filter((key) => !/^\.{0,2}$/.test(key));
  await fc.assert(
    fc.asyncProperty(keys, async (Key) => {
      const written = await service.awsFetch(service.url(Key), { method: "PUT", body: Key });
      assert.is(written.status, 200, await written.text());
      const { Body } = await client.send(new s3["GetObjectCommand"]!({ Bucket: "photos", Key }));
      assert.is(await Body.transformToString(), Key);
    }),
    { numRuns: 100 },
  );
});

test("sdkSignerConstructor() signs for S3 what its client says of itself", async () => {
  const signerConstructor = sdkSignerConstructor({ credentials: ADMINISTRATOR });
  const other = new s3["S3Client"]!({ ...INPUT, signerConstructor });
  await other.send(new s3["PutObjectCommand"]!({ Bucket: "photos", Key: "by class", Body: "x" }));
  assert.is(await (await service.awsFetch(service.url("by class"))).text(), "x");
});

test("sdkSigner() replaces fields whatever their letters, and names who can learn region and service", async () => {
  const request = {
    method: "GET",
    hostname: "sts.internal",
    path: "/",
    headers: { Authorization: "old", "X-Amz-Date": "old", host: "sts.internal" },
  };
  const signer = sdkSigner({ credentials: ADMINISTRATOR, region: "us-east-1" });
  const { headers } = await signer.sign(request, { signingService: "sts" });
  assert.equal(Object.keys(headers).sort(), ["authorization", "host", "x-amz-date"]);
  for (const signing of [{}, { signingService: "" }]) {
    const error = await signer.sign(request, signing).then(() => undefined, (error) => error);
    assert.instance(error, TypeError);
    assert.match(error.message, "sdkSignerConstructor");
  }
});

test("sdkSigner() signs for STS with a certificate, with the same provider as the client", async () => {
  const authority = await testAuthority();
  const local = await startService(host, trustingEmulator(authority, Date.now));
  try {
    const { certificatePem: certificate, keyPem: privateKey } = await authority.issue("sdk");
    const crypto = webCryptoProvider();
    const source = identityFromMaterial({ certificate, privateKey }, crypto);
    const ports = { fetch, now: Date.now, sleep, random: crypto.random };
    const credentials = createCredentialProvider({ source, endpoint: local.endpoint, ...SESSION_ARNS }, ports);
    const signing = { credentials: credentials as FetchCredentialProvider };
    for (
      const signs of [
        { signer: sdkSigner({ ...signing, region: "us-east-1", service: "sts" }) },
        { signerConstructor: sdkSignerConstructor(signing) },
      ]
    ) {
      const client = new sts["STSClient"]!({ region: "us-east-1", endpoint: local.endpoint, credentials, ...signs });
      const { Arn } = await client.send(new sts["GetCallerIdentityCommand"]!({}));
      assert.match(Arn, "assumed-role/ExampleRole/");
    }
  } finally {
    await local.close();
  }
});

test.run();
