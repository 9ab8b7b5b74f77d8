// runtimes: node20 node deno bun workerd
import { endpointsBench } from "../../support/credential-endpoints.ts";
import { assert, suite } from "../../support/suite.ts";
import { SECRET, TOKEN } from "../../core/session/fake-service.ts";

const test = suite("runtimes/endpoints/credential-endpoints");

const TTL = "x-aws-ec2-metadata-token-ttl-seconds";
const CREDENTIALS = "/latest/meta-data/iam/security-credentials";
const TEXT = "text/plain; charset=utf-8";

/** Status, type and body, and the header of the token's life when there is one. */
function shown({ status, headers, body }: { status: number; headers: Readonly<Record<string, string>>; body: string }) {
  return [status, headers["content-type"], body, ...headers[TTL] === undefined ? [] : [headers[TTL]]];
}

test("PUT /latest/api/token answers a token for the time that is asked for, and says it again as it was said", async () => {
  const { ask } = endpointsBench();
  for (const path of ["/latest/api/token", "/latest/api/token/", "/latest/api/token/below/it"]) {
    const cases: readonly (readonly [given: string | undefined, life: string])[] = [
      [undefined, "21600"],
      ["1", "1"],
      ["21600", "21600"],
      ["+7", "+7"],
      ["007", "007"],
    ];
    for (const [given, life] of cases) {
      const answer = await ask("PUT", path, given === undefined ? {} : { [TTL]: given });
      assert.match(answer.body, /^[A-Za-z0-9+/]{100}$/);
      assert.equal(shown(answer), [200, TEXT, answer.body, life]);
      assert.is(answer.headers["cache-control"], "no-store");
    }
  }
});

test("PUT /latest/api/token refuses every other time", async () => {
  const { ask } = endpointsBench();
  for (const given of ["0", "-1", "21601", "1e3", "0x10", "1.5", "six", " 7", "99999999999999999999"]) {
    assert.equal(
      shown(await ask("PUT", "/latest/api/token", { [TTL]: given })),
      [400, TEXT, "invalid token TTL"],
      given,
    );
  }
});

test("every path refuses other methods, HEAD too, with an empty body", async () => {
  const { ask, token, authorized } = endpointsBench();
  const good = { ...await token(), ...authorized() };
  const cases: readonly (readonly [string, string, string])[] = [
    ["GET", "/latest/api/token", "PUT"],
    ["POST", "/latest/api/token/", "PUT"],
    ["HEAD", `${CREDENTIALS}/`, "GET"],
    ["PUT", CREDENTIALS, "GET"],
    ["POST", `${CREDENTIALS}/Example`, "GET"],
    ["DELETE", "/latest/meta-data/placement/region", "GET"],
    ["HEAD", "/v1/credentials", "GET"],
    ["POST", "/v1/credentials/Example", "GET"],
    ["POST", "/healthz", "GET"],
    ["OPTIONS", "/metrics", "GET"],
  ];
  for (const [method, path, allow] of cases) {
    const answer = await ask(method, path, good);
    assert.equal(shown(answer), [405, TEXT, ""], `${method} ${path}`);
    assert.is(answer.headers["allow"], allow);
  }
});

test("GET of the role list answers the first role's name, below which nothing else is", async () => {
  const { ask, token } = endpointsBench(["Example", "Second"]);
  const good = await token();
  for (const path of [CREDENTIALS, `${CREDENTIALS}/`, `${CREDENTIALS}-extended/`]) {
    assert.equal(shown(await ask("GET", path, good)), [200, TEXT, "Example", "21600"]);
  }
  assert.is((await ask("GET", `${CREDENTIALS}/Nobody`, good)).status, 404);
  assert.is((await ask("GET", `${CREDENTIALS}/Nobody/Example`, good)).status, 404);
});

test("GET of a role's credentials answers the original's members, with times in whole seconds", async () => {
  const { ask, token, clock } = endpointsBench(["Example", "Second"]);
  const good = await token();
  clock.time += 1500;
  const expected = (number: number) => ({
    AccessKeyId: `ASIA${number}`,
    SecretAccessKey: SECRET,
    Token: TOKEN,
    Code: "Success",
    Type: "AWS-HMAC",
    Expiration: "2026-06-01T13:00:01Z",
    LastUpdated: "2026-06-01T12:00:01Z",
  });
  const end = Date.UTC(2026, 5, 1, 13, 0, 1);
  for (const path of ["/Example", "/Example/", "/Example/below", "/Second"]) {
    const answer = await ask("GET", CREDENTIALS + path, good);
    assert.equal(shown(answer), [200, "application/json", `${JSON.stringify(expected(end))}\n`, "21598"], path);
  }
  const extended = await ask("GET", `${CREDENTIALS}-extended/Example`, good);
  assert.equal(JSON.parse(extended.body), { ...expected(end), AccountId: "123456789012" });
});

test("GET without a good token answers 401 on every path that is there", async () => {
  const { ask, token, clock } = endpointsBench();
  const good = await token();
  const short = { "x-aws-ec2-metadata-token": (await ask("PUT", "/latest/api/token", { [TTL]: "5" })).body };
  const paths = [
    `${CREDENTIALS}/`,
    `${CREDENTIALS}/Example`,
    `${CREDENTIALS}/Nobody`,
    "/latest/meta-data/placement/region",
  ];
  clock.time += 5000;
  for (const path of paths) {
    assert.equal(shown(await ask("GET", path)), [401, TEXT, "no token provided"]);
    for (const wrong of [short, { "x-aws-ec2-metadata-token": "A".repeat(100) }]) {
      assert.equal(shown(await ask("GET", path, wrong)), [401, TEXT, "invalid token provided"]);
    }
    assert.not.equal((await ask("GET", path, good)).status, 401);
  }
});

test("GET of what SDKs ask besides answers what is true here", async () => {
  const { ask, token } = endpointsBench(["Example"], { region: "cn-north-1", partition: "aws-cn" });
  const good = await token();
  const body = async (path: string) => (await ask("GET", path, good)).body;
  assert.is(await body("/latest/meta-data/placement/region"), "cn-north-1");
  // boto3 takes the last character off.
  assert.is(await body("/latest/meta-data/placement/availability-zone/"), "cn-north-1-");
  assert.is(await body("/latest/meta-data/services/partition"), "aws-cn");
  assert.is(await body("/latest/meta-data/services/domain"), "amazonaws.com.cn");
  assert.equal(JSON.parse(await body("/latest/dynamic/instance-identity/document")), {
    accountId: "123456789012",
    region: "cn-north-1",
    version: "2017-09-30",
  });
  for (
    const path of ["/latest/meta-data/instance-id", "/latest/meta-data/iam/info", "/latest/user-data", "/", "/latest"]
  ) {
    assert.equal(shown(await ask("GET", path, good)), [404, TEXT, "404 page not found\n"], path);
  }
});

test("GET of the container endpoint answers whoever has the token of its file", async () => {
  const { ask, authorized, clock } = endpointsBench(["Example", "a=b,c@d+e"]);
  const expected = {
    AccessKeyId: `ASIA${clock.time + 3_600_000}`,
    SecretAccessKey: SECRET,
    Token: TOKEN,
    Expiration: "2026-06-01T13:00:00Z",
    AccountId: "123456789012",
  };
  const paths = ["", "/", "?a=b", "/Example", "/Example/", "/a=b,c@d+e", "/a%3Db%2Cc%40d%2Be"];
  for (const path of paths) {
    const answer = await ask("GET", `/v1/credentials${path}`, authorized());
    assert.equal(shown(answer), [200, "application/json", `${JSON.stringify(expected)}\n`], path);
  }
  const code = async (path: string, headers: Readonly<Record<string, string>>) => {
    const { status, body } = await ask("GET", path, headers);
    return [status, JSON.parse(body).Code];
  };
  assert.equal(await code("/v1/credentials", {}), [401, "MissingAuthorizationToken"]);
  assert.equal(await code("/v1/credentials", { authorization: "wrong" }), [401, "InvalidAuthorizationToken"]);
  assert.equal(await code("/v1/credentials/Nobody", { authorization: "wrong" }), [401, "InvalidAuthorizationToken"]);
  assert.equal(await code("/v1/credentials/Nobody", authorized()), [404, "RoleNotFound"]);
  assert.is((await ask("GET", "/v1/credentialsX", authorized())).status, 404);
});

test("neither token is good for the other endpoint", async () => {
  const { ask, token, authorized } = endpointsBench();
  const metadata = await token();
  const swapped = { "x-aws-ec2-metadata-token": authorized()["authorization"]! };
  assert.is((await ask("GET", `${CREDENTIALS}/Example`, swapped)).status, 401);
  const other = { authorization: metadata["x-aws-ec2-metadata-token"]! };
  assert.is((await ask("GET", "/v1/credentials", other)).status, 401);
});

test("no token is found by trying ten thousand", async () => {
  const { handler, authorized } = endpointsBench();
  const good = authorized()["authorization"]!;
  for (let i = 0; i < 10_000; i++) {
    const guess = good.slice(0, 43 - 4) + i.toString(36).padStart(4, "_");
    const headers: Readonly<Record<string, string>> = { host: "localhost", authorization: guess };
    const metadata: Readonly<Record<string, string>> = {
      host: "localhost",
      "x-aws-ec2-metadata-token": `${guess}${i}`,
    };
    const container = handler({ method: "GET", target: "/v1/credentials", header: (name) => headers[name] });
    const imds = handler({ method: "GET", target: `${CREDENTIALS}/Example`, header: (name) => metadata[name] });
    for (const answer of [container, imds]) {
      assert.not(answer instanceof Promise);
      if (!(answer instanceof Promise)) assert.is(answer.status, guess === good ? 200 : 401);
    }
  }
});

test("a mode serves its own paths alone", async () => {
  const container = endpointsBench(["Example"], { mode: "container" });
  assert.is((await container.ask("PUT", "/latest/api/token")).status, 404);
  assert.is((await container.ask("GET", `${CREDENTIALS}/Example`)).status, 404);
  assert.is((await container.ask("GET", "/v1/credentials", container.authorized())).status, 200);
  const imds = endpointsBench(["Example"], { mode: "imds" });
  assert.is((await imds.ask("GET", "/v1/credentials", imds.authorized())).status, 404);
  assert.is((await imds.ask("GET", `${CREDENTIALS}/Example`, await imds.token())).status, 200);
});

test("the guard stands before every path, the token's and the pages' too", async () => {
  const { ask, authorized, calls } = endpointsBench();
  for (const headers of [{ host: "attacker.example" }, { origin: "http://attacker.example" }]) {
    for (
      const path of ["/latest/api/token", `${CREDENTIALS}/Example`, "/v1/credentials", "/healthz", "/metrics", "//x"]
    ) {
      assert.is((await ask("GET", path, { ...authorized(), ...headers })).status, 403);
    }
    assert.is((await ask("PUT", "/latest/api/token", headers)).status, 403);
  }
  const forwarded = await ask("PUT", "/latest/api/token", { "x-forwarded-for": "10.0.0.1" });
  const words = "unable to process requests with X-Forwarded-For header";
  assert.equal(shown(forwarded), [400, TEXT, words]);
  assert.equal(calls, []);
});

test("doubled slashes lead to the tidy path of this server", async () => {
  const { ask } = endpointsBench();
  const cases = [
    ["//latest//api/token", "/latest/api/token"],
    ["/latest///meta-data/?a=//b", "/latest/meta-data/?a=//b"],
    ["//attacker.example/x", "/attacker.example/x"],
  ] as const;
  for (const [target, location] of cases) {
    const { status, headers } = await ask("GET", target);
    assert.equal([status, headers["location"]], [301, location]);
  }
});

test("credentials that cannot be had are never an empty success", async () => {
  const bench = endpointsBench();
  bench.plan = "denied";
  for (
    const [path, headers] of [
      [`${CREDENTIALS}/Example`, await bench.token()],
      [`${CREDENTIALS}-extended/Example`, await bench.token()],
      ["/v1/credentials", bench.authorized()],
    ] as const
  ) {
    const { status, body, headers: fields } = await bench.ask("GET", path, headers);
    assert.is(status, 503);
    assert.is(fields["content-type"], "application/json");
    assert.equal(Object.keys(JSON.parse(body)), ["Code", "Message"]);
    assert.is(JSON.parse(body).Code, "AccessDeniedException");
  }
  assert.is(bench.calls.length, 1, "the others were told of the failure without a call");
});

test("/healthz and /metrics say how it is without a token, and no secret", async () => {
  const bench = endpointsBench(["Example", "Second"]);
  const { ask, roles, clock, authorized, token } = bench;
  assert.equal(shown(await ask("GET", "/healthz")), [503, TEXT, "no valid credentials: Example, Second\n"]);
  for (const role of roles) await clock.run(role.look());
  assert.equal(shown(await ask("GET", "/healthz")), [200, TEXT, "ok\n"]);
  const good = { ...await token(), ...authorized() };
  for (let i = 0; i < 300; i++) {
    await ask("GET", `/nothing/${i}`, good);
    await ask(`METHOD${i}`, `/v1/credentials/${i}`, good);
  }
  await ask("GET", "/v1/credentials", good);
  const { status, headers, body } = await ask("GET", "/metrics");
  assert.is(status, 200);
  assert.is(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  const lines = body.split("\n");
  for (
    const line of [
      'anyrole_requests_total{route="other",status="404"} 300',
      'anyrole_requests_total{route="container",status="405"} 300',
      'anyrole_requests_total{route="container",status="200"} 1',
      'anyrole_sessions_total{role="Example"} 1',
      'anyrole_session_failures_total{role="Second"} 0',
      'anyrole_credentials_expiration_timestamp_seconds{role="Second"} 1780318800',
      "anyrole_metadata_tokens 1",
      "anyrole_metadata_tokens_evicted_total 0",
    ]
  ) assert.ok(lines.includes(line), line);
  assert.ok(lines.length < 50, "the number of figures does not grow with what is asked");
  for (const secret of [SECRET, TOKEN, ...Object.values(good), "ASIA"]) assert.not.match(body, secret);
});

test.run();
