// runtimes: node20
/**
 * The component as its users have it: built, and called from Node through jco. Python's wasmtime calls it in
 * `npm run interop`.
 *
 * @module
 */

import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { signRequest } from "../../../core/sigv4/mod.ts";
import type { decisions, paths, sessions, signing } from "../../../runtimes/wasm/component.ts";
import type { HeaderField, HttpRequest, SessionState } from "../../../runtimes/wasm/world.ts";
import { repositoryRoot } from "../../support/capabilities.ts";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("runtimes/wasm/component");

const NOW = Date.UTC(2026, 5, 1, 12);
const TOOLS = join(repositoryRoot(), "test/runtimes/node_modules/@bytecodealliance");

interface Component {
  readonly signing: typeof signing;
  readonly sessions: typeof sessions;
  readonly paths: typeof paths;
  readonly decisions: typeof decisions;
}

let built: Promise<Component> | undefined;

/** Built once. */
function component(): Promise<Component> {
  if (!existsSync(join(TOOLS, "wizer-linux-x64"))) skip("the tools that build components are not on this platform");
  return built ??= build();
}

async function build(): Promise<Component> {
  const script = pathToFileURL(join(repositoryRoot(), "runtimes/wasm/build.mjs")).href;
  const { buildComponent, NODE_MODULE } = await import(script);
  await buildComponent();
  const packages = join(dirname(NODE_MODULE), "node_modules");
  mkdirSync(packages);
  symlinkSync(TOOLS, join(packages, "@bytecodealliance"));
  return await import(pathToFileURL(NODE_MODULE).href);
}

test.slow("sign-request signs as the package does", 120_000, async () => {
  const { signing } = await component();
  const headers = [{ name: "Host", value: "iam.amazonaws.com" }];
  const request = { method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08", headers, body: NOTHING };
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
  const scope = { region: "us-east-1", service: "iam" };
  const expected = signRequest({ ...request, headers: [["Host", "iam.amazonaws.com"]] }, {
    credentials,
    ...scope,
    timeMs: NOW,
  });
  assert.equal(record(await signing.signRequest(request, credentials, scope, BigInt(NOW))), expected.headers);
});

test.slow("create-session-request and parse-session-response get credentials", 120_000, async () => {
  const { sessions } = await component();
  const authority = await testAuthority();
  const emulator = trustingEmulator(authority, () => NOW);
  for (const [key, options] of CLIENT_KEYS) {
    const client = await authority.issueBelow(`component ${key}`, options);
    const request = await sessions.createSessionRequest(
      {
        certificate: client.certificatePem,
        privateKey: client.keyPem,
        intermediates: authority.intermediate.certificatePem,
      },
      { ...SESSION_ARNS, fips: false, dualStack: false },
      BigInt(NOW),
    );
    const { url, headers, body } = request;
    const answer = await emulator.fetch(new Request(url, { method: "POST", headers: record(headers), body }));
    const credentials = await sessions.parseSessionResponse(
      answer.status,
      [...answer.headers].map(([name, value]) => ({ name, value })),
      new Uint8Array(await answer.arrayBuffer()),
      SESSION_ARNS.roleArn,
      BigInt(NOW),
    );
    assert.match(credentials.accessKeyId, /^ASIA/, key);
    assert.is(credentials.expiresAtMs, BigInt(NOW + 3_600_000), key);
  }
});

test.slow("a failure is a coded error, and the component answers afterwards", 120_000, async () => {
  const { sessions } = await component();
  const options = { ...SESSION_ARNS, fips: false, dualStack: false };
  const failure = await refusal(() =>
    sessions.createSessionRequest({ certificate: "no certificate", privateKey: "no key" }, options, BigInt(NOW))
  );
  assert.match(failure.code, /^ERR_KEY_/);
  const denied = JSON.stringify({ message: "Untrusted certificate. Insufficient certificate" });
  const service = await refusal(() =>
    sessions.parseSessionResponse(
      403,
      [{ name: "X-Amzn-ErrorType", value: "AccessDeniedException" }],
      encodeUtf8(denied),
      SESSION_ARNS.roleArn,
      BigInt(NOW),
    )
  );
  assert.is(service.code, "ERR_SERVICE_ACCESS_DENIED");
  assert.match(service.message, /Untrusted certificate/);
});

test.slow("verify-path trusts what the anchor vouches for, and nothing else", 120_000, async () => {
  const { paths } = await component();
  const authority = await testAuthority();
  const client = await authority.issueBelow("component path");
  const stranger = await testAuthority("Other");
  const question = {
    certificate: client.certificatePem,
    intermediates: [authority.intermediate.certificatePem],
    crls: [],
    unknownStatus: "deny",
    timeMs: BigInt(NOW),
  } as const;
  const path = await paths.verifyPath({ ...question, anchors: [authority.root.certificatePem] });
  assert.equal(path.map((der) => der.length), [
    client.certificate.der.length,
    authority.intermediate.certificate.der.length,
    authority.root.certificate.der.length,
  ]);
  const failure = await refusal(() => paths.verifyPath({ ...question, anchors: [stranger.root.certificatePem] }));
  assert.match(failure.code, /^ERR_PATH_/);
});

test.slow("decide-session allows and denies as the service does, with a trace", 120_000, async () => {
  const { decisions, sessions } = await component();
  const authority = await testAuthority();
  const client = await authority.issue("component decision");
  const { url, headers, body } = await sessions.createSessionRequest(
    { certificate: client.certificatePem, privateKey: client.keyPem },
    { ...SESSION_ARNS, fips: false, dualStack: false },
    BigInt(NOW),
  );
  const { pathname: path, search } = new URL(url);
  const { host } = new URL(url);
  const request: HttpRequest = {
    method: "POST",
    path,
    query: search.slice(1),
    headers: [...headers, { name: "host", value: host }],
    body: encodeUtf8(body),
  };
  const allowed = await decisions.decideSession(request, stateOf(authority.root.certificatePem), BigInt(NOW));
  assert.is(allowed.verdict.tag, "allow", JSON.stringify(allowed));
  assert.ok(allowed.trace.some(({ check, outcome }) => check === "signature" && outcome === "pass"));
  const other = await testAuthority("Other");
  const denied = await decisions.decideSession(request, stateOf(other.root.certificatePem), BigInt(NOW));
  assert.is(denied.verdict.tag, "deny");
  if (denied.verdict.tag === "deny") {
    assert.is(denied.verdict.val.code, "AccessDeniedException");
    assert.match(denied.verdict.val.advice, /intermediate/);
  }
  const failure = await refusal(() => decisions.decideSession(request, stateOf("no certificate"), BigInt(NOW)));
  assert.match(failure.code, /^ERR_/);
});

const CLIENT_KEYS = [
  ["P-256", { keyPem: KEYS["P-256-pkcs8"] }],
  ["RSA-2048", { keyPem: KEYS["rsa-pkcs8"] }],
  ["ML-DSA-65", { key: { type: "ml-dsa", parameterSet: "ML-DSA-65" } }],
] as const;

const NOTHING = new Uint8Array(0);

function stateOf(certificates: string): SessionState {
  return {
    trustAnchors: [{ arn: SESSION_ARNS.trustAnchorArn, enabled: true, certificates }],
    crls: [],
    profiles: [{
      arn: SESSION_ARNS.profileArn,
      enabled: true,
      roleArns: [SESSION_ARNS.roleArn],
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      managedPolicies: [],
    }],
    roles: [{
      arn: SESSION_ARNS.roleArn,
      id: "AROAEXAMPLEEXAMPLE123",
      maxSessionDurationSeconds: 3600,
      trustPolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "rolesanywhere.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        },
      }),
    }],
  };
}

function record(fields: readonly HeaderField[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/** The payload of what a component's function throws. */
async function refusal(call: () => Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await call();
  } catch (error) {
    return (error as { readonly payload: { readonly code: string; readonly message: string } }).payload;
  }
  throw new Error("it did not fail");
}

test.run();
