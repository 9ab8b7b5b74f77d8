// runtimes: node
import * as module from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { type FetchCredentialProvider, sdkSigner } from "../../../core/fetch/mod.ts";
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

const client = new s3["S3Client"]!({
  region: "us-east-1",
  endpoint: service.endpoint,
  forcePathStyle: true,
  credentials: ADMINISTRATOR,
  signer: sdkSigner({ credentials: ADMINISTRATOR }),
});

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

test("sdkSigner() signs for STS with a certificate, with the same provider as the client", async () => {
  const authority = await testAuthority();
  const local = await startService(host, trustingEmulator(authority, Date.now));
  try {
    const { certificatePem: certificate, keyPem: privateKey } = await authority.issue("sdk");
    const crypto = webCryptoProvider();
    const source = identityFromMaterial({ certificate, privateKey }, crypto);
    const ports = { fetch, now: Date.now, sleep, random: crypto.random };
    const credentials = createCredentialProvider({ source, endpoint: local.endpoint, ...SESSION_ARNS }, ports);
    const caller = new sts["STSClient"]!({
      region: "us-east-1",
      endpoint: local.endpoint,
      credentials,
      signer: sdkSigner({ credentials: credentials as FetchCredentialProvider, region: "us-east-1", service: "sts" }),
    });
    const { Arn } = await caller.send(new sts["GetCallerIdentityCommand"]!({}));
    assert.match(Arn, "assumed-role/ExampleRole/");
  } finally {
    await local.close();
  }
});

test.run();
