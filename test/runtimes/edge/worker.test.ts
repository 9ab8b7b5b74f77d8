// runtimes: node
/**
 * The example of Cloudflare in workerd: a bucket of the local service behind a worker, through everything that can go
 * wrong, with keys of three kinds. What the worker logs and stores is searched for secrets.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { issueRevocationList } from "../../../core/issue/mod.ts";
import { signRequest } from "../../../core/sigv4/mod.ts";
import { createEmulator, type Emulator } from "../../../runtimes/emulator/mod.ts";
import { answerAws, bundleExample, EXAMPLES } from "../../support/edge-examples.ts";
import { type MiniflareWorker, newerWorkerd, startMiniflare } from "../../support/miniflare.ts";
import { type TestAuthority, testAuthority } from "../../support/local-service.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { testRandom } from "../../support/test-authority.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import type { TestIdentity } from "../../support/test-identity.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("runtimes/edge/examples/cloudflare-worker");

const SECRET = "a sealing secret of the worker, as long as it must be";
const ADMINISTRATOR = {
  accessKeyId: "AKIATESTADMINISTRATOR",
  secretAccessKey: "administrator/of+the/test/account/000000",
};

/** The configuration as wrangler reads it: JSON with comments. */
const wrangler = JSON.parse(
  readFileSync(join(EXAMPLES, "cloudflare-worker/wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""),
) as {
  readonly main: string;
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly kv_namespaces: readonly { readonly binding: string }[];
  readonly durable_objects: { readonly bindings: readonly { readonly name: string; readonly class_name: string }[] };
  readonly migrations: readonly { readonly new_sqlite_classes: readonly string[] }[];
  readonly vars: Readonly<Record<"BUCKET" | "TRUST_ANCHOR_ARN" | "PROFILE_ARN" | "ROLE_ARN", string>>;
};
const { TRUST_ANCHOR_ARN, PROFILE_ARN, ROLE_ARN } = wrangler.vars;

const authority: TestAuthority = await testAuthority();
const p256 = await authority.issue("edge worker, P-256");

/** A local service with the bucket, and what it was asked. */
function service() {
  let aheadMs = 0;
  const allowed = { Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::*"] };
  const emulator: Emulator = createEmulator({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: authority.root.certificatePem }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN, policies: { s3: JSON.stringify({ Version: "2012-10-17", Statement: [allowed] }) } }],
    accessKeys: [ADMINISTRATOR],
    region: "eu-central-1",
    now: () => Date.now() + aheadMs,
    crypto: portableProvider({ random: testRandom("edge worker") }),
  });
  const calls: string[] = [];
  const before: ((request: Request) => Response | undefined)[] = [];
  const answer = async (request: Request): Promise<Response> => {
    const { hostname } = new URL(request.url);
    calls.push(hostname.split(".")[0] === "rolesanywhere" ? "CreateSession" : hostname);
    for (const each of before) {
      const instead = each(request);
      if (instead !== undefined) return instead;
    }
    return await answerAws(emulator, request);
  };
  return {
    emulator,
    answer,
    /** Asked first; what it answers is the answer. */
    before,
    sessions: () => calls.filter((call) => call === "CreateSession").length,
    setClock: (milliseconds: number) => void (aheadMs = milliseconds),
  };
}

type Service = ReturnType<typeof service>;

interface Deployment {
  readonly identity?: TestIdentity;
  /** The text of the main module; default: the example's. */
  readonly main?: string;
  /** Which workerd; default: the one of miniflare, whose flags are fewer. */
  readonly workerd?: "modern";
}

/** Deploys the worker as wrangler would. */
async function deploy(
  { answer }: Service,
  {
    identity = p256,
    main = `export * from "./cloudflare-worker/${wrangler.main}";
    export { default } from "./cloudflare-worker/${wrangler.main}";`,
    workerd,
  }: Deployment = {},
): Promise<MiniflareWorker> {
  const { name, class_name: className } = wrangler.durable_objects.bindings[0]!;
  return await startMiniflare({
    script: await bundleExample(main),
    compatibilityDate: wrangler.compatibility_date,
    compatibilityFlags: workerd === "modern" ? wrangler.compatibility_flags : [],
    kvNamespaces: wrangler.kv_namespaces.map(({ binding }) => binding),
    durableObjects: {
      [name]: { className, useSQLite: wrangler.migrations[0]!.new_sqlite_classes.includes(className) },
    },
    bindings: {
      ...wrangler.vars,
      CERTIFICATE: identity.certificatePem,
      PRIVATE_KEY: identity.keyPem,
      SEALING_SECRET: SECRET,
    },
    outboundService: answer,
    ...(workerd === "modern" ? { workerd: newerWorkerd() } : {}),
  });
}

/** Makes the bucket, writes an object and reads it. */
async function useBucket(worker: MiniflareWorker, key: string): Promise<void> {
  const url = `https://worker.example/${key}`;
  const body = `what is in ${key}`;
  const written = await worker.dispatchFetch(url, { method: "PUT", body });
  assert.is(written.status, 200, await written.text());
  const read = await worker.dispatchFetch(url);
  assert.is(await read.text(), body);
}

const LOCATION =
  "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>";

const makeBucket = async (worker: MiniflareWorker): Promise<void> => {
  const made = await worker.dispatchFetch("https://worker.example/", { method: "PUT", body: LOCATION });
  assert.ok(made.status === 200 || made.status === 409, await made.text());
};

/** Runs with a worker that has a bucket. */
const withWorker: typeof withWorkerAlone = (service, deployment, run) =>
  withWorkerAlone(service, deployment, async (worker) => {
    await makeBucket(worker);
    await run(worker);
  });

/** Runs with a worker, ends it, and searches what it logged. */
async function withWorkerAlone(
  service: Service,
  deployment: Deployment,
  run: (worker: MiniflareWorker) => Promise<void>,
): Promise<void> {
  const worker = await deploy(service, deployment);
  try {
    await run(worker);
  } finally {
    await worker.dispose();
  }
  assertNoSecret(worker.log().map(({ text }) => text).join(""), deployment.identity ?? p256);
}

function assertNoSecret(text: string, { keyPem }: TestIdentity): void {
  for (const secret of [SECRET, keyPem.split("\n")[1]!, "secretAccessKey", "sessionToken", "PRIVATE KEY"]) {
    assert.not.match(text, secret);
  }
}

const KINDS = {
  "an RSA key": async () => await authority.issue("edge worker, RSA", { keyPem: KEYS["rsa-pkcs8"] }),
  "a P-256 key": () => p256,
} as const;

for (const [kind, identity] of Object.entries(KINDS)) {
  test(`a worker with ${kind} writes and reads S3 with one session`, async () => {
    const local = service();
    await withWorker(local, { identity: await identity() }, async (worker) => {
      await useBucket(worker, "folder/a%20key%2Bmore");
      await useBucket(worker, "b/./c//d");
      assert.is(local.sessions(), 1);
    });
  });
}

const mlDsa = () => authority.issue("edge worker, ML-DSA", { key: { type: "ml-dsa", parameterSet: "ML-DSA-65" } });

test("a worker with an ML-DSA key writes and reads S3 by workerd's own cryptography", async () => {
  if (newerWorkerd() === undefined) skip("there is no newer workerd for this platform");
  const local = service();
  await withWorker(local, { identity: await mlDsa(), workerd: "modern" }, async (worker) => {
    await useBucket(worker, "a");
    assert.is(local.sessions(), 1);
  });
});

/** The example with the portable provider, for workers without ML-DSA of their own. */
const PORTABLE = readFileSync(join(EXAMPLES, "cloudflare-worker/worker.js"), "utf8")
  .replace("fromRolesAnywhere({", "fromRolesAnywhere({ crypto,")
  .replace(
    /^let awsFetch;$/m,
    `import { portableProvider } from "anyrole/portable";
     import { layeredProvider, webCryptoProvider } from "anyrole/edge";
     const native = webCryptoProvider();
     const crypto = layeredProvider([native, portableProvider({ random: native.random })]);
     let awsFetch;`,
  );

test("a worker with an ML-DSA key writes and reads S3 by the portable provider", async () => {
  const local = service();
  await withWorker(local, { identity: await mlDsa(), main: PORTABLE }, async (worker) => {
    await useBucket(worker, "a");
    assert.is(local.sessions(), 1);
  });
});

/** A worker that has but a `fetch`, of certificate and key. */
const FETCH_ALONE = (imports: string, credentials: string, options = ""): string => `
  ${imports}
  export { SessionObject } from "anyrole/edge";
  let awsFetch;
  export default {
    fetch(request, env, context) {
      const { TRUST_ANCHOR_ARN: trustAnchorArn, PROFILE_ARN: profileArn, ROLE_ARN: roleArn } = env;
      const { CERTIFICATE: certificate, PRIVATE_KEY: privateKey } = env;
      awsFetch ??= createAwsFetch({ ${options} credentials: { trustAnchorArn, profileArn, roleArn, ${credentials} } });
      const { method, body, url } = request;
      const target = "https://" + env.BUCKET + ".s3.eu-central-1.amazonaws.com" + new URL(url).pathname;
      return awsFetch(target, { method, body, aws: { waitUntil: (work) => context.waitUntil(work) } });
    },
  };`;

const FETCHES: readonly (readonly [symbol: string, imports: string, credentials: string, workerd?: "modern"])[] = [
  [
    "createAwsFetch() of anyrole/edge by workerd's own cryptography",
    `import { createAwsFetch } from "anyrole/edge";`,
    "certificate, privateKey",
    "modern",
  ],
  [
    "createAwsFetch() with pemIdentity() by workerd's own cryptography",
    `import { createAwsFetch, pemIdentity } from "anyrole/fetch";`,
    "source: pemIdentity(certificate, privateKey)",
    "modern",
  ],
  [
    "createAwsFetch() of anyrole/edge by the portable provider",
    `import { createAwsFetch, layeredProvider, webCryptoProvider } from "anyrole/edge";
     import { portableProvider } from "anyrole/portable";
     const native = webCryptoProvider();
     const crypto = layeredProvider([native, portableProvider({ random: native.random })]);`,
    "certificate, privateKey, crypto",
  ],
];

for (const [name, imports, credentials, workerd] of FETCHES) {
  test(`${name} writes and reads S3 with an ML-DSA certificate`, async () => {
    if (workerd === "modern" && newerWorkerd() === undefined) skip("there is no newer workerd for this platform");
    const local = service();
    const main = FETCH_ALONE(imports, credentials, imports.includes("anyrole/fetch") ? `callers: "requests",` : "");
    await withWorker(local, { identity: await mlDsa(), main, ...(workerd && { workerd }) }, async (worker) => {
      await useBucket(worker, "a");
      await useBucket(worker, "b".repeat(100));
      assert.is(local.sessions(), 1);
    });
  });
}

test("a worker whose certificate was rotated gets a session of the new one", async () => {
  const local = service();
  await withWorker(local, {}, (worker) => useBucket(worker, "a"));
  const rotated = await authority.issue("edge worker, rotated");
  await withWorker(local, { identity: rotated }, (worker) => useBucket(worker, "b"));
  assert.is(local.sessions(), 2);
  const subjects = local.emulator.decisions().map(({ outcome }) => outcome);
  assert.equal(subjects, ["allow", "allow"]);
});

/** The example as isolates that start anew with every request: nothing is kept between them but what is shared. */
const FRESH = readFileSync(join(EXAMPLES, "cloudflare-worker/worker.js"), "utf8").replace("awsFetch ??=", "awsFetch =");

test("isolates of a worker share their session, through the Durable Object and KV", async () => {
  const local = service();
  await withWorker(local, { main: FRESH }, async (worker) => {
    await useBucket(worker, "a");
    await Promise.all(Array.from({ length: 10 }, (_, i) => useBucket(worker, `b-${i}`)));
    assert.is(local.sessions(), 1);
  });
});

/** The same, whose KV is dead. */
const DEAD_KV = FRESH.replace("fetch(request, env) {", "fetch(request, env) { env = { ...env, KV: dead };") +
  `const down = () => Promise.reject(new Error("KV is down")); const dead = { get: down, put: down };`;

/** And whose Durable Objects are dead as well. */
const DEAD_STORES = DEAD_KV.replace(
  "KV: dead",
  "KV: dead, SESSIONS: { idFromName: () => 0, get: () => ({ fetch: down }) }",
);

test("a worker whose KV is dead shares its session all the same", async () => {
  const local = service();
  await withWorker(local, { main: DEAD_KV }, async (worker) => {
    await useBucket(worker, "a");
    await useBucket(worker, "b");
    assert.is(local.sessions(), 1);
  });
});

test("a worker whose stores are dead makes a session for each isolate", async () => {
  const local = service();
  await withWorker(local, { main: DEAD_STORES }, async (worker) => {
    await useBucket(worker, "a");
    assert.is(local.sessions(), 3);
  });
});

test("a worker is throttled, and tries again", async () => {
  const local = service();
  let refusals = 2;
  local.before.push((request) => {
    if (!request.url.includes("rolesanywhere") || refusals-- <= 0) return undefined;
    const headers = { "x-amzn-errortype": "ThrottlingException" };
    return Response.json({ message: "Rate exceeded" }, { status: 429, headers });
  });
  await withWorker(local, {}, (worker) => useBucket(worker, "a"));
  assert.is(local.sessions(), 3);
});

test("a worker whose clock is wrong by half an hour takes the service's", async () => {
  for (const milliseconds of [1_800_000, -1_800_000]) {
    const local = service();
    local.setClock(milliseconds);
    await withWorker(local, { main: FRESH }, async (worker) => {
      await useBucket(worker, "a");
      await useBucket(worker, "b");
    });
  }
});

/** The example, whose failures are answered as text. */
const TELLING = FRESH.replace(/return (awsFetch\(.*\));/, "return tell($1);") +
  `const tell = (answer) => answer.catch((error) => {
  console.error(error);
  return new Response(error.code + ": " + error.message, { status: 502 });
});`;

/** Imports a list that revokes the identity, as an administrator does. */
async function revoke({ emulator }: Service, { certificate }: TestIdentity): Promise<void> {
  const revoked = { serialNumber: BigInt(certificate.serialNumberDecimal), revocationDate: Date.now() - 60_000 };
  const list = await issueRevocationList(
    {
      issuer: [{ type: "CN", value: authority.root.name }],
      thisUpdate: Date.now() - 60_000,
      revokedCertificates: [revoked],
    },
    authority.root.signer,
  );
  const body = JSON.stringify({
    name: "revoked",
    crlData: encodeBase64(list),
    trustAnchorArn: TRUST_ANCHOR_ARN,
    enabled: true,
  });
  const host = "rolesanywhere.eu-central-1.amazonaws.com";
  const headers = { host, "content-type": "application/json" };
  const { headers: signed } = signRequest({ method: "POST", path: "/crls", headers, body }, {
    credentials: ADMINISTRATOR,
    region: "eu-central-1",
    service: "rolesanywhere",
    timeMs: Date.now(),
  });
  const request = new Request(`https://${host}/crls`, { method: "POST", headers: { ...headers, ...signed }, body });
  const answer = await emulator.fetch(request);
  assert.is(answer.status, 201, await answer.text());
}

test("a worker whose certificate is revoked keeps its session, gets no other, and says why without a secret", async () => {
  const local = service();
  await withWorker(local, { main: TELLING }, async (worker) => {
    await useBucket(worker, "a");
    await revoke(local, p256);
    await useBucket(worker, "b");
  });
  await withWorkerAlone(local, { main: TELLING }, async (worker) => {
    const answer = await worker.dispatchFetch("https://worker.example/a");
    assert.is(answer.status, 502);
    const text = await answer.text();
    assert.match(text, "Certificate revoked");
    assertNoSecret(text, p256);
    assert.match(worker.log().map((line) => line.text).join(""), "Certificate revoked");
  });
});

test.run();
