import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { decodeLatin1 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import {
  decideSession,
  DECISION_PRESETS,
  DecisionMemory,
  type DecisionOptions,
  type DecisionRules,
  explainSession,
  type SessionAllowed,
  type SessionDecision,
  type SessionRequest,
  type TraceEntry,
} from "../../../core/decision/mod.ts";
import { reasonCodeExtension } from "../../../core/issue/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import {
  commonName,
  dnsName,
  extendedKeyUsage,
  keyUsage,
  NOW,
  ROLE_ARN,
  subjectAlternativeName,
  testKey,
  testRandom,
  TRUST_ANCHOR_ARN,
} from "../../support/test-authority.ts";
import { deltaOf, importedPem, listNumber, revocationList } from "./revocation-fixtures.ts";
import {
  authority,
  client,
  optionsOf,
  questionOf,
  requestOf,
  type Scene,
  sessionSetup,
  stateOf,
  trustIf,
  trustStatement,
} from "./session-setup.ts";

const test = suite("core/decision/decide-session");

async function decide(scene: Scene = {}, rules: DecisionRules = {}): Promise<SessionDecision> {
  const setup = await sessionSetup(scene);
  return await decideSession(requestOf(setup), stateOf(setup), { ...optionsOf(setup), ...rules });
}

async function allowed(scene: Scene = {}, rules: DecisionRules = {}): Promise<SessionAllowed> {
  const decision = await decide(scene, rules);
  if (decision.outcome === "deny") throw new Error(`refused: ${decision.message}: ${failureOf(decision)?.detail}`);
  return decision;
}

/** The sentence of a refusal. */
async function refusal(scene: Scene, rules: DecisionRules = {}): Promise<string> {
  const decision = await decide(scene, rules);
  return decision.outcome === "deny" ? decision.message : "allow";
}

function failureOf(decision: SessionDecision): TraceEntry | undefined {
  return decision.trace.find(({ outcome }) => outcome === "fail");
}

function entryOf(decision: SessionDecision, name: TraceEntry["check"]): TraceEntry | undefined {
  return decision.trace.find(({ check }) => check === name);
}

test("decideSession() allows a request in order and describes the session", async () => {
  const decision = await allowed();
  assert.is(decision.role.arn, ROLE_ARN);
  assert.is(decision.sessionName, "0123");
  assert.is(decision.sourceIdentity, "CN=edge-7");
  assert.equal(decision.tags, [{ key: "x509Issuer/CN", value: "Root" }, { key: "x509Subject/CN", value: "edge-7" }]);
  assert.is(decision.durationSeconds, 3600);
  assert.is(decision.expiration, "2026-06-01T13:00:00Z");
  assert.is(decision.packedPolicySize, 9);
  assert.equal(decision.sessionPolicies, []);
  assert.is(decision.parameters.roleArn, ROLE_ARN);
  assert.ok(decision.trace.every(({ outcome }) => outcome === "pass"));
  assert.ok(decision.trace.every(({ source, detail }) => source !== "" && detail !== ""));
});

test("decideSession() traces every check once, in one order, whatever the outcome", async () => {
  const order = (await allowed()).trace.map(({ check }) => check);
  assert.is(order.length, 28);
  const denied = await decide({ anchor: { enabled: false } });
  assert.equal(denied.trace.map(({ check }) => check), order);
  const failed = denied.trace.findIndex(({ outcome }) => outcome === "fail");
  assert.ok(denied.trace.slice(0, failed).every(({ outcome }) => outcome === "pass"));
  assert.ok(denied.trace.slice(failed + 1).every(({ outcome }) => outcome === "skip"));
});

test("decideSession() takes every key type of the service", async () => {
  const rsa = await testKey("rsa client", { type: "rsa", bits: 2048 });
  const p384 = await testKey("p384 client", { type: "ec", curve: "P-384" });
  const mlDsa = await testKey("ml-dsa client", { type: "ml-dsa", parameterSet: "ML-DSA-44" });
  for (const signer of [rsa, p384, mlDsa]) {
    const certificate = await client({ publicKey: signer.publicKey });
    assert.is((await allowed({ certificate, signer })).sourceIdentity, "CN=edge-7");
  }
});

test("decideSession() accepts a chain in any order, with the root and the leaf in it", async () => {
  const issuing = await authority("Issuing", "Root");
  const certificate = await client({}, "Issuing");
  await allowed({ certificate, chain: [await authority("Root"), certificate, issuing, issuing] });
});

test("decideSession() shortens the session to what profile and client agree on", async () => {
  const asking = (durationSeconds: number): Scene => ({ parameters: { durationSeconds } });
  assert.is((await allowed(asking(900))).durationSeconds, 900);
  assert.is((await allowed(asking(43_200))).durationSeconds, 3600);
  const long = { profile: { durationSeconds: 43_200 }, role: { maxSessionDurationSeconds: 43_200 } };
  assert.is((await allowed({ ...asking(7200), ...long })).durationSeconds, 7200);
  assert.is((await allowed(long)).expiration, "2026-06-02T00:00:00Z");
});

test("decideSession() names the session as the client wants when the profile accepts it", async () => {
  const profile = { acceptRoleSessionName: true };
  const named = await allowed({ parameters: { roleSessionName: "edge-7@site" }, profile });
  assert.is(named.sessionName, "edge-7@site");
  assert.is((await allowed({ profile })).sessionName, "0123");
});

test("decideSession() pads serial numbers and hides the sign octet", async () => {
  for (
    const [serial, name] of [[1, "01"], [0x1000, "1000"], [0x80, "80"], [
      0xfedcba9876543210n,
      "fedcba9876543210",
    ]] as const
  ) {
    assert.is((await allowed({ certificate: await client({ serial }) })).sessionName, name);
  }
});

test("decideSession() makes the source identity of the subject", async () => {
  const cn = "2.5.4.3";
  for (
    const [subject, identity] of [
      [[[cn, "c".repeat(61)]], `CN=${"c".repeat(61)}`],
      [[[cn, "c".repeat(62)]], "c".repeat(62)],
      [[[cn, "c".repeat(64)]], "c".repeat(64)],
      [[[cn, "a"], [cn, "b"]], "CN=a/b"],
      [[[cn, "My Test Certificate"]], "CN=My Test Certificate"],
      [[["2.5.4.10", "Example"]], "ID=0123"],
    ] as const
  ) {
    assert.is((await allowed({ certificate: await client({ subject }) })).sourceIdentity, identity);
  }
});

test("decideSession() drops unmappable attributes and says so in the trace", async () => {
  const certificate = await client({ extensions: [keyUsage(0), subjectAlternativeName(dnsName("*.example.com"))] });
  const warning = entryOf(await allowed({ certificate }), "tags")?.warning;
  assert.is(warning, "left out: Issuer: [  ]; Subject: [  ]; SAN: [ DNS ]");
});

test("decideSession() warns of what the service may refuse", async () => {
  const certificate = await client({ extensions: [keyUsage(0), extendedKeyUsage("1.3.6.1.5.5.7.3.1")] });
  const warning = entryOf(await allowed({ certificate }), "end-entity")?.warning;
  assert.is(warning, "extendedKeyUsage is there without clientAuth");
  const signer = await testKey("P-521", { type: "ec", curve: "P-521" });
  const large = await allowed({ signer, certificate: await client({ publicKey: signer.publicKey }) });
  assert.is(entryOf(large, "end-entity")?.warning, "the key is on P-521");
  assert.is(
    await refusal({ signer, certificate: await client({ publicKey: signer.publicKey }) }, {
      uncommonAlgorithms: "deny",
    }),
    "Untrusted certificate. Insufficient certificate",
  );
});

test("decideSession() allows clocks that differ by the window, either way", async () => {
  for (const timeMs of [NOW - 300_000, NOW + 300_000]) await allowed({ signing: { timeMs } });
  await allowed({ signing: { timeMs: NOW - 900_000 } }, { clockWindowSeconds: 900 });
});

test("decideSession() passes certificates that no enabled list of the trust anchor names", async () => {
  const list = await revocationList("Root", [0x123]);
  assert.is(entryOf(await allowed(), "revocation")?.detail, "the trust anchor has no enabled revocation list");
  await allowed({ crls: [{ ...importedPem(list), enabled: false }] });
  await allowed({ crls: [{ ...importedPem(list), trustAnchorArn: `${TRUST_ANCHOR_ARN}0` }] });
  await allowed({ crls: [importedPem(await revocationList("Root", [0x124]))] });
  await allowed({ crls: [importedPem(await revocationList("Other", [0x123]))] });
  const lifted = { serialNumber: 0x123, revocationDate: NOW, extensions: [reasonCodeExtension("removeFromCRL")] };
  await allowed({
    crls: [
      importedPem(await revocationList("Root", [0x123], { extensions: [listNumber(1)] })),
      importedPem(
        await revocationList("Root", [], { extensions: [deltaOf(1), listNumber(2)], revokedCertificates: [lifted] }),
      ),
    ],
  });
});

test("decideSession() refuses a certificate that a list names for a reason that cannot be read", async () => {
  const reason = { oid: "2.5.29.21", critical: false, value: Uint8Array.of(0x0a, 1, 7) };
  const revokedCertificates = [{ serialNumber: 0x123, revocationDate: NOW, extensions: [reason] }];
  for (const extensions of [[], [deltaOf(1), listNumber(2)]]) {
    const crls = [importedPem(await revocationList("Root", [], { extensions, revokedCertificates }))];
    assert.is(await refusal({ crls }), "Certificate revoked");
  }
});

test("decideSession() uses an expired list, leaves it aside, or refuses for its sake", async () => {
  const naming = [importedPem(await revocationList("Root", [0x123], { nextUpdate: NOW - 2000 }))];
  const silent = [importedPem(await revocationList("Root", [], { nextUpdate: NOW - 2000 }))];
  assert.is(await refusal({ crls: naming }), "Certificate revoked");
  assert.match(
    entryOf(await allowed({ crls: silent }), "revocation")?.warning ?? "",
    'the list of "CN=Root" expired at 2026-06-01T11:59:58Z and is used still',
  );
  for (const crls of [naming, silent]) {
    const decision = await allowed({ crls }, { expiredCrl: "ignore" });
    assert.match(
      entryOf(decision, "revocation")?.warning ?? "",
      "was to be replaced by",
    );
    assert.is(await refusal({ crls }, { expiredCrl: "deny" }), "Untrusted signing certificate");
  }
});

test("decideSession() does not believe a list that another key signed, and says so", async () => {
  const crls = [importedPem(await revocationList("Root", [0x123], {}, await testKey("impostor")))];
  assert.match(
    entryOf(await allowed({ crls }), "revocation")?.warning ?? "",
    'the status of "CN=edge-7" is not known: the signature of the list of "CN=Root" is wrong',
  );
  assert.is(await refusal({ crls }, { unusableCrl: "deny" }), "Untrusted signing certificate");
  const delta = await revocationList("Root", [0x123], { extensions: [deltaOf(1), listNumber(2)] }, await testKey("x"));
  await allowed({ crls: [importedPem(delta)] });
});

test("decideSession() names the lists that it looked at", async () => {
  const decision = await decide({ crls: [importedPem(await revocationList("Root", [0x123]))] });
  assert.equal(failureOf(decision)?.inputs, {
    lists: [
      "arn:aws:rolesanywhere:us-east-1:123456789012:crl/00000000-0000-4000-8000-000000000000: " +
      '"CN=Root", 2026-05-31T12:00:00Z to 2026-06-02T12:00:00Z',
    ],
  });
  assert.match(failureOf(decision)?.detail ?? "", "it was revoked at 2026-05-31T12:00:00Z (unspecified)");
  assert.is(entryOf(decision, "path")?.outcome, "pass");
  assert.is(entryOf(decision, "end-entity")?.outcome, "pass");
});

test("decideSession() asks the trust policy for each action on its own", async () => {
  const decision = await allowed({
    trust: [
      trustStatement({ Sid: "Tag", Action: "sts:TagSession" }),
      trustStatement({
        Sid: "Rest",
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
        Condition: {
          StringEquals: { "sts:SourceIdentity": "CN=edge-7", "aws:PrincipalTag/x509Subject/CN": "edge-7" },
          ArnEquals: { "aws:SourceArn": TRUST_ANCHOR_ARN },
        },
      }),
    ],
  });
  const assume = entryOf(decision, "sts:AssumeRole");
  assert.match(assume?.detail ?? "", 'Statement "Rest" allows sts:AssumeRole');
  assert.is(assume?.inputs["statement"], "/Statement/1");
  assert.is((assume?.inputs["conditions"] as readonly string[]).length, 3);
  assert.match(entryOf(decision, "sts:TagSession")?.detail ?? "", 'Statement "Tag" allows sts:TagSession');
});

test("decideSession() traces every action that the trust policy refuses, with the condition that is not met", async () => {
  const decision = await decide({
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Subject/CN": "edge-8" } })],
  });
  assert.equal(
    decision.trace.filter(({ outcome }) => outcome === "fail").map(({ check }) => check),
    ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
  );
  assert.equal(failureOf(decision)?.inputs["conditions"], [
    'statement 1: aws:PrincipalTag/x509Subject/CN is "edge-7", StringEquals asks for "edge-8": not met.',
  ]);
  assert.is(entryOf(decision, "duration")?.detail, "not reached: sts:AssumeRole failed");
});

test("decideSession() advises on conditions whose key can never be there", async () => {
  const decision = await decide({ trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Serial": "0123" } })] });
  const advice = entryOf(decision, "trust-policy-advice");
  assert.is(advice?.outcome, "pass");
  assert.is(advice?.inputs["rule"], "RA013");
  assert.match(advice?.detail ?? "", "x509Serial never exists");
  assert.is.not(advice?.warning, undefined);
  const negated = await allowed({
    trust: [trustIf({ StringNotEquals: { "aws:PrincipalTag/x509Subject/O": "Example" } })],
    profile: { attributeMappings: [{ certificateField: "x509Subject", mappingRules: [{ specifier: "CN" }] }] },
  });
  assert.equal(
    negated.trace.filter(({ check }) => check === "trust-policy-advice").map(({ inputs }) => inputs["rule"]),
    ["RA012", "RA009"],
  );
});

test("decideSession() does not ask for sts:TagSession when there are no tags", async () => {
  const decision = await allowed({
    trust: [trustStatement({ Action: ["sts:AssumeRole", "sts:SetSourceIdentity"] })],
    profile: { attributeMappings: [] },
  });
  assert.is(entryOf(decision, "sts:TagSession")?.detail, "the session has no tags");
  assert.is(entryOf(decision, "sts:TagSession")?.outcome, "skip");
});

test("decideSession() knows which condition keys which action has", async () => {
  const actions = { assume: "sts:AssumeRole", identity: "sts:SetSourceIdentity", tag: "sts:TagSession" };
  const keys: readonly (readonly [string, string, readonly string[]])[] = [
    ["aws:SourceAccount", "123456789012", Object.values(actions)],
    ["aws:PrincipalServiceName", "rolesanywhere.amazonaws.com", Object.values(actions)],
    ["aws:PrincipalIsAWSService", "true", Object.values(actions)],
    ["aws:CurrentTime", "2026-06-01T12:00:00Z", Object.values(actions)],
    ["aws:EpochTime", String(NOW / 1000), Object.values(actions)],
    ["aws:SecureTransport", "true", Object.values(actions)],
    ["aws:PrincipalTag/x509Issuer/CN", "Root", Object.values(actions)],
    ["aws:RequestTag/x509Issuer/CN", "Root", [actions.assume, actions.tag]],
    ["sts:SourceIdentity", "CN=edge-7", Object.values(actions)],
    ["sts:RoleSessionName", "0123", [actions.assume]],
  ];
  for (const [key, value, wanted] of keys) {
    const decision = await decide({ trust: [trustIf({ StringEquals: { [key]: value } })] });
    const passed = decision.trace.filter(({ check, outcome }) => check.startsWith("sts:") && outcome === "pass");
    assert.equal(passed.map(({ check }) => check), wanted, key);
  }
});

test("decideSession() hands on session policies that STS takes", async () => {
  const sessionPolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
  });
  const arn = "arn:aws:iam::123456789012:policy/Limits";
  const decision = await allowed({
    profile: { sessionPolicy, managedPolicyArns: [arn] },
    managedPolicies: { [arn]: sessionPolicy },
  });
  assert.equal(decision.sessionPolicies, [
    { name: "inline", document: sessionPolicy },
    { name: arn, document: sessionPolicy },
  ]);
});

test("decideSession() warns of tags that do not fit where that is left to the service", async () => {
  const certificate = await client({
    subject: [["2.5.4.3", "x"], ["2.5.4.10", "o".repeat(256)], ["2.5.4.11", "u".repeat(256)]],
  });
  const decision = await allowed({ certificate }, { packedSize: "warn" });
  assert.is(decision.packedPolicySize, 125);
  assert.is(entryOf(decision, "packed-size")?.warning, "the session tags do not fit; map fewer attributes");
});

test("decideSession() tells who was trusted, also when something else is refused", async () => {
  const denied = await decide({ trust: [trustStatement({ Action: "sts:AssumeRole" })] });
  if (denied.outcome === "allow") throw new Error("it was allowed");
  assert.is(denied.trusted?.certificate.serialNumberDecimal, "291");
  assert.is(denied.trusted?.parameters.roleArn, ROLE_ARN);
  const stranger = await decide({ certificate: await client({}, "Stranger") });
  assert.is(stranger.outcome === "deny" ? stranger.trusted : undefined, undefined);
});

test("decideSession() decides the same with a memory", async () => {
  const memory = new DecisionMemory();
  const scenes: readonly Scene[] = [
    {},
    { certificate: await client({}, "Issuing"), chain: [await authority("Issuing", "Root")] },
    { crls: [importedPem(await revocationList("Root", [0x123]))] },
    { crls: [importedPem(await revocationList("Root", [0x124]))] },
  ];
  for (const scene of scenes) {
    const setup = await sessionSetup(scene);
    const state = stateOf(setup);
    const without = await decideSession(requestOf(setup), state, optionsOf(setup));
    const options = { ...optionsOf(setup), memory };
    for (let i = 0; i < 3; i++) {
      const decision = await decideSession(requestOf(setup), state, options);
      assert.equal(decision.trace, without.trace);
    }
  }
});

test("DecisionMemory keeps what a chain holds once it was trusted, and only so many of them", async () => {
  const memory = new DecisionMemory();
  const known = async (scene: Scene): Promise<boolean> => {
    const setup = await sessionSetup(scene);
    await decideSession(requestOf(setup), stateOf(setup), { ...optionsOf(setup), memory });
    return memory.chainCertificate(encodeBase64(scene.chain![0]!.der)) !== undefined;
  };
  const issuing = await authority("Issuing", "Root");
  const trusted: Scene = { certificate: await client({}, "Issuing"), chain: [issuing] };
  assert.not.ok(await known({ ...trusted, signer: await testKey("another") }));
  assert.not.ok(await known({ certificate: await client({}, "Other"), chain: [await authority("Other")] }));
  assert.ok(await known(trusted));
  for (let serial = 1; serial <= 64; serial++) {
    memory.keepChainCertificate(await authority("Issuing", "Root", { serial, signer: await testKey("Root") }));
  }
  assert.is(memory.chainCertificate(encodeBase64(issuing.der)), undefined);
});

test("explainSession() answers a question as a request in order would be answered", async () => {
  const setup = await sessionSetup({ parameters: { durationSeconds: 900 } });
  const decision = await explainSession(questionOf(setup), stateOf(setup), optionsOf(setup));
  assert.is(decision.outcome === "allow" ? decision.expiration : decision.message, "2026-06-01T12:15:00Z");
  assert.is(decision.trace.length, 28);
  assert.equal(
    decision.trace.filter(({ outcome }) => outcome === "skip").map(({ check }) => check),
    [
      "authorization",
      "certificate",
      "chain",
      "algorithm",
      "serial",
      "signed-headers",
      "scope",
      "clock",
      "signature",
    ],
  );
});

test("explainSession() refuses keys that no request could be signed with, and certificates that cannot be read", async () => {
  const setup = await sessionSetup();
  const spki = Uint8Array.from([
    0x30,
    0x2a,
    0x30,
    0x05,
    0x06,
    0x03,
    0x2b,
    0x65,
    0x70,
    0x03,
    0x21,
    0x00,
    ...Array(32).fill(9),
  ]);
  for (
    const [publicKey, check, message] of [
      [spki, "algorithm", "Invalid signature"],
      [Uint8Array.from([0x30, 0]), "certificate", "Header 'X-Amz-X509' holds a certificate that cannot be read"],
    ] as const
  ) {
    const question = { ...questionOf(setup), certificate: await client({ publicKey }) };
    const decision = await explainSession(question, stateOf(setup), optionsOf(setup));
    assert.is(failureOf(decision)?.check, check);
    assert.match(decision.outcome === "deny" ? decision.message : "", message);
  }
});

test("decideSession() answers garbage with a refusal, never with an exception", async () => {
  const setup = await sessionSetup();
  const [state, options, good] = [stateOf(setup), optionsOf(setup), requestOf(setup)];
  const random = testRandom("fuzz");
  const text = (length: number): string => decodeLatin1(random(length));
  for (let i = 0; i < 300; i++) {
    const [where, length] = random(2);
    const garbage = text(length!);
    const headers = good.headers.map(([name, value], index): readonly [string, string] =>
      index !== where! % good.headers.length
        ? [name, value]
        : where! & 64
        ? [name, garbage]
        : [name, value.slice(0, length) + garbage.slice(0, 3) + value.slice(length! + 1)]
    );
    const request: SessionRequest = {
      method: where! & 1 ? "POST" : garbage,
      path: garbage,
      query: where! & 2 ? garbage : "",
      headers: where! & 4 ? [...headers, [text(5), garbage]] : headers,
      body: where! & 8 ? random(length!) : good.body,
    };
    const decision = await decideSession(request, state, options);
    assert.ok(decision.outcome === "allow" || decision.trace.length === 28, `round ${i}`);
    assert.type(JSON.stringify(decision.trace), "string");
  }
});

test("decideSession() refuses a header that is there twice", async () => {
  const setup = await sessionSetup();
  const good = requestOf(setup);
  for (const [name, check] of [["authorization", "authorization"], ["x-amz-x509", "certificate"]] as const) {
    const twice = { ...good, headers: [...good.headers, good.headers.find(([field]) => field === name)!] };
    assert.is(failureOf(await decideSession(twice, stateOf(setup), optionsOf(setup)))?.check, check);
  }
});

test("decideSession() refuses options that it does not know", async () => {
  const setup = await sessionSetup();
  await allowed({ signing: { timeMs: NOW } }, { clockWindowSeconds: 0 });
  const unknown = [{ clockWindow: 5 }, { expiredCrl: "no" }, { strictStsKeys: 1 }];
  for (const wrong of [...unknown, { clockWindowSeconds: NaN }, { clockWindowSeconds: -1 }]) {
    const options = { now: () => NOW, crypto: portableProvider({}), ...wrong } as unknown as DecisionOptions;
    const error = await decideSession(requestOf(setup), stateOf(setup), options).then(() => undefined, (one) => one);
    assert.instance(error, TypeError, JSON.stringify(wrong));
  }
});

test("DECISION_PRESETS settle every rule, and the documented ones are the default", async () => {
  const names = Object.keys(DECISION_PRESETS.documented);
  for (const preset of Object.values(DECISION_PRESETS)) assert.equal(Object.keys(preset), names);
  const subject = commonName("a&b");
  await allowed({ preset: "documented", certificate: await client({ subject }) });
  await allowed({ preset: "lenient", certificate: await client({ subject }) });
});

test.run();
