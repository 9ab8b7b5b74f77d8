import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { Fetch, FetchInit } from "../../../core/ports.ts";
import { remoteSigner, type RemoteSignerOptions } from "../../../core/sign/remote-signer.ts";
import { writeKeyDocument } from "../../../core/sign/signing-protocol.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { SIGNING_TOKEN, signingBench } from "../../support/signing-bench.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testKey } from "../../support/test-authority.ts";
import { VirtualClock } from "../session/virtual-clock.ts";

const test = suite("core/sign/remote-signer");

const MESSAGE = encodeUtf8("message");
const ENDPOINT = "https://localhost:9912";
const UNREACHABLE = "ERR_REMOTE_SIGNER_UNREACHABLE";
const never = () => new Promise<void>(() => {});

async function options(fetch?: Fetch): Promise<RemoteSignerOptions> {
  return { endpoint: ENDPOINT, token: SIGNING_TOKEN, fetch: fetch ?? (await signingBench()).fetch, sleep: never };
}

/** A service that answers the key rightly, and the rest as it is told. */
async function answering(sign: (init: FetchInit) => Response | Promise<Response>): Promise<RemoteSignerOptions> {
  const { signer } = await signingBench();
  const key = writeKeyDocument({ ...signer, certificates: [] });
  return await options(async (url, init) => url.endsWith("/v1/key") ? new Response(key) : await sign(init));
}

const KINDS = [
  { type: "ec", curve: "P-256" },
  { type: "ec", curve: "P-384" },
  { type: "rsa", bits: 2048 },
  { type: "ml-dsa", parameterSet: "ML-DSA-44" },
] as const;

for (const kind of KINDS) {
  const name = "curve" in kind ? kind.curve : kind.type;
  test(`remoteSigner() signs with a key of ${name} that it does not have`, async () => {
    const bench = await signingBench({ grant: { signer: await testKey("bridge", kind) } });
    const signer = await remoteSigner({ ...await options(bench.fetch), crypto: portableProvider() });
    assert.equal(signer.publicKey, bench.signer.publicKey);
    assert.is(signer.algorithm, bench.signer.algorithm);
    const key = parseSubjectPublicKeyInfo(signer.publicKey);
    for (const length of [0, 1, 64, 70_000]) {
      const message: Bytes = new Uint8Array(length).fill(7);
      const signature = await signer.sign(message);
      assert.ok(await verifySignature(portableProvider(), signer.algorithm, key, message, signature), `${length}`);
    }
  });
}

test("remoteSigner() refuses options that do not exist and endpoints that show the token", async () => {
  const good = await options();
  const cases: readonly [change: object, message: RegExp][] = [
    [{ publickey: MESSAGE }, /"publickey"/],
    [{ timeoutMs: 0 }, /"timeoutMs"/],
    ...["http://bridge.example", "ftp://localhost", "https://user:pass@localhost", "https://localhost?x", "localhost"]
      .map((endpoint) => [{ endpoint }, /"endpoint"/] as [object, RegExp]),
    [{ token: "two words" }, /"token"/],
  ];
  for (const [change, message] of cases) {
    try {
      await remoteSigner({ ...good, ...change });
    } catch (error) {
      assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
      assert.match((error as Error).message, message);
      assert.not.match((error as Error).message, "two words");
      continue;
    }
    assert.unreachable(JSON.stringify(change));
  }
  for (
    const endpoint of ["http://localhost", "http://127.0.0.1:9/", "http://[::1]:9/base/", "https://bridge.example"]
  ) {
    const { fetch } = await signingBench();
    const local: Fetch = (url, init) => fetch(url.replace("bridge.example", "localhost").replace("/base", ""), init);
    await remoteSigner({ ...good, fetch: local, endpoint });
  }
});

test("remoteSigner() reads the token before every request", async () => {
  let reads = 0;
  const token = () => {
    reads++;
    return reads === 2 ? "another-token-another-token-another" : SIGNING_TOKEN;
  };
  const signer = await remoteSigner({ ...await options(), token });
  const error = await assertRejects(() => signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_UNAUTHORIZED");
  assert.not.match(error.message, "another-token");
  await signer.sign(MESSAGE);
  assert.is(reads, 3);
});

test("remoteSigner() refuses another key than the expected one, also when it is replaced later", async () => {
  const other = await testKey("another bridge");
  const good = await options();
  await assertRejects(() => remoteSigner({ ...good, publicKey: other.publicKey }), "ERR_REMOTE_SIGNER_KEY");
  const replaced = await signingBench({ grant: { signer: other } });
  let now = good.fetch;
  const signer = await remoteSigner({ ...good, fetch: (url, init) => now(url, init) });
  now = replaced.fetch;
  const error = await assertRejects(() => signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_KEY");
  assert.is(error["reason"], "KeyMismatch");
  assert.is(replaced.records.at(-1)!.outcome, "KeyMismatch");
});

test("remoteSigner() tries again when the connection is refused, and never when something was sent", async () => {
  const refusals = [
    Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    Object.assign(new Error("x"), { code: "ConnectionRefused" }),
    Object.assign(new Error("x"), { code: "ENOENT" }),
    new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) }),
    new TypeError("client error (Connect): tcp connect error: Connection refused (os error 111)"),
  ];
  for (const refusal of refusals) {
    const pauses: number[] = [];
    const sleep = (ms: number) => ms >= 1000 ? never() : Promise.resolve(void pauses.push(ms));
    const { fetch } = await signingBench();
    let failures = 2;
    const flaky: Fetch = (url, init) => failures-- > 0 ? Promise.reject(refusal) : fetch(url, init);
    await remoteSigner({ ...await options(flaky), sleep });
    assert.equal(pauses, [100, 400]);
    failures = 3;
    await assertRejects(async () => await remoteSigner({ ...await options(flaky), sleep }), UNREACHABLE);
  }
  let sent = 0;
  const broken: Fetch = () => Promise.reject(Object.assign(new Error(`${sent++}`), { code: "ECONNRESET" }));
  const unnamed = await assertRejects(async () => await remoteSigner(await options(broken)), UNREACHABLE);
  assert.is(sent, 1);
  assert.match(unnamed.message, "Cannot sign with http");
  const named = { ...await options(broken), name: "/run/bridge.sock" };
  const error = await assertRejects(async () => await remoteSigner(named), UNREACHABLE);
  assert.match(error.message, "Cannot sign with /run/bridge.sock: nobody answers there");
});

test("remoteSigner() ends what takes too long", async () => {
  const clock = new VirtualClock(0);
  const hanging: Fetch = () => new Promise(() => {});
  const ended = remoteSigner({ ...await options(hanging), sleep: clock.sleep, timeoutMs: 7 }).catch((error) => error);
  const error = await clock.run(ended) as { code: string; message: string };
  assert.is(error.code, "ERR_REMOTE_SIGNER_TIMEOUT");
  assert.match(error.message, "7 ms");
});

test("remoteSigner() refuses answers that are no keys", async () => {
  const { signer } = await signingBench();
  const good = JSON.parse(writeKeyDocument({ ...signer, certificates: [] })) as Record<string, unknown>;
  const documents: readonly unknown[] = [
    { ...good, version: 2 },
    { ...good, version: undefined },
    { ...good, algorithm: "rsa-pkcs1-sha256" },
    { ...good, algorithm: "constructor" },
    { ...good, algorithm: "none" },
    { ...good, publicKey: "####" },
    { ...good, publicKey: "" },
    { ...good, publicKey: "AAAA" },
    { ...good, certificates: "no" },
    { ...good, certificates: ["####"] },
    [good],
    "text",
    null,
  ];
  for (const document of documents) {
    const fetch: Fetch = () => Promise.resolve(new Response(JSON.stringify(document)));
    await assertRejects(async () => await remoteSigner(await options(fetch)), "ERR_REMOTE_SIGNER_PROTOCOL");
  }
  for (const text of ["", "<html>", "x".repeat(300_000)]) {
    const fetch: Fetch = () => Promise.resolve(new Response(text));
    await assertRejects(async () => await remoteSigner(await options(fetch)), "ERR_REMOTE_SIGNER_PROTOCOL");
  }
});

test("remoteSigner() refuses answers that are no signatures", async () => {
  for (const body of [`{}`, `{"signature":""}`, `{"signature":"####"}`, `{"signature":7}`, `[]`, ``]) {
    const signer = await remoteSigner(await answering(() => new Response(body)));
    await assertRejects(() => signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_PROTOCOL");
  }
  for (const signature of ["AAAA", "MAYCAQECAQEA", "MAcCAQECAgAB"]) {
    const signer = await remoteSigner(await answering(() => Response.json({ signature })));
    await assertRejects(() => signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_SIGNATURE");
  }
  const wellFormed = "MAYCAQECAQE=";
  const believing = await remoteSigner(await answering(() => Response.json({ signature: wellFormed })));
  assert.is((await believing.sign(MESSAGE)).length, 8);
  const checking = await answering(() => Response.json({ signature: wellFormed }));
  const signer = await remoteSigner({ ...checking, crypto: portableProvider() });
  await assertRejects(() => signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_SIGNATURE");
});

test("remoteSigner() says why it was refused, with text of strangers made visible", async () => {
  const cases: readonly [status: number, error: object, code: string][] = [
    [401, { code: "Unauthorized", message: "no" }, "ERR_REMOTE_SIGNER_UNAUTHORIZED"],
    [403, { code: "MessageNotAllowed", message: "no" }, "ERR_REMOTE_SIGNER_REFUSED"],
    [403, { code: "GrantExpired", message: "no" }, "ERR_REMOTE_SIGNER_REFUSED"],
    [409, { code: "KeyMismatch", message: "no" }, "ERR_REMOTE_SIGNER_KEY"],
    [429, { code: "RateExceeded", message: "no", retryAfterSeconds: 3 }, "ERR_REMOTE_SIGNER_THROTTLED"],
    [502, { code: "SignerFailed", message: "no" }, "ERR_REMOTE_SIGNER_FAILED"],
    [418, { code: "\u001b[31mLater", message: "\u202e" + "x".repeat(1000) }, "ERR_REMOTE_SIGNER_REFUSED"],
    [500, { message: "no code" }, "ERR_REMOTE_SIGNER_PROTOCOL"],
    [302, {}, "ERR_REMOTE_SIGNER_PROTOCOL"],
  ];
  for (const [status, error, code] of cases) {
    const signer = await remoteSigner(await answering(() => Response.json({ error }, { status })));
    const thrown = await assertRejects(() => signer.sign(MESSAGE), code);
    assert.not.match(thrown.message, /[\p{Cc}\p{Cf}]/u);
    assert.ok(thrown.message.length < 400);
    assert.not.match(thrown.message, SIGNING_TOKEN);
    if (status === 429) assert.is(thrown["retryAfterSeconds"], 3);
  }
});

test.run();
