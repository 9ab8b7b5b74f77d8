// runtimes: node20 node deno bun
import type { FetchInit, FetchResponse } from "../../../core/ports.ts";
import { tracedRequest } from "../../../runtimes/cli/http-trace.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { SESSION_FLAGS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW, ROLE_ARN } from "../../support/test-authority.ts";

const test = suite("runtimes/cli/http-trace");

const authority = await testAuthority();
const client = await authority.issue("client");

const NEXT = "arn:aws:iam::123456789012:role/next";
const ASSUMES = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}';
const TRUST = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${ROLE_ARN}"},` +
  '"Action":["sts:AssumeRole","sts:SetSourceIdentity","sts:TagSession"]}]}';

/** What may not be seen of requests and answers. */
const SECRETS = [
  /Signature=(\w+)/g,
  /"(?:secretAccessKey|sessionToken)": ?"([^"]+)"/g,
  /<(?:SecretAccessKey|SessionToken)>([^<]+)</g,
];

async function end(...flags: readonly string[]) {
  const roles = [{ arn: ROLE_ARN, policies: { ASSUMES } }, { arn: NEXT, trustPolicy: TRUST }];
  const emulator = trustingEmulator(authority, () => NOW, { roles });
  const wire: string[] = [];
  const host = memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem },
    environment: { HOME: "/me", AWS_ENDPOINT_URL_STS: "http://127.0.0.1:8080" },
    fetch: async (url, init) => {
      const response = await emulator.fetch(new Request(url, init as RequestInit));
      wire.push(...Object.values(init.headers as Record<string, string>), await response.clone().text());
      return response;
    },
  });
  const identity = ["--certificate", "/c.pem", "--private-key", "/k.pem", "--endpoint", "http://127.0.0.1:8080"];
  const code = await run(host, ["credential-process", ...identity, ...SESSION_FLAGS, "--no-cache", ...flags]);
  const secrets = SECRETS.flatMap((each) => [...wire.join("\n").matchAll(each)].map((match) => match[1]!));
  return { code, errors: host.errors.join(""), secrets };
}

test("--debug shows requests and answers as the SDKs log them, without their secrets", async () => {
  const { code, errors, secrets } = await end("--debug", "--assume-role-arn", NEXT, "--external-id", "canary-external");
  assert.is(code, 0, errors);
  // Two signatures, two secret access keys, two session tokens.
  assert.is(new Set(secrets).size, 6);
  for (const secret of [...secrets, "canary-external"]) assert.not(errors.includes(secret));
  assert.match(
    errors,
    /^SDK \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d DEBUG > POST http:\/\/127\.0\.0\.1:8080\/sessions\?profileArn=/,
  );
  assert.match(errors, /DEBUG > authorization: AWS4-X509-ECDSA-SHA256 Credential=.*, Signature=…\n/i);
  assert.match(errors, /DEBUG < 201\n/);
  assert.match(errors, /DEBUG < .*"secretAccessKey":"…","sessionToken":"…"/);
  assert.match(errors, /DEBUG > x-amz-security-token: …\n/i);
  assert.match(errors, /DEBUG > Action=AssumeRole&.*&ExternalId=…/);
  assert.match(errors, /DEBUG < .*<SecretAccessKey>…<\/SecretAccessKey>/);
});

test("--debug makes notes of requests and answers with --json, and nothing is shown without it", async () => {
  const { errors } = await end("--debug", "--json");
  const notes = errors.trimEnd().split("\n").map((line) => JSON.parse(line).note.message as string);
  assert.match(notes[0]!, /^DEBUG > POST /);
  assert.is((await end()).errors, "");
});

test("tracedRequest() shows nothing of a body that it cannot read, and hands it on as it is", async () => {
  const secret = "canary/secret+value=";
  const init: FetchInit = {
    method: "POST",
    headers: {
      "X-Amz-Security-Token": secret,
      Authorization: "AWS4-HMAC-SHA256 Credential=a, Signature=canary-signature",
    },
    redirect: "manual",
  };
  const bodies = [
    `{"secretAccessKey":"${secret}`,
    `{"a":{"secretAccessKey":["${secret}"]}}`,
    `[{"Session\\u0054oken":"${secret}"}]`,
    `<SecretAccessKey>${secret}`,
    `<SecretAccessKey><![CDATA[${secret}]]></SecretAccessKey>`,
    `<Secret a="b">${secret}</Secret>`,
    `<a:sessionToken>canary&#47;secret</a:sessionToken>`,
    secret,
    `<Message>x-amz-security-token:${secret} and ${encodeURIComponent(secret)} and canary-signature</Message>`,
    `{"message":"x-amz-security-token:${secret} canary-signature"}`,
    `a=1&SessionToken=${secret}`,
    "",
  ];
  for (const body of bodies) {
    const shown: string[] = [];
    const answer: FetchResponse = { status: 403, headers: { get: () => null }, text: () => Promise.resolve(body) };
    const host = { now: () => NOW, writeError: (text: string) => void shown.push(text) };
    const response = await tracedRequest(host, () => Promise.resolve(answer), "https://a.test/", init);
    assert.is(await response.text(), body);
    assert.not.match(shown.join(""), /canary/);
  }
});

test("tracedRequest() tells of a request without an answer, and of an endless one", async () => {
  const shown: string[] = [];
  const host = { now: () => NOW, writeError: (text: string) => void shown.push(text) };
  const init: FetchInit = { method: "GET", headers: {}, redirect: "manual" };
  const broken = await tracedRequest(host, () => Promise.reject(new TypeError("fetch failed")), "https://a.test/", init)
    .catch((error) => error);
  assert.is(broken.message, "fetch failed");
  assert.match(shown.at(-1)!, "DEBUG < no answer: fetch failed");
  const endless = new Response(
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) }),
  );
  const response = await tracedRequest(host, () => Promise.resolve(endless as FetchResponse), "https://a.test/", init);
  assert.match(shown.at(-1)!, "a body of more than 4194304 octets");
  assert.ok((await response.text()).length > 1_048_576);
});

test.run();
