// runtimes: node20 node deno bun workerd
import { type AwsFetch, createAwsFetch as createCoreFetch, pemIdentity } from "../../../core/fetch/mod.ts";
import { createAwsFetch, type EdgeFetchOptions, type FetchEvent } from "../../../runtimes/edge/mod.ts";
import { signerFromCryptoKey } from "../../../core/sign/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { TaskClock } from "../../core/fetch/fetch-clock.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("runtimes/edge/aws-fetch");

const NOON = Date.UTC(2026, 5, 1, 12);
const STS = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
const clock = new TaskClock(NOON);
const authority = await testAuthority();
const emulator = trustingEmulator(authority, clock.now);
const client = await authority.issue("edge fetch");
const PORTS = {
  fetch: async (url: string, init: RequestInit) => await emulator.fetch(new Request(url, init)),
  now: clock.now,
  sleep: clock.sleep,
  random: (length: number) => new Uint8Array(length).fill(0x80),
};

/** Asks who it is, and answers the status and what happened. */
async function callerIdentity(awsFetch: AwsFetch): Promise<number> {
  const response = await clock.run(awsFetch(STS));
  const text = await response.text();
  if (response.ok) assert.match(text, "assumed-role/ExampleRole/");
  return response.status;
}

function edgeFetch(options: Partial<EdgeFetchOptions> = {}, ports: Partial<typeof PORTS> = {}): AwsFetch {
  const credentials = { certificate: client.certificatePem, privateKey: client.keyPem, ...SESSION_ARNS };
  return createAwsFetch({ credentials, ...options }, { ...PORTS, ...ports });
}

async function importKey(extractable: boolean): Promise<CryptoKey> {
  const parameters = { name: "ECDSA", namedCurve: "P-256" };
  return await crypto.subtle.importKey("pkcs8", encodePkcs8(client.key), parameters, extractable, ["sign"]);
}

test("createAwsFetch() gets credentials with a key as PEM, JSON Web Key, CryptoKey and signer", async () => {
  const key = await importKey(false);
  const keys = [
    client.keyPem,
    await crypto.subtle.exportKey("jwk", await importKey(true)),
    key,
    signerFromCryptoKey(key, client.certificate.spki),
  ];
  for (const privateKey of keys) {
    const credentials = { certificate: client.certificatePem, privateKey, ...SESSION_ARNS };
    assert.is(await callerIdentity(edgeFetch({ credentials })), 200);
  }
});

test("createAwsFetch() gets credentials with pemIdentity(), of RSA and P-256, as requests of a worker", async () => {
  const rsa = await authority.issue("edge fetch, RSA", { keyPem: KEYS["rsa-pkcs8"] });
  for (const { certificatePem, keyPem } of [client, rsa]) {
    for (const callers of ["process", "requests"] as const) {
      const credentials = { source: pemIdentity(certificatePem, keyPem), ...SESSION_ARNS };
      const awsFetch = createCoreFetch({ credentials, callers }, PORTS);
      const before = emulator.decisions().length;
      assert.is(await callerIdentity(awsFetch), 200);
      assert.is(await callerIdentity(awsFetch), 200);
      assert.is(emulator.decisions().length, before + 1);
    }
  }
});

test("createAwsFetch() survives throttling, errors and broken connections of service and sessions", async () => {
  for (
    const fault of [
      { kind: "throttle", count: 1 },
      { kind: "error", status: 503, count: 1 },
      { kind: "throttle", operation: "CreateSession", count: 1 },
      { kind: "error", status: 500, operation: "GetCallerIdentity", count: 2 },
    ] as const
  ) {
    emulator.setFaults([fault]);
    try {
      assert.is(await callerIdentity(edgeFetch()), 200, JSON.stringify(fault));
    } finally {
      emulator.setFaults([]);
    }
  }
});

test("createAwsFetch() signs with the time of a service whose clock is another", async () => {
  const events: FetchEvent[] = [];
  const ahead = trustingEmulator(authority, () => clock.time + 3_600_000);
  const fetch = async (url: string, init: RequestInit) => await ahead.fetch(new Request(url, init));
  const onEvent = (event: FetchEvent) => void events.push(event);
  assert.is(await callerIdentity(edgeFetch({ onEvent }, { fetch })), 200);
  assert.ok(events.some(({ type }) => type === "skew-corrected"), JSON.stringify(events));
});

test("createAwsFetch() replaces credentials before they end, and answers what a revoked session is told", async () => {
  const events: FetchEvent[] = [];
  const awsFetch = edgeFetch({ onEvent: (event) => events.push(event) });
  emulator.setFaults([{ kind: "near-expiry", seconds: 120, count: 1 }]);
  assert.is(await callerIdentity(awsFetch), 200);
  clock.time += 115_000;
  assert.is(await callerIdentity(awsFetch), 200);
  assert.is(events.filter(({ type }) => type === "refreshed").length, 2);
  emulator.setFaults([{ kind: "revoked" }]);
  try {
    assert.is(await callerIdentity(awsFetch), 403);
  } finally {
    emulator.setFaults([]);
  }
  assert.not.match(JSON.stringify(events), /secret|SessionToken|x-amz/i);
});

test.run();
