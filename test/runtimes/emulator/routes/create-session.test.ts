// runtimes: node20 node deno bun workerd
import { decodeBase64, encodeBase64 } from "../../../../core/bytes/base64.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../../../runtimes/emulator/mod.ts";
import type { Change } from "../../../../runtimes/emulator/store/emulator-store.ts";
import type { SubjectRecord } from "../../../../runtimes/emulator/store/records.ts";
import { assert, assertNone, assertThrows, suite } from "../../../support/suite.ts";
import { commonName, PROFILE_ARN, ROLE_ARN, testKey, testRandom } from "../../../support/test-authority.ts";
import { makeDenials } from "../../../core/decision/denials.ts";
import { importedPem, revocationList } from "../../../core/decision/revocation-fixtures.ts";
import {
  client,
  type Scene,
  type SessionSetup,
  sessionSetup,
  trustStatement,
} from "../../../core/decision/session-setup.ts";

const test = suite("runtimes/emulator/routes/create-session");

const crypto = portableProvider({ random: testRandom("create-session") });
const CREATED = "2026-05-01T00:00:00.000000Z";

/** The tables of an emulator that knows what the set-up says. */
function tablesOf({ trustAnchor, crls, profile, managedPolicies, role }: SessionSetup): readonly Change[] {
  const common = { name: "test", createdAt: CREATED, updatedAt: CREATED };
  const idOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
  const { sessionPolicy, ...rest } = profile;
  return [
    {
      table: "trustAnchors",
      key: trustAnchor.arn,
      record: {
        ...common,
        arn: trustAnchor.arn,
        id: idOf(trustAnchor.arn),
        enabled: trustAnchor.enabled,
        sourceType: "CERTIFICATE_BUNDLE",
        certificatesPem: trustAnchor.certificates,
        notificationSettings: [],
      },
    },
    ...crls.map(({ trustAnchorArn, enabled, data }, i): Change => {
      const id = `00000000-0000-4000-8000-00000000000${i}`;
      const arn = `arn:aws:rolesanywhere:us-east-1:123456789012:crl/${id}`;
      return { table: "crls", key: arn, record: { ...common, arn, id, enabled, crlData: data, trustAnchorArn } };
    }),
    {
      table: "profiles",
      key: profile.arn,
      record: {
        ...common,
        ...rest,
        ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
        id: idOf(profile.arn),
        requireInstanceProperties: false,
        createdBy: "123456789012",
      },
    },
    ...Object.entries(managedPolicies).map(([arn, document]): Change => ({
      table: "managedPolicies",
      key: arn,
      record: { arn, id: "ANPAEXAMPLEEXAMPLE123", name: "test", path: "/", document, createdAt: CREATED },
    })),
    {
      table: "roles",
      key: role.arn,
      record: {
        arn: role.arn,
        id: "AROAEXAMPLEEXAMPLE123",
        name: "ExampleRole",
        path: "/path/",
        maxSessionDurationSeconds: role.maxSessionDurationSeconds,
        assumeRolePolicyDocument: role.trustPolicy,
        policies: {},
        attachedPolicyArns: [],
        createdAt: CREATED,
      },
    },
  ];
}

/** An emulator of a set-up, and what it commits. */
function emulate(
  setup: SessionSetup,
  more: Partial<EmulatorOptions> = {},
): { readonly emulator: Emulator; readonly committed: Change[] } {
  const committed: Change[] = [];
  const log = { append: (changes: readonly Change[]) => Promise.resolve(void committed.push(...changes)) };
  const emulator = createEmulator({
    state: { kept: tablesOf(setup), log },
    preset: setup.preset,
    rates: {},
    now: () => setup.nowMs,
    crypto,
    ...more,
  });
  return { emulator, committed };
}

function postOf({ request }: SessionSetup): Request {
  const query = request.query === "" ? "" : `?${request.query}`;
  return new Request(`http://127.0.0.1:8080/sessions${query}`, {
    method: "POST",
    headers: new Headers(request.headers.map(([name, value]) => [name, value] as [string, string])),
    body: request.body,
  });
}

/** The subject as it was committed last. */
function subjectOf(committed: readonly Change[]): SubjectRecord | undefined {
  return committed.flatMap((change) => change.table === "subjects" && change.record ? [change.record] : []).at(-1);
}

const INLINE = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
});

test("CREATE_SESSION refuses every denial of the table as decideSession() does", async () => {
  const wrong: string[] = [];
  for (const { name, setup, check, status, code, message } of await makeDenials()) {
    const { emulator } = emulate(setup);
    const response = await emulator.fetch(postOf(setup));
    const body = await response.json() as { readonly __type?: string; readonly message?: string };
    const failed = emulator.decisions()[0]?.trace.find(({ outcome }) => outcome === "fail")?.check;
    const answer = [failed, response.status, response.headers.get("x-amzn-ErrorType"), body.__type, body.message];
    const wanted = [check, status, code, code, message];
    if (JSON.stringify(answer) !== JSON.stringify(wanted)) wrong.push(`${name}: ${JSON.stringify(answer)}`);
  }
  assertNone(wrong);
});

test("CREATE_SESSION allows the set-up that every denial changes", async () => {
  for (const preset of ["lenient", "documented", "paranoid"] as const) {
    const setup = await sessionSetup({ preset });
    assert.is((await emulate(setup).emulator.fetch(postOf(setup))).status, 201, preset);
  }
});

test("CREATE_SESSION remembers the subject before it answers", async () => {
  const setup = await sessionSetup({ parameters: { instanceProperties: { host: "edge-7", rack: "4" } } });
  const { emulator, committed } = emulate(setup);
  const response = await emulator.fetch(postOf(setup));
  const { subjectArn } = await response.json() as { readonly subjectArn: string };
  const seenAt = "2026-06-01T12:00:00.000000Z";
  assert.equal(subjectOf(committed), {
    arn: subjectArn,
    id: subjectArn.slice(subjectArn.lastIndexOf("/") + 1),
    x509Subject: "CN=edge-7",
    createdAt: seenAt,
    updatedAt: seenAt,
    lastSeenAt: seenAt,
    credentials: [{
      seenAt,
      serialNumber: "291",
      issuer: "CN=Root",
      enabled: true,
      x509CertificateData: setup.certificate,
      failed: false,
    }],
    instanceProperties: [{ seenAt, properties: { host: "edge-7", rack: "4" }, failed: false }],
  });
});

test("CREATE_SESSION remembers failed attempts of trusted certificates, and no others", async () => {
  const attempt = async (scene: Scene): Promise<SubjectRecord | undefined> => {
    const setup = await sessionSetup(scene);
    const { emulator, committed } = emulate(setup);
    assert.is((await emulator.fetch(postOf(setup))).status, 403);
    return subjectOf(committed);
  };
  for (
    const scene of [
      { profile: { enabled: false } },
      { role: { arn: `${ROLE_ARN}2` } },
      { trust: [trustStatement({ Action: "sts:AssumeRole" })] },
    ]
  ) {
    assert.is((await attempt(scene))?.credentials[0]?.failed, true);
  }
  assert.is(await attempt({ certificate: await client({}, "Stranger") }), undefined);
  assert.is(await attempt({ signer: await testKey("another") }), undefined);
  assert.is(await attempt({ crls: [importedPem(await revocationList("Root", [0x123]))] }), undefined);
});

test("CREATE_SESSION keeps the latest twenty certificates of a subject, each once", async () => {
  const first = await sessionSetup();
  const { emulator, committed } = emulate(first);
  for (let serial = 1; serial <= 22; serial++) {
    const setup = await sessionSetup({ certificate: await client({ serial }) });
    assert.is((await emulator.fetch(postOf(setup))).status, 201);
    if (serial === 21) assert.is((await emulator.fetch(postOf(setup))).status, 201);
  }
  const subject = subjectOf(committed)!;
  const serials = subject.credentials.map(({ serialNumber }) => Number(serialNumber));
  assert.equal(serials, Array.from({ length: 20 }, (_, i) => 22 - i));
  assert.ok(subject.createdAt < subject.lastSeenAt);
});

test("CREATE_SESSION keeps subjects with other names apart", async () => {
  const { emulator, committed } = emulate(await sessionSetup());
  for (const name of ["a", "b"]) {
    const setup = await sessionSetup({ certificate: await client({ subject: commonName(name) }) });
    await emulator.fetch(postOf(setup));
  }
  const arns = committed.flatMap(({ table, key }) => table === "subjects" ? [key] : []);
  assert.is(new Set(arns).size, 2);
});

test("CREATE_SESSION logs what was asked and answered, without secrets", async () => {
  const setup = await sessionSetup({ parameters: { durationSeconds: 900 } });
  const { emulator } = emulate(setup);
  const response = await emulator.fetch(postOf(setup));
  const { credentialSet: [set], subjectArn } = await response.json() as {
    readonly credentialSet: readonly [{
      readonly credentials: Readonly<Record<string, string>>;
      readonly assumedRoleUser: unknown;
    }];
    readonly subjectArn: string;
  };
  const event = emulator.events().find(({ eventName }) => eventName === "CreateSession")!;
  assert.equal(event["requestParameters"], {
    ...setup.parameters,
    cert: encodeBase64(decodeBase64(setup.request.headers.find(([name]) => name === "x-amz-x509")![1])!),
  });
  const { accessKeyId, expiration } = set.credentials;
  assert.equal(event["responseElements"], {
    credentialSet: [{
      assumedRoleUser: set.assumedRoleUser,
      packedPolicySize: 9,
      roleArn: ROLE_ARN,
      sourceIdentity: "CN=edge-7",
      credentials: { accessKeyId, expiration },
    }],
    subjectArn,
  });
  assert.is(expiration, "2026-06-01T12:15:00Z");
  const text = JSON.stringify(emulator.events());
  for (const secret of ["secretAccessKey", "sessionToken"]) {
    assert.not.ok(text.includes(set.credentials[secret]!), secret);
  }
});

test("CREATE_SESSION refuses a list as soon as it is imported", async () => {
  const setup = await sessionSetup();
  const { emulator } = emulate(setup, { authentication: "permissive" });
  assert.is((await emulator.fetch(postOf(setup))).status, 201);
  const imported = await emulator.fetch(
    new Request("http://127.0.0.1:8080/crls", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        name: "revoked",
        crlData: importedPem(await revocationList("Root", [0x123])).data,
        trustAnchorArn: setup.trustAnchor.arn,
        enabled: true,
      }),
    }),
  );
  assert.is(imported.status, 201, await imported.text());
  const response = await emulator.fetch(postOf(setup));
  assert.equal(await response.json(), { __type: "AccessDeniedException", message: "Certificate revoked" });
});

test("createEmulator() refuses a role whose policies cannot be read", () => {
  for (const more of [{ trustPolicy: "{}" }, { policies: { inline: "{}" } }]) {
    const make = () => createEmulator({ roles: [{ arn: ROLE_ARN, ...more }], now: () => 0, crypto });
    assertThrows(make, "ERR_POLICY_MISSING");
  }
});

test("CREATE_SESSION decides by the profile's policies as they are now", async () => {
  const setup = await sessionSetup({ profile: { sessionPolicy: INLINE } });
  const { emulator } = emulate(setup, { authentication: "permissive" });
  assert.is((await emulator.fetch(postOf(setup))).status, 201);
  const id = PROFILE_ARN.slice(PROFILE_ARN.lastIndexOf("/") + 1);
  const patched = await emulator.fetch(
    new Request(`http://127.0.0.1:8080/profile/${id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ managedPolicyArns: ["arn:aws:iam::123456789012:policy/Missing"] }),
    }),
  );
  assert.is(patched.status, 200, await patched.text());
  const response = await emulator.fetch(postOf(setup));
  assert.is(response.status, 403);
  assert.is(emulator.decisions().at(-1)?.trace.find(({ outcome }) => outcome === "fail")?.check, "session-policy");
});

test.run();
