// runtimes: node20 node deno bun workerd
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { rsaPss } from "../../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { keyDigest } from "../../../core/sign/signing-protocol.ts";
import { formatRecord, type SigningRecord } from "../../../hsm-bridge/remote/signing-record.ts";
import {
  createSigningService,
  type ServedGrant,
  SIGNING_BODY_TIMEOUT_MS,
  type SigningServiceAnswer,
} from "../../../hsm-bridge/remote/signing-service.ts";
import {
  serviceRequest,
  SIGNING_TOKEN,
  type SigningBench,
  signingBench,
  stringToSign,
} from "../../support/signing-bench.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW, testKey } from "../../support/test-authority.ts";

const test = suite("hsm-bridge/remote/signing-service");

const AUTHORIZED = { host: "localhost:9912", authorization: `Bearer ${SIGNING_TOKEN}` };
const MESSAGE = encodeUtf8("message");

function signBody(signer: Signer, message: Bytes = MESSAGE, change: object = {}): string {
  const key = keyDigest(signer.publicKey);
  return JSON.stringify({ algorithm: "ecdsa-sha256", key, message: encodeBase64(message), ...change });
}

function sign(
  bench: SigningBench,
  body: string | Bytes = signBody(bench.signer),
  headers: Readonly<Record<string, string>> = AUTHORIZED,
): Promise<SigningServiceAnswer> {
  return bench.service(serviceRequest({ method: "POST", target: "/v1/sign", headers, body }));
}

function codeOf({ body }: SigningServiceAnswer): string | undefined {
  return (JSON.parse(body) as { error?: { code?: string } }).error?.code;
}

test("createSigningService() answers the key and signatures to who has the token, and records both", async () => {
  const bench = await signingBench();
  const key = await bench.service(serviceRequest({ method: "GET", target: "/v1/key", headers: AUTHORIZED }));
  assert.is(key.status, 200);
  assert.is(key.headers["cache-control"], "no-store");
  assert.equal(JSON.parse(key.body), {
    version: 1,
    algorithm: "ecdsa-sha256",
    publicKey: encodeBase64(bench.signer.publicKey),
  });
  const signed = await sign(bench);
  assert.is(signed.status, 200);
  assert.match((JSON.parse(signed.body) as { signature: string }).signature, /^ME[\w+/]+=*$/);
  assert.equal(bench.records.map(({ operation, grant, outcome }) => [operation, grant, outcome]), [
    ["key", "tests", "answered"],
    ["sign", "tests", "answered"],
  ]);
  assert.equal(JSON.parse(formatRecord(bench.records[1]!)), {
    time: "2026-06-01T12:00:00.000Z",
    operation: "sign",
    grant: "tests",
    algorithm: "ecdsa-sha256",
    messageSha256: "ab530a13e45914982b79f9b7e3fba994cfd1f3fb22f71cea1afbf02b460c6d1d",
    peer: "127.0.0.1:40000",
    outcome: "answered",
  });
});

test("createSigningService() refuses every form of a wrong token, and shows none", async () => {
  const bench = await signingBench();
  const wrong = [
    "",
    "Bearer",
    "Bearer ",
    SIGNING_TOKEN,
    `Basic ${SIGNING_TOKEN}`,
    `Bearer ${SIGNING_TOKEN}x`,
    `Bearer ${SIGNING_TOKEN.slice(1)}`,
    `Bearer ${SIGNING_TOKEN.toUpperCase()}`,
    `Bearer ${SIGNING_TOKEN} ${SIGNING_TOKEN}`,
    `Bearer x, Bearer ${SIGNING_TOKEN}`,
  ];
  for (const authorization of wrong) {
    const answer = await sign(bench, undefined, { host: "localhost", authorization });
    assert.equal([answer.status, codeOf(answer)], [401, "Unauthorized"], authorization);
    assert.is(answer.headers["www-authenticate"], "Bearer");
    assert.not.match(JSON.stringify(answer), SIGNING_TOKEN);
  }
  const none = await sign(bench, undefined, { host: "localhost" });
  assert.is(none.status, 401);
  assert.not.match(bench.records.map(formatRecord).join("\n"), SIGNING_TOKEN);
});

test("createSigningService() lets guesses of tokens neither in, nor fill the records, nor keep others waiting", async () => {
  const bench = await signingBench();
  for (let i = 0; i < 5000; i++) {
    const guess = SIGNING_TOKEN.slice(0, -4) + String(i).padStart(4, "-");
    const answer = await sign(bench, undefined, { host: "localhost", authorization: `Bearer ${guess}` });
    assert.is(answer.status, 401);
  }
  assert.is(bench.records.length, 20);
  assert.is((await sign(bench)).status, 200);
  assert.is(bench.records.at(-1)!.suppressed, 4980);
});

test("createSigningService() signs a thousand requests over the limit never", async () => {
  const bench = await signingBench({ grant: { rate: { perSecond: 10, burst: 20 } } });
  const answers = await Promise.all(Array.from({ length: 1020 }, () => sign(bench)));
  const statuses = answers.map(({ status }) => status);
  assert.equal([200, 429].map((status) => statuses.filter((each) => each === status).length), [20, 1000]);
  const limited = answers.find(({ status }) => status === 429)!;
  assert.is(codeOf(limited), "RateExceeded");
  assert.is(limited.headers["retry-after"], "1");
  assert.is(bench.records.filter(({ outcome }) => outcome === "answered").length, 20);
  bench.timeMs += 1000;
  const later = await Promise.all(Array.from({ length: 20 }, () => sign(bench)));
  assert.is(later.filter(({ status }) => status === 200).length, 10);
  bench.timeMs -= 3_600_000;
  assert.is((await sign(bench)).status, 429);
});

test("createSigningService() refuses names that are not this machine's, browsers and proxies, before any token", async () => {
  const bench = await signingBench();
  const { authorization } = AUTHORIZED;
  const hosts = [
    "attacker.example",
    "localhost.attacker.example",
    "127.0.0.1.nip.io",
    "10.0.0.1",
    "0.0.0.0",
    "",
    "[::2]",
  ];
  for (const host of hosts) {
    const answer = await sign(bench, undefined, { host, authorization });
    assert.equal([answer.status, codeOf(answer)], [403, "HostNotAllowed"], host);
  }
  assert.is((await sign(bench, undefined, { authorization })).status, 403);
  for (const name of ["origin", "sec-fetch-site", "x-forwarded-for", "forwarded"]) {
    const answer = await sign(bench, undefined, { ...AUTHORIZED, [name]: "http://localhost:9912" });
    assert.equal([answer.status, codeOf(answer)], [403, "BrowserNotAllowed"], name);
  }
  for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:9912", "127.9.9.9", "[::1]:9912"]) {
    assert.is((await sign(bench, undefined, { host, authorization })).status, 200, host);
  }
});

test("createSigningService() reads no body that is too long, and waits for none that does not come", async () => {
  const bench = await signingBench({ grant: { messages: "roles-anywhere" } });
  const declared = await sign(bench, "", { ...AUTHORIZED, "content-length": "100000000" });
  assert.equal([declared.status, codeOf(declared)], [413, "BodyTooLarge"]);
  const sent = await sign(bench, new Uint8Array(10_000));
  assert.equal([sent.status, codeOf(sent)], [413, "BodyTooLarge"]);
  const limits: number[] = [];
  const impatient = await signingBench({ sleep: (ms) => Promise.resolve(void limits.push(ms)) });
  const request = serviceRequest({ method: "POST", target: "/v1/sign", headers: AUTHORIZED });
  const slow = await impatient.service({ ...request, body: () => new Promise(() => {}) });
  assert.equal([slow.status, codeOf(slow)], [408, "BodyTimeout"]);
  assert.equal(limits, [SIGNING_BODY_TIMEOUT_MS]);
  const gone = await bench.service({ ...request, body: () => Promise.reject(new Error("the client went away")) });
  assert.is(gone.status, 502);
});

test("createSigningService() refuses what is no request of the protocol", async () => {
  const bench = await signingBench();
  const ask = (method: string, target: string) =>
    bench.service(serviceRequest({ method, target, headers: AUTHORIZED, body: signBody(bench.signer) }));
  for (const target of ["/", "/v1", "/v1/key/", "/v1/sign?x", "/v2/sign", "//v1/sign", "/v1/../v1/sign"]) {
    assert.is((await ask("GET", target)).status, 404, target);
  }
  for (const [method, target] of [["POST", "/v1/key"], ["GET", "/v1/sign"], ["OPTIONS", "/v1/sign"]] as const) {
    const answer = await ask(method, target);
    assert.is(answer.status, 405);
    assert.is(answer.headers["allow"], target === "/v1/key" ? "GET" : "POST");
  }
  const bodies = [
    "",
    "null",
    "[]",
    "{}",
    "{",
    signBody(bench.signer, MESSAGE, { message: 7 }),
    signBody(bench.signer, MESSAGE, { message: "####" }),
    signBody(bench.signer, MESSAGE, { message: undefined }),
    signBody(bench.signer, MESSAGE, { key: "no" }),
    signBody(bench.signer, MESSAGE, { key: undefined }),
    signBody(bench.signer, MESSAGE, { algorithm: 1 }),
    new Uint8Array([0x7b, 0xff, 0x7d]),
  ];
  for (const body of bodies) {
    const answer = await sign(bench, body);
    assert.equal([answer.status, codeOf(answer)], [400, "Malformed"], String(body));
  }
  assert.is(bench.errors.length, 0);
});

test("createSigningService() refuses another algorithm and another key than the grant's", async () => {
  const bench = await signingBench();
  for (const algorithm of ["ecdsa-sha384", "rsa-pkcs1-sha256", "", "constructor"]) {
    const answer = await sign(bench, signBody(bench.signer, MESSAGE, { algorithm }));
    assert.equal([answer.status, codeOf(answer)], [403, "AlgorithmNotAllowed"], algorithm);
  }
  const other = await sign(bench, signBody(bench.signer, MESSAGE, { key: "0".repeat(64) }));
  assert.equal([other.status, codeOf(other)], [409, "KeyMismatch"]);
});

test("createSigningService() signs strings to sign of IAM Roles Anywhere alone, unless any message is granted", async () => {
  const bench = await signingBench({ grant: { messages: "roles-anywhere" } });
  assert.is((await sign(bench, signBody(bench.signer, stringToSign()))).status, 200);
  const refused = await sign(bench, signBody(bench.signer, MESSAGE));
  assert.equal([refused.status, codeOf(refused)], [403, "MessageNotAllowed"]);
  assert.is(bench.records.at(-1)!.outcome, "MessageNotAllowed");
});

test("createSigningService() ends a grant at its time and after its last signature", async () => {
  const expiring = await signingBench({ grant: { expiresAtMs: NOW + 1000 } });
  assert.is((await sign(expiring)).status, 200);
  expiring.timeMs = NOW + 1000;
  assert.is(codeOf(await sign(expiring)), "GrantExpired");
  const key = await expiring.service(serviceRequest({ method: "GET", target: "/v1/key", headers: AUTHORIZED }));
  assert.is(codeOf(key), "GrantExpired");
  const counted = await signingBench({ grant: { maxSignatures: 3 } });
  await sign(counted, signBody(counted.signer, MESSAGE, { algorithm: "ecdsa-sha384" }));
  const answers = await Promise.all(Array.from({ length: 5 }, () => sign(counted)));
  assert.is(answers.filter(({ status }) => status === 200).length, 3);
  assert.is(codeOf(answers[4]!), "GrantExhausted");
});

test("createSigningService() keeps grants apart by their tokens", async () => {
  const other = await testKey("another bridge");
  const token = "another-token-another-token-another-token";
  const more: ServedGrant = { name: "other", signer: other, messages: "any-message", access: { token } };
  const bench = await signingBench({ more: [more] });
  const headers = { host: "localhost", authorization: `Bearer ${token}` };
  assert.is((await sign(bench, signBody(other), headers)).status, 200);
  assert.is(bench.records.at(-1)!.grant, "other");
  assert.is(codeOf(await sign(bench, signBody(bench.signer), headers)), "KeyMismatch");
  assert.is(codeOf(await sign(bench, signBody(other))), "KeyMismatch");
});

test("createSigningService() answers nothing that it could not record", async () => {
  const records: SigningRecord[] = [];
  const keepRecord = (record: SigningRecord) => {
    records.push(record);
    return Promise.reject(new Error("the disk is full"));
  };
  const bench = await signingBench({ keepRecord });
  for (
    const answer of [
      await sign(bench),
      await bench.service(serviceRequest({ method: "GET", target: "/v1/key", headers: AUTHORIZED })),
    ]
  ) {
    assert.equal([answer.status, codeOf(answer)], [503, "AuditFailed"]);
    assert.not.match(answer.body, /signature"|publicKey/);
  }
  assert.is(records.length, 2);
  assert.match(String(bench.errors[0]), "the disk is full");
});

test("createSigningService() says of a key that fails no more than its code", async () => {
  const working = await testKey("bridge");
  const failing: Signer = {
    ...working,
    sign: () => Promise.reject(Object.assign(new Error("canary 123456"), { code: "ERR_HSM_RETURN_VALUE" })),
  };
  const bench = await signingBench({ grant: { signer: failing } });
  const answer = await sign(bench);
  assert.equal([answer.status, codeOf(answer)], [502, "SignerFailed"]);
  assert.match(answer.body, "ERR_HSM_RETURN_VALUE");
  assert.not.match(answer.body, "canary");
  assert.match(String(bench.errors[0]), "canary");
});

test("createSigningService() opens a socket's only grant to whoever connects", async () => {
  const bench = await signingBench({ grant: { access: "whoever-connects" } });
  assert.is((await sign(bench, undefined, { host: "localhost" })).status, 200);
});

test("createSigningService() refuses grants that make no sense", async () => {
  const signer = await testKey("bridge");
  const good: ServedGrant = { name: "a", signer, messages: "any-message", access: { token: SIGNING_TOKEN } };
  const lists: readonly (readonly object[])[] = [
    [],
    [{ ...good, access: { token: "short" } }],
    [{ ...good, name: "" }],
    [{ ...good, messages: "all" }],
    [{ ...good, messages: undefined }],
    [{ ...good, maxSignature: 3 }],
    [{ ...good, maxSignatures: 0 }],
    [{ ...good, expiresAtMs: NaN }],
    [{ ...good, rate: { perSecond: 0, burst: 1 } }],
    [{ ...good, rate: { perSecond: 1, burst: 0 } }],
    [{ ...good, signer: { ...signer, algorithm: rsaPss("SHA-256", "SHA-256", 32) } }],
    [{ ...good, messages: "roles-anywhere", signer: { ...signer, algorithm: rsaPss("SHA-256", "SHA-256", 32) } }],
    [good, { ...good, name: "b" }],
    [good, { ...good, access: { token: `${SIGNING_TOKEN}2` } }],
    [good, { ...good, name: "b", access: "whoever-connects" }],
  ];
  const ports = { now: () => NOW, sleep: () => new Promise<void>(() => {}), keepRecord: () => {}, onError: () => {} };
  for (const grants of lists) {
    let error: unknown;
    try {
      createSigningService({ ...ports, grants: grants as readonly ServedGrant[] });
    } catch (caught) {
      error = caught;
    }
    assert.ok(error instanceof TypeError || error instanceof RangeError, JSON.stringify(grants));
    assert.not.match((error as Error).message, SIGNING_TOKEN);
  }
  assert.throws(() => createSigningService({ ...ports, grants: [good], host: ["x"] } as never), /no option "host"/);
});

test.run();
