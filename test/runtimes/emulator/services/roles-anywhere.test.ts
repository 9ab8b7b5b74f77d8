// runtimes: node20 node deno bun workerd
import * as fc from "fast-check";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import type { Member } from "../../../../runtimes/emulator/members/member.ts";
import type { RestOperation } from "../../../../runtimes/emulator/protocols/rest-operation.ts";
import { CONTROL_PLANE } from "../../../../runtimes/emulator/services/roles-anywhere.ts";
import { type Answered, bundle, caPem, type ControlPlane, controlPlane } from "../../../support/control-plane.ts";
import { assert, assertNone, suite } from "../../../support/suite.ts";
import { PROFILE_ARN, TRUST_ANCHOR_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/services/roles-anywhere");

const ID = TRUST_ANCHOR_ARN.slice(-36);

/** Values of every JSON type. */
const VALUES: readonly unknown[] = [true, 7, 1.5, -1e300, "text", "", [], [[]], [null], {}, { key: null }, "\ud800"];

/** Which of the JSON types a member takes. */
const TYPES: Readonly<Record<Member<unknown>["type"], (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  blob: (value) => typeof value === "string",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  list: Array.isArray,
  structure: (value) => typeof value === "object" && !Array.isArray(value),
};

/** Members of the body. */
function bodyMembers({ input, path, query = [] }: RestOperation<object>): [string, Member<unknown>][] {
  return Object.entries(input.members!).filter(([name]) => !path.includes(`{${name}}`) && !query.includes(name));
}

const WITH_BODY = CONTROL_PLANE.filter((operation) => bodyMembers(operation).length > 0);
const WITHOUT_BODY = CONTROL_PLANE.filter((operation) => bodyMembers(operation).length === 0);

function target({ path }: RestOperation<object>): string {
  return path.replace(/\{\w+\}/, ID);
}

/** The emulator with a trust anchor and a profile that have the identifier of every path. */
async function withResources(): Promise<ControlPlane> {
  const arn = (text: string): string => text.replace(/[^/]+$/, ID);
  return controlPlane({
    trustAnchors: [{ arn: arn(TRUST_ANCHOR_ARN), certificates: await caPem("Root") }],
    profiles: [{ arn: arn(PROFILE_ARN), roleArns: [] }],
  });
}

function assertRefused(answer: Answered, code: string, status: number, what: string): void {
  assert.equal([answer.status, answer.code], [status, code], `${what}: ${answer.message}`);
  assert.ok(answer.message.length > 0);
  assert.not.match(answer.message, /\bat \S+ \(|\.ts:|TypeError|undefined/);
}

test("ROLES_ANYWHERE refuses a body that is no JSON object", async () => {
  const client = await withResources();
  const bodies: readonly (readonly [string, Uint8Array])[] = [
    ["it is not JSON", encodeUtf8("{")],
    ["it is not JSON", encodeUtf8('{"name": "a",}')],
    ["it is not JSON", encodeUtf8("name=a")],
    ["it is not JSON", encodeUtf8("[".repeat(100_000))],
    ["it is not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["it is not a JSON object", encodeUtf8("[]")],
    ["it is not a JSON object", encodeUtf8("null")],
    ["it is not a JSON object", encodeUtf8('"text"')],
    ["it is not a JSON object", encodeUtf8("7")],
  ];
  for (const operation of WITH_BODY) {
    for (const [state, body] of bodies) {
      const answer = await client.call(operation.method, target(operation), { body });
      assertRefused(answer, "ValidationException", 400, operation.name);
      assert.is(answer.message, `Cannot parse the request body: ${state}`);
    }
  }
  assert.equal(client.errors, []);
});

test("ROLES_ANYWHERE takes JSON under its names alone, and a body without a type", async () => {
  const client = await withResources();
  for (const operation of WITH_BODY) {
    for (
      const contentType of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/x", "x"]
    ) {
      const answer = await client.call(operation.method, target(operation), { body: {}, contentType });
      assertRefused(answer, "UnsupportedMediaTypeException", 415, operation.name);
    }
  }
  for (
    const contentType of [null, "application/json; charset=UTF-8", "Application/JSON", "application/x-amz-json-1.1"]
  ) {
    assert.is((await client.call("PATCH", `/profile/${ID}`, { body: { name: "n" }, contentType })).status, 200);
  }
  assert.is((await client.call("PATCH", `/profile/${ID}`, { contentType: "text/plain" })).status, 200);
});

test("ROLES_ANYWHERE says of every member when its type is wrong", async () => {
  const client = await withResources();
  const faults: string[] = [];
  for (const operation of WITH_BODY) {
    for (const [name, member] of bodyMembers(operation)) {
      await tryMember(operation, member, name, (value) => ({ [name]: value }));
    }
  }
  assertNone(faults);
  assert.equal(client.errors, []);

  async function tryMember(
    operation: RestOperation<object>,
    member: Member<unknown>,
    path: string,
    wrap: (value: unknown) => object,
  ): Promise<void> {
    for (const value of VALUES.filter((one) => !TYPES[member.type](one))) {
      const answer = await client.call(operation.method, target(operation), { body: wrap(value) });
      const told = answer.message.includes(`at '${path}' failed to satisfy constraint: Member must be`);
      const hidden = member.sensitive !== true || answer.message.includes(`Value at '${path}'`);
      if (answer.code !== "ValidationException" || !told || !hidden) {
        faults.push(`${operation.name} ${path} ${JSON.stringify(value)}: ${answer.status} ${answer.message}`);
      }
    }
    const { element, members = {} } = member;
    if (element !== undefined) await tryMember(operation, element, `${path}.1.member`, (value) => wrap([value]));
    for (const [name, one] of Object.entries(members)) {
      await tryMember(operation, one, `${path}.${name}`, (value) => wrap({ [name]: value }));
    }
  }
});

test("ROLES_ANYWHERE answers any JSON object with a result or a refusal", async () => {
  const client = await withResources();
  const names = [...new Set(WITH_BODY.flatMap((operation) => bodyMembers(operation).map(([name]) => name)))];
  const bodies = fc.dictionary(fc.constantFrom(...names, "__proto__", "constructor", "other"), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...WITH_BODY), bodies, async (operation, body) => {
      const answer = await client.call(operation.method, target(operation), { body });
      assert.ok(answer.status < 500 && (answer.status < 300 || answer.code !== null), answer.message);
    }),
    { numRuns: 200 },
  );
  assert.equal(client.errors, []);
});

test("ROLES_ANYWHERE ignores the prototype of the body and members that it does not know", async () => {
  const client = await withResources();
  const body = encodeUtf8('{"__proto__": {"name": "evil", "durationSeconds": 1}, "toString": 1, "profileId": "x"}');
  const { profile } = (await client.call("PATCH", `/profile/${ID}`, { body })).body;
  assert.equal([profile.profileId, profile.name, profile.durationSeconds], [ID, ID, 3600]);
});

test("ROLES_ANYWHERE does not look at the body of operations that have none", async () => {
  for (const operation of WITHOUT_BODY) {
    // A request of GET has no body at all.
    if (operation.method === "GET") continue;
    const query = operation.query === undefined ? "" : "?certificateField=x509SAN";
    const outcomes: (string | null | number)[][] = [];
    for (const body of [undefined, encodeUtf8("{"), new Uint8Array([0xff])]) {
      const { call } = await withResources();
      const { status, code } = await call(operation.method, target(operation) + query, {
        ...(body === undefined ? {} : { body }),
        contentType: "text/plain",
      });
      outcomes.push([status, code]);
    }
    assert.equal(outcomes[1], outcomes[0], operation.name);
    assert.equal(outcomes[2], outcomes[0], operation.name);
    assert.ok([200, 404].includes(outcomes[0]![0] as number), operation.name);
  }
});

test("ROLES_ANYWHERE refuses bodies above one mebibyte and headers above 128 KiB", async () => {
  const client = await withResources();
  for (const operation of WITH_BODY) {
    const answer = await client.call(operation.method, target(operation), { body: new Uint8Array(1_048_577) });
    assertRefused(answer, "RequestEntityTooLargeException", 413, operation.name);
  }
  const body = { name: "p", roleArns: [], sessionPolicy: "x".repeat(1_048_000) };
  assertRefused(await client.call("POST", "/profiles", { body }), "ValidationException", 400, "CreateProfile");
  const request = new Request("http://127.0.0.1:8080/profiles", { headers: { "x-large": "x".repeat(131_072) } });
  const large = await client.emulator.fetch(request);
  assert.equal([large.status, large.headers.get("x-amzn-ErrorType")], [431, "RequestHeaderFieldsTooLargeException"]);
});

test("ROLES_ANYWHERE knows no other paths and methods", async () => {
  const client = await withResources();
  const unknown: [string, string][] = [];
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  for (const path of new Set(CONTROL_PLANE.map(target))) {
    const known = CONTROL_PLANE.filter((operation) => target(operation) === path).map(({ method }) => method);
    for (const method of methods) if (!known.includes(method)) unknown.push([method, path]);
  }
  for (const { method, path } of CONTROL_PLANE) {
    const filled = path.replace(/\{\w+\}/, ID);
    unknown.push([method, `${filled}/`], [method, `/${filled}`], [
      method,
      filled.toUpperCase(),
    ]);
    if (path.includes("{")) unknown.push([method, path.replace(/\{\w+\}/, "")]);
  }
  for (const path of ["/", "/_other", "/trust%61nchors", "/profile", "/profile//", "/sessions/", "/a/b/c/d/e/f"]) {
    unknown.push(["GET", path], ["POST", path]);
  }
  for (const [method, path] of unknown) {
    // A POST to the root is a form of the query protocol, unless its signature names another service.
    const answer = await client.call(method, path);
    assert.equal([answer.status, answer.code], [404, "UnknownOperationException"], `${method} ${path}`);
    assert.ok(method === "HEAD" || answer.message === `Unknown operation: ${method} ${path}`, answer.message);
  }
  assert.equal(client.errors, []);
});

test("ROLES_ANYWHERE finds malformed escapes in paths and queries", async () => {
  const client = controlPlane({ authentication: "permissive" });
  for (
    const path of [
      "/profile/%",
      "/profile/%zz",
      "/profile/%ff",
      "/profiles?pageSize=%",
      "/profiles?%zz=1",
      "/crls?a=%ff",
    ]
  ) {
    const answer = await client.call("GET", path, { as: null });
    assertRefused(answer, "ValidationException", 400, path);
  }
  assert.is((await client.call("GET", "/profiles?pageSize=1&pageSize=2&&=&x", { as: null })).status, 200);
  const strict = controlPlane();
  for (const path of ["/profile/%zz", "/profiles?pageSize=%", "/profiles?%ff"]) {
    const answer = await strict.call("GET", path, { as: null });
    assert.is(answer.status, 403, path);
    const headers = { authorization: FORGED, "x-amz-date": "20260601T120000Z" };
    const forged = await strict.emulator.fetch(new Request(`http://127.0.0.1:8080${path}`, { headers }));
    assert.ok(forged.status === 400 || forged.status === 403, `${path}: ${forged.status} ${await forged.text()}`);
  }
  assert.equal([client.errors, strict.errors], [[], []]);
});

test("ROLES_ANYWHERE asks for a signature by a key that is known", async () => {
  const client = controlPlane();
  const body = { name: "a", source: bundle(await caPem("Root")) };
  const nobody = await client.call("POST", "/trustanchors", { body, as: null });
  assert.equal([nobody.status, nobody.code], [403, "MissingAuthenticationTokenException"]);
  const unknown = { accessKeyId: "AKIAUNKNOWNUNKNOWN00", secretAccessKey: "x" };
  const other = await client.call("POST", "/trustanchors", { body, as: unknown });
  assert.equal([other.status, other.code], [403, "UnrecognizedClientException"]);
  assert.equal((await client.call("GET", "/trustanchors")).body, { trustAnchors: [] });
  const permissive = controlPlane({ authentication: "permissive" });
  assert.is((await permissive.call("POST", "/trustanchors", { body, as: null })).status, 201);
});

const FORGED = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260601/us-east-1/rolesanywhere/aws4_request, " +
  `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;

test.run();
