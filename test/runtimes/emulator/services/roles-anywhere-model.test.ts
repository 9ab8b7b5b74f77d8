// runtimes: node20 node deno bun
/**
 * The control plane against the machine-readable API model, and against requests that a real client sent. Neither is
 * part of the project; a checkout without them skips these tests.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import type { ConstraintViolation } from "../../../../core/decision/constraint-violation.ts";
import type { Member } from "../../../../runtimes/emulator/members/member.ts";
import type { RestOperation } from "../../../../runtimes/emulator/protocols/rest-operation.ts";
import { CONTROL_PLANE } from "../../../../runtimes/emulator/services/roles-anywhere.ts";
import { repositoryRoot } from "../../../support/capabilities.ts";
import { blob, bundle, caPem, type ControlPlane, controlPlane, emptyList } from "../../../support/control-plane.ts";
import { assert, assertNone, skip, suite } from "../../../support/suite.ts";
import {
  CLIENT_EXTENSIONS,
  commonName,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  testCertificate,
  testKey,
  TRUST_ANCHOR_ARN,
} from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/services/roles-anywhere (model)");

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, MemberRef>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly sensitive?: boolean;
}

interface MemberRef {
  readonly shape: string;
  readonly location?: string;
}

interface ModelOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input: { readonly shape: string };
  readonly output: { readonly shape: string };
}

interface Model {
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Captured {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly contentType: string | null;
  readonly body: string;
}

function read<T>(name: string): T {
  const file = `${repositoryRoot()}/../shared/spec/data/${name}`;
  if (!existsSync(file)) skip(`../shared/spec/data/${name} is not there`);
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

const model = (): Model => read<Model>("rolesanywhere-service-2.json");

test("CONTROL_PLANE has the operations of the model, where the model has them", () => {
  const { operations, shapes } = model();
  assert.equal(CONTROL_PLANE.map(({ name }) => name).sort(), Object.keys(operations).sort());
  for (const { name, method, path, status, query = [] } of CONTROL_PLANE) {
    const { http, input } = operations[name]!;
    assert.equal([method, path, status], [http.method, http.requestUri, http.responseCode ?? 200], name);
    const members = Object.entries(shapes[input.shape]!.members!);
    assert.equal(
      [...query].sort(),
      members.filter(([, { location }]) => location === "querystring").map(([member]) => member).sort(),
      name,
    );
  }
});

/** Limits that are the model's: each is proven by a value beside it. */
test("CONTROL_PLANE limits its input as the model does", () => {
  const { operations, shapes } = model();
  const faults: string[] = [];
  for (const { name, input } of CONTROL_PLANE) faults.push(...compare(input, operations[name]!.input.shape, name));
  assertNone(faults);

  function compare(member: Member<unknown>, shapeName: string, where: string): string[] {
    const shape = shapes[shapeName]!;
    if (member.type !== shape.type) return [`${where}: the type is ${member.type}, not ${shape.type}`];
    const found: string[] = [];
    const demands = (value: unknown, constraint: string): void => {
      const violations: ConstraintViolation[] = [];
      member.read(value, "m", violations);
      if (!violations.some((one) => one.constraint === constraint)) {
        found.push(`${where}: ${JSON.stringify(value).slice(0, 40)} does not break "${constraint}"`);
      }
      if (shape.sensitive === true && violations.some((one) => one.sensitive !== true)) found.push(`${where}: shown`);
    };
    const { min, max } = shape;
    if (shape.type === "structure") {
      const names = Object.keys(shape.members!).sort();
      if (names.join() !== Object.keys(member.members!).sort().join()) return [`${where}: members ${names.join()}`];
      const violations: ConstraintViolation[] = [];
      member.read({}, "", violations);
      const required = violations.map((one) => one.member).sort().join();
      if (required !== [...shape.required ?? []].sort().join()) found.push(`${where}: required are ${required}`);
      for (const one of names) {
        found.push(...compare(member.members![one]!, shape.members![one]!.shape, `${where}.${one}`));
      }
    } else if (shape.type === "list") {
      if (max !== undefined) demands(Array(max + 1).fill("a"), `Member must have length less than or equal to ${max}`);
      found.push(...compare(member.element!, shape.member!.shape, `${where}[]`));
    } else if (shape.type === "integer") {
      if (min !== undefined) demands(min - 1, `Member must have value greater than or equal to ${min}`);
      if (max !== undefined) demands(max + 1, `Member must have value less than or equal to ${max}`);
    } else if (shape.type === "blob") {
      demands(blob(new Uint8Array(max! + 1)), `Member must have length less than or equal to ${max}`);
      demands("", `Member must have length greater than or equal to ${min}`);
    } else if (shape.type === "string") {
      if (min !== undefined && min > 0) {
        demands("a".repeat(min - 1), `Member must have length greater than or equal to ${min}`);
      }
      if (max !== undefined) demands("a".repeat(max + 1), `Member must have length less than or equal to ${max}`);
      if (shape.pattern !== undefined) demands("#", `Member must satisfy regular expression pattern: ${shape.pattern}`);
      if (shape.enum !== undefined) demands("#", `Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
    }
    return found;
  }
});

/** Checks a value against a shape of the model: members, types, limits. */
function checkShape(shapes: Model["shapes"], name: string, value: unknown, where: string): string[] {
  const shape = shapes[name]!;
  const fault = (state: string): string[] => [`${where}: ${state}`];
  switch (shape.type) {
    case "structure": {
      if (typeof value !== "object" || value === null) return fault("is no structure");
      const unknown = Object.keys(value).filter((member) => !Object.hasOwn(shape.members!, member));
      const missing = (shape.required ?? []).filter((member) => !Object.hasOwn(value, member));
      return [
        ...unknown.map((member) => `${where}: has ${member}`),
        ...missing.map((member) => `${where}: lacks ${member}`),
        ...Object.entries(value).filter(([member]) => !unknown.includes(member))
          .flatMap(([member, one]) => checkShape(shapes, shape.members![member]!.shape, one, `${where}.${member}`)),
      ];
    }
    case "list":
      return Array.isArray(value)
        ? value.flatMap((one, index) => checkShape(shapes, shape.member!.shape, one, `${where}[${index}]`))
        : fault("is no list");
    case "boolean":
      return typeof value === "boolean" ? [] : fault("is no boolean");
    case "string":
      if (typeof value !== "string") return fault("is no string");
      if (shape.enum !== undefined && !shape.enum.includes(value)) return fault(`is ${value}`);
      return value.length < (shape.min ?? 0) ? fault("is too short") : [];
    case "integer":
      return Number.isInteger(value) ? [] : fault("is no integer");
    case "timestamp":
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(value))
        ? []
        : fault("is no time with microseconds");
    case "blob":
      return /^[A-Za-z0-9+/]+=*$/.test(String(value)) ? [] : fault("is not base64");
    default:
      return fault(`has a type that this test does not know: ${shape.type}`);
  }
}

/** Resources to call operations on; the identifiers of the captured requests are put in place of them. */
async function resources(client: ControlPlane): Promise<Readonly<Record<string, string>>> {
  const source = bundle(await caPem("Root"));
  const anchor = await client.done("POST", "/trustanchors", { name: "ta", source });
  const profile = await client.done("POST", "/profiles", { name: "p", roleArns: [ROLE_ARN] });
  const crlData = blob(await emptyList("Root"));
  const crl = await client.done("POST", "/crls", { name: "c", crlData, trustAnchorArn: anchor.trustAnchorArn });
  return { trustanchor: anchor.trustAnchorId, profile: profile.profileId, crl: crl.crlId };
}

test("ROLES_ANYWHERE answers every operation in the model's shape", async () => {
  const { operations, shapes } = model();
  const client = controlPlane();
  const ids = await resources(client);
  const faults: string[] = [];
  const called = new Set<string>();
  const call = async (name: string, target: Readonly<Record<string, string>>, query: string, body?: unknown) => {
    const { method, path, status } = CONTROL_PLANE.find((one) => one.name === name)!;
    const filled = path.replace(/\{(\w+)\}/g, (_, member: string) => target[member]!);
    const answer = await client.call(method, filled + query, body === undefined ? {} : { body });
    if (answer.status !== status) faults.push(`${name}: ${answer.status} ${answer.message}`);
    else faults.push(...checkShape(shapes, operations[name]!.output.shape, answer.body, name));
    called.add(name);
  };
  const trustAnchorId = ids["trustanchor"]!;
  const profileId = ids["profile"]!;
  const crlId = ids["crl"]!;
  const source = bundle(await caPem("Root"));
  const crlData = blob(await emptyList("Root"));
  const trustAnchorArn = TRUST_ANCHOR_ARN.replace(/[^/]+$/, trustAnchorId);
  const event = "CA_CERTIFICATE_EXPIRY";
  const tags = [{ key: "a", value: "b" }];
  await call("CreateTrustAnchor", {}, "", { name: "a", source, tags });
  await call("UpdateTrustAnchor", { trustAnchorId }, "", { name: "b", source });
  for (const verb of ["Enable", "Disable", "Get"]) await call(`${verb}TrustAnchor`, { trustAnchorId }, "");
  await call("ListTrustAnchors", {}, "?pageSize=1");
  const notificationSettings = [{ event, enabled: true, threshold: 1 }];
  await call("PutNotificationSettings", {}, "", { trustAnchorId, notificationSettings });
  await call("ResetNotificationSettings", {}, "", { trustAnchorId, notificationSettingKeys: [{ event }] });
  await call("CreateProfile", {}, "", {
    name: "p",
    roleArns: [ROLE_ARN],
    managedPolicyArns: ["arn:aws:iam::aws:policy/X"],
  });
  await call("UpdateProfile", { profileId }, "", { durationSeconds: 900 });
  for (const verb of ["Enable", "Disable", "Get"]) await call(`${verb}Profile`, { profileId }, "");
  await call("ListProfiles", {}, "?pageSize=1");
  const mappingRules = [{ specifier: "CN" }];
  await call("PutAttributeMapping", { profileId }, "", { certificateField: "x509Subject", mappingRules });
  await call("DeleteAttributeMapping", { profileId }, "?certificateField=x509Subject&specifiers=CN");
  await call("ImportCrl", {}, "", { name: "c", crlData, trustAnchorArn });
  await call("UpdateCrl", { crlId }, "", { crlData });
  for (const verb of ["Enable", "Disable", "Get"]) await call(`${verb}Crl`, { crlId }, "");
  await call("ListCrls", {}, "?pageSize=1");
  await call("TagResource", {}, "", { resourceArn: trustAnchorArn, tags });
  await call("ListTagsForResource", {}, `?resourceArn=${encodeURIComponent(trustAnchorArn)}`);
  await call("UntagResource", {}, "", { resourceArn: trustAnchorArn, tagKeys: ["a"] });
  await call("ListSubjects", {}, "");
  await call("DeleteCrl", { crlId }, "");
  await call("DeleteProfile", { profileId }, "");
  await call("DeleteTrustAnchor", { trustAnchorId }, "");
  assertNone(faults);
  // Subjects are made by sessions.
  const uncalled = Object.keys(operations).filter((name) => !called.has(name));
  assert.equal(uncalled, ["GetSubject"]);
});

test("GET_SUBJECT and LIST_SUBJECTS answer who began a session, in the model's shape", async () => {
  const { operations, shapes } = model();
  const certificate = await testCertificate({
    subject: commonName("edge-7"),
    issuer: commonName("Root"),
    publicKey: (await testKey("edge-7")).publicKey,
    signer: await testKey("Root"),
    extensions: CLIENT_EXTENSIONS,
  });
  const client = controlPlane({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: await caPem("Root") }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN }],
  });
  const { method, path, headers, body } = await signedSessionRequest({ certificate, signer: await testKey("edge-7") });
  const url = `http://127.0.0.1:8080${path}`;
  const sent = new Request(url, { method, headers: headers.map(([name, value]) => [name, value]), body });
  const response = await client.emulator.fetch(sent);
  assert.is(response.status, 201, String((client.errors[0] as Error | undefined)?.stack));
  const { subjectArn } = await response.json() as { subjectArn: string };
  const one = await client.call("GET", `/subject/${subjectArn.slice(-36)}`);
  assert.is(one.body.subject.subjectArn, subjectArn);
  const all = await client.call("GET", "/subjects");
  assert.is(all.body.subjects.length, 1);
  assertNone([
    ...checkShape(shapes, operations["GetSubject"]!.output.shape, one.body, "GetSubject"),
    ...checkShape(shapes, operations["ListSubjects"]!.output.shape, all.body, "ListSubjects"),
  ]);
});

/** Captured requests that the service cannot grant: their PEM, list, token or policy is a placeholder. */
const REFUSED: Readonly<Record<string, readonly [status: number, message: string]>> = {
  create_trust_anchor: [400, "Cannot read certificates: the input is neither PEM nor DER"],
  update_trust_anchor: [400, "there is no such private CA"],
  create_profile: [400, "Invalid session policy"],
  import_crl: [400, "Cannot read crlData"],
  update_crl: [400, "Cannot read crlData"],
  get_subject: [404, "Specified Subject wasn't found."],
};

for (const authentication of ["permissive", "strict"] as const) {
  test(`ROLES_ANYWHERE takes every request that boto3 sends, ${authentication}`, async () => {
    const capture = read<readonly Captured[]>("botocore-wire-capture.json");
    assert.is(capture.length, 31);
    const seen = new Set<string>();
    for (const { operation, method, path, contentType, body } of capture) {
      // Each in an emulator of its own: deletions would be in the way.
      const client = controlPlane({ authentication });
      const ids = await resources(client);
      const placeholder = "11111111-2222-3333-4444-555555555555";
      const kind = /^\/(trustanchor|profile|crl)s?\//.exec(path)?.[1] ?? "trustanchor";
      const put = (text: string): string => text.replaceAll(placeholder, ids[kind]!);
      const sent = {
        ...(body === "" ? {} : { body: new TextEncoder().encode(put(body)) }),
        contentType,
        ...(authentication === "permissive" ? { as: null } : {}),
      };
      const answer = await client.call(method, put(path), sent);
      const refused = operation === "list_trust_anchors" ? [400, "Invalid nextToken"] as const : REFUSED[operation];
      const expected = refused?.[0] ?? (operation === "tag_resource" ? 201 : 200);
      assert.is(answer.status, expected, `${operation}: ${answer.code} ${answer.message}`);
      if (refused !== undefined) assert.match(answer.message, refused[1]);
      assert.equal(client.errors, []);
      seen.add(operation);
    }
    assert.is(seen.size, 30);
  });

  test(`ROLES_ANYWHERE grants what boto3 asks for once its placeholders are real, ${authentication}`, async () => {
    const capture = read<readonly Captured[]>("botocore-wire-capture.json");
    const client = controlPlane({ authentication });
    const pem = await caPem("Root");
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "*", Resource: "*" },
    });
    const crlData = blob(await emptyList("Root"));
    for (
      const [operation, change] of [
        ["create_trust_anchor", { source: bundle(pem) }],
        ["create_profile", { sessionPolicy: policy }],
      ] as const
    ) {
      const { method, path, body } = capture.find((one) => one.operation === operation)!;
      const answer = await client.call(method, path, { body: { ...JSON.parse(body), ...change } });
      assert.is(answer.status, 201, answer.message);
      if (operation === "create_profile") continue;
      const list = capture.find((one) => one.operation === "import_crl")!;
      const { trustAnchorArn } = answer.body.trustAnchor;
      const imported = await client.call(list.method, list.path, {
        body: { ...JSON.parse(list.body), crlData, trustAnchorArn },
      });
      assert.is(imported.status, 201, imported.message);
    }
  });
}

test("ROLES_ANYWHERE pages the lists that the model pages", () => {
  const { pagination } = read<{ pagination: Record<string, Record<string, string>> }>(
    "rolesanywhere-paginators-1.json",
  );
  const paged = CONTROL_PLANE.filter(({ query = [] }: RestOperation<object>) => query.includes("nextToken"));
  assert.equal(paged.map(({ name }) => name).sort(), Object.keys(pagination).sort());
});

test.run();
