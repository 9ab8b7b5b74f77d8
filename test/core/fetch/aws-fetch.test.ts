import {
  type AwsFetch,
  type AwsFetchOptions,
  createAwsFetch,
  type FetchCredentials,
  type FetchEvent,
  type FetchPorts,
  signRequest,
} from "../../../core/fetch/mod.ts";
import { CRC32, verifyHmacRequest } from "../../../core/sigv4/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { idle, NOON, TaskClock } from "./fetch-clock.ts";

const test = suite("core/fetch/aws-fetch");

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN = "tokenTOKENtokenTOKEN";
const CREDENTIALS: FetchCredentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: SECRET, sessionToken: TOKEN };
const STS = "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
const OBJECT = "https://photos.s3.eu-central-1.amazonaws.com/a%20b";

/** A request as the platform's `fetch` got it. */
interface Sent {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Record<string, string> };
}

type Answer = Response | Error | ((sent: Sent) => Response | Promise<Response>);

interface Bench {
  readonly awsFetch: AwsFetch;
  readonly sent: Sent[];
  readonly events: FetchEvent[];
  readonly clock: TaskClock;
}

/** A client whose requests get the answers in turn, the last one again and again. */
function bench(
  answers: readonly Answer[],
  options: Partial<AwsFetchOptions> = {},
  ports: Partial<FetchPorts> = {},
): Bench {
  const clock = new TaskClock(NOON);
  const sent: Sent[] = [];
  const events: FetchEvent[] = [];
  const awsFetch = createAwsFetch({ credentials: CREDENTIALS, onEvent: (event) => events.push(event), ...options }, {
    fetch: async (url, init) => {
      sent.push({ url, init: init as Sent["init"] });
      const answer = answers[Math.min(sent.length, answers.length) - 1]!;
      if (answer instanceof Error) throw answer;
      return typeof answer === "function" ? await answer(sent.at(-1)!) : answer.clone();
    },
    now: clock.now,
    sleep: clock.sleep,
    random: (length) => new Uint8Array(length).fill(0x80),
    ...ports,
  });
  return { awsFetch, sent, events, clock };
}

function ok(): Response {
  return new Response("ok");
}

function refusal(status: number, code: string, date: number = NOON): Response {
  return new Response(`<Error><Code>${code}</Code></Error>`, {
    status,
    headers: { "content-type": "application/xml", date: new Date(date).toUTCString() },
  });
}

/** Checks the signature, as a service does. */
async function verify({ url, init }: Sent, body: string): Promise<void> {
  const { host, pathname: path, search } = new URL(url);
  const request = { method: init.method!, path, query: search.slice(1), headers: { ...init.headers, host }, body };
  await verifyHmacRequest(request, {
    credentials: () => CREDENTIALS,
    region: "eu-central-1",
    service: "dynamodb",
    timeMs: NOON,
    maxClockSkewSeconds: 0,
    unsignedPayload: "deny",
  });
}

test("createAwsFetch() signs by the headers, for the service and region of the host", async () => {
  const { awsFetch, sent, events } = bench([ok()]);
  assert.is(await (await awsFetch(STS)).text(), "ok");
  const { url, init } = sent[0]!;
  assert.is(url, STS);
  assert.match(
    init.headers["authorization"]!,
    "/20260601/eu-central-1/sts/aws4_request, SignedHeaders=host;x-amz-date;",
  );
  assert.is(init.headers["x-amz-security-token"], TOKEN);
  assert.is(init.redirect, "manual");
  assert.is(init.method, "GET");
  assert.equal(events.map(({ type }) => type), ["signed", "attempt"]);
  assert.not.match(JSON.stringify(events), new RegExp(`${SECRET}|${TOKEN}|Action`));
});

test("createAwsFetch() signs content and x-amz fields, and sends the others as they are", async () => {
  const { awsFetch, sent } = bench([ok()]);
  const headers = {
    "Content-Type": "text/plain",
    "X-Amz-Meta-A": "1",
    Accept: "*/*",
    "User-Agent": "me",
    Authorization: "x",
  };
  await awsFetch(OBJECT, { method: "put", headers, body: "hello" });
  const { init } = sent[0]!;
  assert.is(init.method, "PUT");
  assert.match(
    init.headers["authorization"]!,
    "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-a;x-amz-security-token,",
  );
  assert.is(init.headers["accept"], "*/*");
  assert.is(init.headers["user-agent"], "me");
  assert.is(init.headers["x-amz-content-sha256"], "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
});

test("createAwsFetch() takes every kind of body", async () => {
  const hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  const octets = new TextEncoder().encode("hello");
  const stream = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(octets.slice(0, 2));
        controller.enqueue(octets.slice(2));
        controller.close();
      },
    });
  for (const body of ["hello", octets, octets.buffer, new DataView(octets.buffer), stream()]) {
    const { awsFetch, sent } = bench([ok()]);
    await awsFetch(OBJECT, { method: "PUT", body: body as BodyInit });
    assert.is(sent[0]!.init.headers["x-amz-content-sha256"], hash);
  }
  const { awsFetch, sent } = bench([ok()]);
  await awsFetch(new Request(OBJECT, { method: "PUT", body: "hello" }));
  await awsFetch(STS, { method: "POST", body: new URLSearchParams({ Action: "A" }) });
  const form = new FormData();
  form.append("a", "b");
  await awsFetch(STS, { method: "POST", body: form });
  await awsFetch(STS, { method: "POST", body: new Blob(["hello"], { type: "text/x" }) });
  assert.is(sent[0]!.init.headers["x-amz-content-sha256"], hash);
  assert.is(sent[1]!.init.headers["content-type"], "application/x-www-form-urlencoded;charset=UTF-8");
  assert.match(sent[2]!.init.headers["content-type"]!, /^multipart\/form-data; ?boundary=/);
  assert.is(sent[3]!.init.headers["content-type"], "text/x");
});

test("createAwsFetch() refuses a stream that is longer than what it may keep, and lets it through unsigned", async () => {
  const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1000)) });
  const { awsFetch, sent } = bench([ok()], { maxBufferedOctets: 5000 });
  const init = { method: "PUT", body: endless() };
  await assertRejects(awsFetch(OBJECT, init), "ERR_FETCH_BODY_LENGTH");
  assert.is(sent.length, 0);
  const body = endless();
  await awsFetch(OBJECT, { method: "PUT", body, aws: { payload: "unsigned" } });
  assert.is(sent[0]!.init.headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
  assert.is(sent[0]!.init.body, body);
  assert.is((sent[0]!.init as { duplex?: string }).duplex, "half");
});

test("createAwsFetch() takes digits alone for the length of a stream", async () => {
  const { awsFetch, sent } = bench([ok()]);
  for (const length of ["1e1", "0x5", "5.0", "+5", "-5", "5, 5", "five", "99999999999999999999"]) {
    const init = { method: "PUT", headers: { "content-length": length }, body: new Response("hello").body };
    const { message } = await assertRejects(awsFetch(OBJECT, init), "ERR_FETCH_BODY_LENGTH");
    assert.match(message, `content-length is "${length}", and must be digits alone`);
  }
  assert.is(sent.length, 0);
});

test("createAwsFetch() sends a stream of known length to S3 in signed chunks, with a checksum behind them", async () => {
  let encoded = "";
  const { awsFetch, sent } = bench([async ({ init }) => {
    encoded = await new Response(init.body as ReadableStream).text();
    return ok();
  }]);
  const body = new Response("hello").body!;
  await awsFetch(OBJECT, { method: "PUT", headers: { "content-length": "5" }, body, aws: { checksum: CRC32 } });
  const { headers } = sent[0]!.init;
  assert.is(headers["x-amz-content-sha256"], "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
  assert.is(headers["content-encoding"], "aws-chunked");
  assert.is(headers["x-amz-decoded-content-length"], "5");
  assert.is(Number(headers["content-length"]), encoded.length);
  assert.match(encoded, /^5;chunk-signature=[0-9a-f]{64}\r\nhello\r\n0;chunk-signature=/);
  assert.match(encoded, "x-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:");
});

test("createAwsFetch() sends requests again with full jitter, and answers what comes of the last attempt", async () => {
  const { awsFetch, sent, clock, events } = bench([new Response("", { status: 503 })]);
  const response = await clock.run(awsFetch(STS));
  assert.is(response.status, 503);
  assert.is(sent.length, 3);
  assert.equal(clock.slept.map(Math.round), [100, 201]);
  const reasons = events.flatMap((event) => event.type === "retry" ? [event.reason] : []);
  assert.equal(reasons, ["server-error", "server-error"]);
});

test("createAwsFetch() retries codes of the throttling family in XML, JSON and headers", async () => {
  const json = (body: string, headers = {}) => new Response(body, { status: 400, headers });
  for (
    const first of [
      refusal(503, "SlowDown"),
      refusal(400, "Throttling"),
      json('{"__type":"com.amazon.coral.service#ThrottlingException"}'),
      json("{}", { "x-amzn-errortype": "TooManyRequestsException:http://x" }),
      new Response("", { status: 429, headers: { "retry-after": "3" } }),
    ]
  ) {
    const { awsFetch, sent, clock } = bench([first, ok()]);
    assert.is((await clock.run(awsFetch(STS))).status, 200);
    assert.is(sent.length, 2);
    if (first.status === 429) assert.equal(clock.slept, [3000]);
  }
});

test("createAwsFetch() waits as long as Retry-After says in digits, and makes nothing of other texts", async () => {
  for (const text of ["1e1", "0x10", "-5", "+5", "5.5", "Infinity", "soon", "5, 5", "Sun, 06 Nov 2094 08:49:37 GMT"]) {
    const { awsFetch, clock } = bench([new Response("", { status: 429, headers: { "retry-after": text } }), ok()]);
    assert.is((await clock.run(awsFetch(STS))).status, 200);
    assert.ok(clock.slept[0]! <= 1000, text);
  }
});

test("createAwsFetch() leaves other refusals, redirects and their bodies to the caller", async () => {
  for (const status of [301, 307, 400, 403, 404, 409, 501]) {
    const { awsFetch, sent } = bench([new Response("<Code>Other</Code>", { status })]);
    const response = await awsFetch(STS);
    assert.is(response.status, status);
    assert.is(await response.text(), "<Code>Other</Code>");
    assert.is(sent.length, 1);
  }
});

test("createAwsFetch() retries broken connections, and rethrows the last failure as it is", async () => {
  const failure = new TypeError("fetch failed");
  const { awsFetch, sent, clock } = bench([failure]);
  try {
    await clock.run(awsFetch(STS));
    assert.unreachable();
  } catch (error) {
    assert.is(error, failure);
  }
  assert.is(sent.length, 3);
  const recovered = bench([failure, ok()]);
  assert.is((await recovered.clock.run(recovered.awsFetch(STS))).status, 200);
});

test("createAwsFetch() sends no body twice that it cannot read twice", async () => {
  const { awsFetch, sent } = bench([new Response("", { status: 503 })]);
  const body = new Response("hello").body!;
  const response = await awsFetch(OBJECT, { method: "PUT", headers: { "content-length": "5" }, body });
  assert.is(response.status, 503);
  assert.is(sent.length, 1);
});

test("createAwsFetch() signs with the service's time once a refusal has shown it, and keeps to it", async () => {
  const theirs = NOON + 3_600_000;
  const { awsFetch, sent, events } = bench([refusal(403, "RequestTimeTooSkewed", theirs), ok()]);
  assert.is((await awsFetch(STS)).status, 200);
  await awsFetch(STS);
  assert.equal(sent.map(({ init }) => init.headers["x-amz-date"]), [
    "20260601T120000Z",
    "20260601T130000Z",
    "20260601T130000Z",
  ]);
  assert.ok(events.some((event) => event.type === "skew-corrected" && event.clockSkewMs === 3_600_000));
  const stubborn = bench([
    ({ init: { headers } }) => refusal(403, headers["x-amz-date"]!, theirs + sentHours++ * 3_600_000),
  ]);
  let sentHours = 0;
  assert.is((await stubborn.awsFetch(STS)).status, 403);
  assert.is(stubborn.sent.length, 2);
});

test("createAwsFetch() asks once for new credentials when the token is called expired", async () => {
  let asked = 0;
  const forced: unknown[] = [];
  const credentials = async (properties?: { readonly forceRefresh?: boolean }) => {
    forced.push(properties?.forceRefresh);
    return {
      ...CREDENTIALS,
      accessKeyId: `ASIA${++asked}`,
      sessionToken: `t${asked}`,
      expiration: new Date(NOON + 3_600_000),
    };
  };
  const { awsFetch, sent } = bench([refusal(400, "ExpiredToken"), ok()], { credentials });
  assert.is((await awsFetch(STS)).status, 200);
  assert.equal(sent.map(({ init }) => init.headers["x-amz-security-token"]), ["t1", "t2"]);
  assert.equal(forced, [false, true]);
  const always = bench([refusal(400, "ExpiredToken")], { credentials });
  assert.is((await always.awsFetch(STS)).status, 400);
  assert.is(always.sent.length, 2);
  const fixed = bench([refusal(400, "ExpiredToken")]);
  assert.is((await fixed.awsFetch(STS)).status, 400);
  assert.is(fixed.sent.length, 1);
});

test("createAwsFetch() gets no credentials again and again for a host that calls all of them expired", async () => {
  let asked = 0;
  const credentials = async () => ({
    ...CREDENTIALS,
    sessionToken: `t${++asked}`,
    expiration: new Date(clock.time + 3_600_000),
  });
  const answer: Answer = ({ url }) => url === STS ? ok() : refusal(400, "ExpiredToken");
  const { awsFetch, sent, clock } = bench([answer], {
    credentials,
    hosts: ["store.example.com"],
    service: "s3",
    region: "eu-central-1",
  });
  for (let i = 0; i < 4; i++) {
    const refused = await awsFetch("https://store.example.com/");
    assert.match(await refused.text(), "<Code>ExpiredToken</Code>");
  }
  assert.is(asked, 2);
  assert.is(sent.length, 5);
  assert.is((await awsFetch(STS)).status, 200);
  assert.is(asked, 2);
  clock.time += 300_000;
  await Promise.all(Array.from({ length: 3 }, () => awsFetch("https://store.example.com/")));
  assert.is(asked, 3);
  await awsFetch("https://store.example.com/");
  assert.is(asked, 3);
});

test("createAwsFetch() asks a provider once for many requests, and again before the credentials end", async () => {
  let asked = 0;
  const { awsFetch, clock } = bench([ok()], {
    credentials: async () => ({
      ...CREDENTIALS,
      sessionToken: `t${++asked}`,
      expiration: new Date(clock.time + 3_600_000),
    }),
  });
  await Promise.all([awsFetch(STS), awsFetch(STS), awsFetch(OBJECT)]);
  assert.is(asked, 1);
  clock.time += 3_590_000;
  await awsFetch(STS);
  assert.is(asked, 2);
});

test("createAwsFetch() refuses credentials that are none, or have expired", async () => {
  const none = bench([ok()], { credentials: async () => ({}) as FetchCredentials });
  await assertRejects(none.awsFetch(STS), "ERR_FETCH_CREDENTIALS");
  const old = bench([ok()], { credentials: { ...CREDENTIALS, expiration: new Date(NOON) } });
  await assertRejects(old.awsFetch(STS), "ERR_FETCH_CREDENTIALS");
  assert.is(none.sent.length + old.sent.length, 0);
});

test("createAwsFetch() sends credentials to no host but AWS's and those that are listed", async () => {
  for (
    const url of ["https://example.com/", "http://s3.eu-central-1.amazonaws.com/", "https://amazonaws.com.example.com/"]
  ) {
    const { awsFetch, sent } = bench([ok()], { service: "s3", region: "eu-central-1" });
    await assertRejects(awsFetch(url), "ERR_FETCH_HOST");
    assert.is(sent.length, 0);
  }
  const { awsFetch, sent } = bench([ok()], { service: "s3", region: "eu-central-1", hosts: ["127.0.0.1:4566"] });
  await awsFetch("http://127.0.0.1:4566/");
  await assertRejects(awsFetch("http://127.0.0.1:4567/"), "ERR_FETCH_HOST");
  assert.is(sent.length, 1);
});

test("createAwsFetch() refuses hosts that do not tell what to sign for, and paths that would change", async () => {
  const { awsFetch } = bench([ok()], { hosts: ["localhost"] });
  await assertRejects(awsFetch("https://localhost/"), "ERR_FETCH_SCOPE");
  await assertRejects(awsFetch("https://photos.s3-accelerate.amazonaws.com/a"), "ERR_FETCH_SCOPE");
  for (const path of ["/a/../b", "/..", "/a/%2e%2E?x", "/./a", "/a\\..\\b"]) {
    await assertRejects(awsFetch(`https://photos.s3.eu-central-1.amazonaws.com${path}`), "ERR_FETCH_PATH");
  }
  await awsFetch("https://photos.s3.eu-central-1.amazonaws.com/a..b/...?c=/../d");
});

test("createAwsFetch() says of an option of another kind what is wanted", async () => {
  const wrong = {
    '"service" must be string': { service: 1 },
    '"region" must be string': { region: ["us-east-1"] },
    '"signBy" must be headers|query': { signBy: "header" },
    '"payload" must be signed|unsigned': { payload: "UNSIGNED-PAYLOAD" },
    '"signSessionToken" must be boolean': { signSessionToken: "false" },
    '"checksum" must be object': { checksum: "CRC32" },
    '"maxBufferedOctets" must be number': { maxBufferedOctets: -1 },
    '"maxAttempts" must be number': { maxAttempts: "3" },
    '"attemptTimeoutMs" must be number': { attemptTimeoutMs: NaN },
    '"deadlineMs" must be number': { deadlineMs: null },
    '"waitUntil" must be function': { waitUntil: {} },
  };
  const { awsFetch } = bench([]);
  for (const [message, options] of Object.entries(wrong)) {
    assert.throws(
      () => bench([], options as object),
      (error: Error) => error instanceof TypeError && error.message === message,
    );
    const refused = await awsFetch(STS, { aws: options as object }).catch((error) => error);
    // What limits the whole call is looked at before the request is.
    if (!("deadlineMs" in options)) assert.is(refused.message, message);
    else assert.match(refused.message, "deadlineMs");
  }
  assert.throws(() => bench([], { onEvent: "log" } as object), /"onEvent" must be function/);
  for (const credentials of [undefined, null, "AKIA", { accessKeyId: undefined, secretAccessKey: undefined }]) {
    assert.throws(() => bench([], { credentials } as object), /"credentials" must be/);
  }
});

test("createAwsFetch() takes no option that does not exist, and follows no redirect", async () => {
  assert.throws(() => bench([], { profile: "x" } as object), /no option "profile"/);
  assert.throws(() => bench([], { callers: "all" } as object), /"callers" must be/);
  assert.throws(() => bench([], { credentials: {} } as object), /"credentials" must be/);
  const { awsFetch } = bench([ok()]);
  for (const init of [{ aws: { regoin: "x" } as object }, { redirect: "follow" as const }]) {
    try {
      await awsFetch(STS, init);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, TypeError);
    }
  }
});

test("createAwsFetch() signs by the query on demand, with the token behind the signature where that is wanted", async () => {
  const { awsFetch, sent } = bench([ok()]);
  await awsFetch(STS, { aws: { signBy: "query" } });
  await awsFetch(STS, { aws: { signBy: "query", signSessionToken: false } });
  for (const { url, init } of sent) {
    const query = new URL(url).searchParams;
    assert.is(query.get("X-Amz-Security-Token"), TOKEN);
    assert.is(query.get("Action"), "GetCallerIdentity");
    assert.is(init.headers["authorization"], undefined);
    assert.is(init.headers["x-amz-security-token"], undefined);
  }
  const signatures = sent.map(({ url }) => new URL(url).searchParams.get("X-Amz-Signature"));
  assert.is.not(signatures[0], signatures[1]);
});

test("createAwsFetch() signs for multi-region access points with SigV4a", async () => {
  const { awsFetch, sent } = bench([ok()]);
  await awsFetch("https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key".replace(".mrap", ""));
  const { headers } = sent[0]!.init;
  assert.match(
    headers["authorization"]!,
    /^AWS4-ECDSA-P256-SHA256 Credential=ASIAEXAMPLE\/20260601\/s3\/aws4_request, /,
  );
  assert.is(headers["x-amz-region-set"], "*");
});

test("createAwsFetch() stops when the signal aborts: before, while it waits, and for the body", async () => {
  const reason = Object.assign(new Error("stop"), { code: "STOP" });
  const { awsFetch, sent, clock } = bench([new Response("", { status: 503 })]);
  await assertRejects(awsFetch(STS, { signal: AbortSignal.abort(reason) }), "STOP");
  assert.is(sent.length, 0);
  const controller = new AbortController();
  const waiting = assertRejects(awsFetch(STS, { signal: controller.signal }), "STOP");
  while (clock.pending === 0) await idle();
  controller.abort(reason);
  await waiting;
  assert.is(sent.length, 1);
  assert.is(sent[0]!.init.signal, controller.signal);
  const hanging = bench([ok()], { credentials: () => new Promise<never>(() => {}) });
  const second = new AbortController();
  const pending = assertRejects(hanging.awsFetch(STS, { signal: second.signal }), "STOP");
  await idle();
  second.abort(reason);
  await pending;
});

test("createAwsFetch() limits the time of an attempt and of all of them", async () => {
  const hang: Answer = ({ init: { signal } }) =>
    new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
  const slow = bench([hang, ok()], { attemptTimeoutMs: 1000 });
  assert.is((await slow.clock.run(slow.awsFetch(STS))).status, 200);
  assert.ok(slow.events.some((event) => event.type === "retry" && event.reason === "timeout"));
  const never = bench([hang], { attemptTimeoutMs: 1000, maxAttempts: 2 });
  await assertRejects(never.clock.run(never.awsFetch(STS)), "ERR_FETCH_TIMEOUT");
  const late = bench([hang], { deadlineMs: 1500 });
  await assertRejects(late.clock.run(late.awsFetch(STS)), "ERR_FETCH_DEADLINE");
  assert.is(late.clock.pending, 0);
});

test("presign() never outlives the credentials, and says so", async () => {
  const { awsFetch } = bench([], { credentials: { ...CREDENTIALS, expiration: new Date(NOON + 600_000) } });
  const short = await awsFetch.presign(OBJECT, { expiresSeconds: 300 });
  assert.is(short.shortened, false);
  assert.is(short.expiresAtMs, NOON + 300_000);
  const long = await awsFetch.presign(OBJECT, { method: "PUT", headers: { "content-type": "a/b" } });
  assert.is(long.shortened, true);
  assert.is(long.expiresSeconds, 600);
  assert.equal(long.headers, { "content-type": "a/b" });
  assert.is(new URL(long.url).searchParams.get("X-Amz-Expires"), "600");
  assert.is(new URL(long.url).searchParams.get("X-Amz-SignedHeaders"), "content-type;host");
  await assertRejects(awsFetch.presign(OBJECT, { outliving: "refuse" }), "ERR_SIGNING_OUTLIVES_CREDENTIALS");
});

test("sign() and signRequest() answer a request for another client", async () => {
  const { awsFetch } = bench([]);
  const request = new Request(OBJECT, { method: "PUT", body: "hello", headers: { "x-amz-meta-a": "1" } });
  const signed = await awsFetch.sign(request.clone());
  assert.is(signed.url, OBJECT);
  assert.is(signed.method, "PUT");
  assert.is(await signed.text(), "hello");
  assert.match(signed.headers.get("authorization")!, "x-amz-meta-a");
  const other = await signRequest(request, { credentials: CREDENTIALS }, { now: () => NOON });
  assert.is(other.headers.get("authorization"), signed.headers.get("authorization"));
});

test("createAwsFetch() survives a listener that throws", async () => {
  const { awsFetch } = bench([ok()], {
    onEvent: () => {
      throw new Error("listener");
    },
  });
  assert.is((await awsFetch(STS)).status, 200);
});

test("createAwsFetch() signs what services verify", async () => {
  const { awsFetch, sent } = bench([ok()]);
  await awsFetch("https://dynamodb.eu-central-1.amazonaws.com/", { method: "POST", body: "{}" });
  await verify(sent[0]!, "{}");
});

test("createAwsFetch() follows no redirect, also where the caller's redirect is undefined", async () => {
  const { awsFetch, sent } = bench([ok()]);
  await awsFetch(STS, { redirect: undefined } as unknown as RequestInit as object);
  assert.is(sent[0]!.init.redirect, "manual");
});

test("createAwsFetch() sends nothing to a URL with a user name or a password, and repeats neither", async () => {
  for (const user of ["user:secret@", "user@", ":secret@"]) {
    const { awsFetch, sent } = bench([ok()]);
    const error = await awsFetch(STS.replace("//", `//${user}`)).then(() => undefined, (error) => error);
    assert.is(error?.code, "ERR_FETCH_HOST");
    assert.not.match(String(error), "secret");
    assert.is(sent.length, 0);
  }
});

test("createAwsFetch() takes hosts as they are: no part, no other port, no dot behind, no look-alike", async () => {
  assert.throws(() => bench([], { hosts: "store.example.com" } as object), /"hosts" must be an array/);
  const { awsFetch, sent } = bench([ok()], { hosts: ["store.example.com", "*"], service: "s3", region: "us-east-1" });
  for (
    const host of [
      "example.com",
      "x.store.example.com",
      "store.example.com.",
      "store.example.com:8443",
      "s3.eu-central-1.amazonaws.com.",
      "s3.eu-central-1.amazonaws。com.example.com",
      "s3.eu-central-1.аmazonaws.com",
    ]
  ) await assertRejects(awsFetch(`https://${host}/`), "ERR_FETCH_HOST");
  await awsFetch("https://STORE.Example.com:443/");
  await awsFetch("https://S3.EU-Central-1.amazonaws.com:443/");
  assert.equal(sent.map(({ url }) => url), ["https://store.example.com/", "https://s3.eu-central-1.amazonaws.com/"]);
});

test("createAwsFetch() refuses dot segments that URL parsers see behind tabs, line ends and spaces", async () => {
  const { awsFetch, sent } = bench([ok()]);
  for (
    const path of ["/a/.\t./b", "/a/.\n.", "/a/%2\re./b", "/a/.. ", "/a/..\t ", "/a/.\u0000", "/a/\t../b", "/a/\r\n%2E"]
  ) {
    await assertRejects(awsFetch(`https://photos.s3.eu-central-1.amazonaws.com${path}`), "ERR_FETCH_PATH");
  }
  assert.is(sent.length, 0);
});

test("createAwsFetch() believes no clock that is off by more than a day", async () => {
  for (const off of [25, -25, 24 * 365]) {
    const { awsFetch, sent, events } = bench([refusal(403, "RequestTimeTooSkewed", NOON + off * 3_600_000)]);
    assert.is((await awsFetch(STS)).status, 403);
    assert.is(sent.length, 1);
    assert.not.ok(events.some(({ type }) => type === "skew-corrected"));
  }
});

test("createAwsFetch() lets no host that is listed set the clock of AWS or of another", async () => {
  const theirs = NOON + 3_600_000;
  const answer: Answer = ({ url, init }) =>
    !url.includes("one") || init.headers["x-amz-date"] === "20260601T130000Z" ? ok() : refusal(403, "Denied", theirs);
  const hosts = ["one.example.com", "two.example.com"];
  const { awsFetch, sent } = bench([answer], { hosts, service: "s3", region: "us-east-1" });
  for (const host of [...hosts, "one.example.com", "s3.us-east-1.amazonaws.com"]) await awsFetch(`https://${host}/`);
  assert.equal(sent.map(({ init }) => init.headers["x-amz-date"]!.slice(9, 11)), ["12", "13", "12", "13", "12"]);
  const { url } = await awsFetch.presign("https://s3.us-east-1.amazonaws.com/a");
  assert.is(new URL(url).searchParams.get("X-Amz-Date"), "20260601T120000Z");
});

test("createAwsFetch() reads of a refusal no more than a refusal has, and leaves what breaks off to the caller", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      // A bound for the test alone: whoever reads on and on fails it.
      if (++pulled > 1000) controller.error(new Error("read on"));
      else controller.enqueue(new Uint8Array(1000));
    },
  });
  const { awsFetch } = bench([() => new Response(endless, { status: 400 })]);
  const response = await awsFetch(STS);
  assert.is(response.status, 400);
  assert.ok(pulled < 100, String(pulled));
  await response.body!.cancel();
  const broken = bench([
    () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("broke off")) }), {
        status: 403,
      }),
  ]);
  assert.is((await broken.awsFetch(STS)).status, 403);
});

test("createAwsFetch() stops reading a body when the signal aborts, or the time is over", async () => {
  const reason = Object.assign(new Error("stop"), { code: "STOP" });
  let cancelled = 0;
  const stalled = () => new ReadableStream({ cancel: () => void cancelled++ });
  const { awsFetch, sent, clock } = bench([ok()]);
  const controller = new AbortController();
  const aborted = assertRejects(awsFetch(STS, { method: "POST", body: stalled(), signal: controller.signal }), "STOP");
  await idle();
  controller.abort(reason);
  await aborted;
  const late = awsFetch(STS, { method: "POST", body: stalled(), aws: { deadlineMs: 1000 } });
  await assertRejects(clock.run(late), "ERR_FETCH_DEADLINE");
  assert.is(cancelled, 2);
  assert.is(sent.length, 0);
});

test("sign() stops when the signal has aborted, whatever the provider of credentials does", async () => {
  const { awsFetch } = bench([], { credentials: () => new Promise<never>(() => {}) });
  const reason = Object.assign(new Error("stop"), { code: "STOP" });
  await assertRejects(awsFetch.sign(STS, { signal: AbortSignal.abort(reason) }), "STOP");
});

test("createAwsFetch() sends a stream as it is when the query is signed", async () => {
  const { awsFetch, sent } = bench([ok()]);
  const body = new Response("hello").body!;
  await awsFetch(OBJECT, { method: "PUT", headers: { "content-length": "5" }, body, aws: { signBy: "query" } });
  const { init } = sent[0]!;
  assert.is(await new Response(init.body as ReadableStream).text(), "hello");
  assert.is(init.headers["content-encoding"], undefined);
  assert.is(init.headers["x-amz-content-sha256"], undefined);
});

test("createAwsFetch() has large bodies and chunks hashed by the platform, to the same signature", async () => {
  const large = "é".repeat(20_000);
  const digests: number[] = [];
  const digest = async (hash: string, data: Uint8Array<ArrayBuffer>) => {
    digests.push(data.length);
    return new Uint8Array(await crypto.subtle.digest(hash, data));
  };
  const importPrivateKey = () => Promise.reject(new Error("it is for SigV4a"));
  for (const url of ["https://dynamodb.eu-central-1.amazonaws.com/", OBJECT]) {
    const signatures: string[] = [];
    for (const given of [{ digest, importPrivateKey }, { importPrivateKey }]) {
      const { awsFetch, sent } = bench([ok()], {}, { crypto: given });
      await awsFetch(url, { method: "PUT", body: large });
      await awsFetch(url, { method: "PUT", body: "small" });
      signatures.push(sent[0]!.init.headers["x-amz-content-sha256"] ?? "");
    }
    if (url === OBJECT) assert.is(signatures[0], signatures[1]);
    else assert.is(signatures[0]!.length, 64);
  }
  assert.equal(digests, [40_000, 40_000]);
  const uploads: string[] = [];
  for (const given of [{ digest, importPrivateKey }, { importPrivateKey }]) {
    const { awsFetch } = bench(
      [async ({ init }) => {
        uploads.push(await new Response(init.body as ReadableStream).text());
        return ok();
      }],
      {},
      { crypto: given },
    );
    await awsFetch(OBJECT, {
      method: "PUT",
      headers: { "content-length": "100000" },
      body: new Response(new Uint8Array(100_000)).body,
    });
  }
  assert.is(uploads[0], uploads[1]);
  assert.equal(digests.slice(2), [65_536, 34_464]);
});

test("createAwsFetch() hashes large bodies of both kinds as services do", async () => {
  const text = "x\ud800€".repeat(10_000);
  for (const body of [text, new TextEncoder().encode(text)]) {
    const { awsFetch, sent } = bench([ok()]);
    await awsFetch("https://dynamodb.eu-central-1.amazonaws.com/", { method: "POST", body });
    await verify(sent[0]!, text.replaceAll("\ud800", "\ufffd"));
  }
});

test("createAwsFetch() gets the next credentials after the answer where there is a waitUntil", async () => {
  let asked = 0;
  const life = 3_600_000;
  const { awsFetch, clock, sent } = bench([ok()], {
    callers: "requests",
    credentials: async () => ({
      ...CREDENTIALS,
      sessionToken: `t${++asked}`,
      expiration: new Date(clock.time + life),
    }),
  });
  const works: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void works.push(work);
  await awsFetch(STS, { aws: { waitUntil } });
  clock.time += life - 200_000;
  await awsFetch(STS, { aws: { waitUntil } });
  assert.is(works.length, 1);
  await Promise.all(works);
  await awsFetch(STS);
  assert.equal(sent.map(({ init }) => init.headers["x-amz-security-token"]), ["t1", "t1", "t2"]);
  assert.is(asked, 2);
});

test.run();
