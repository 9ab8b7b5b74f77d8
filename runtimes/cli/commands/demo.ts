/**
 * `demo`: the whole way from a certificate to AWS credentials on this machine alone. One process, loopback only, keys
 * made for the occasion.
 *
 * @module
 */

import { formatProcessOutput } from "../../../core/credentials/process-output.ts";
import type { KeySpecification } from "../../../core/crypto/provider.ts";
import { createSession, type Session } from "../../../core/session/create-session.ts";
import type { TraceEntry } from "../../../core/decision/decision-trace.ts";
import type { Identity } from "../../../core/sign/identity.ts";
import { signRequest } from "../../../core/sigv4/hmac-scheme.ts";
import type { Host, RunningServer } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import type { FlagValues } from "../flags.ts";
import { createAuthority, issueIdentity } from "../demo-authority.ts";

const REGION = "eu-central-1";
const TRUST_ANCHOR_ARN =
  "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000";
const PROFILE_ARN = "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001";
const ROLE_ARN = "arn:aws:iam::123456789012:role/Demo";

const KEYS: readonly (readonly [string, KeySpecification])[] = [
  ["RSA-2048", { type: "rsa", bits: 2048 }],
  ["P-256", { type: "ec", curve: "P-256" }],
  ["ML-DSA-65", { type: "ml-dsa", parameterSet: "ML-DSA-65" }],
];

/** The command. */
export const DEMO: CommandCode = {
  description: "Starts the local service, makes a CA and certificates, gets credentials with each, calls STS with " +
    "them, and shows a refusal with its explanation. Nothing leaves the machine.",
  flags: [],
  exclusive: [],
  execute: demo,
};

/**
 * Runs the demonstration; answers 0 when everything went as it should, a refusal included, and 1 otherwise.
 *
 * Secret: prints credentials, which only the local service of this process knows and which end with it.
 */
async function demo(host: Host, values: FlagValues): Promise<number> {
  const { createEmulator } = await import("../../emulator/mod.ts");
  const json = values.boolean("json");
  const say = (text: string) => json ? Promise.resolve() : host.writeOutput(text + "\n");
  const authority = await createAuthority(host, "Demo CA");
  const emulator = createEmulator({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: authority.certificate.der }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN }],
    now: host.now,
    crypto: host.crypto(),
    sha256: host.sha256,
  });
  const server = await host.serve(emulator.fetch, { hostname: "127.0.0.1", port: 0 });
  try {
    const endpoint = `http://127.0.0.1:${server.port}`;
    await say(`The local IAM Roles Anywhere listens on ${endpoint} and trusts "Demo CA".\n`);
    const sessions: object[] = [];
    for (const [name, specification] of KEYS) {
      const identity = await issueIdentity(host, authority, `demo-${name.toLowerCase()}`, specification);
      const session = await openSession(host, identity, endpoint);
      await say(`${name}: ${identity.signer.algorithm.sigv4}, certificate ${identity.certificate.serialNumberHex}`);
      await say(formatProcessOutput(session.credentials));
      const caller = await callerIdentity(host, session, server);
      await say(`GetCallerIdentity, signed with them: ${caller}\n`);
      const { signer: { algorithm }, certificate } = identity;
      const { expiration } = session.credentials;
      const { serialNumberHex: serialNumber } = certificate;
      sessions.push({ key: name, algorithm: algorithm.sigv4, serialNumber, caller, expiration });
    }
    const refusal = await refusalOf(host, endpoint);
    const { trace } = emulator.decisions().at(-1)!;
    if (json) {
      await host.writeOutput(JSON.stringify({ endpoint, sessions, refusal: refusal?.message ?? null, trace }) + "\n");
    } else await showRefusal(say, refusal, trace);
    return refusal === undefined ? 1 : 0;
  } finally {
    await server.close();
  }
}

/** What a certificate is answered that another CA issued, under the same name; undefined: it was accepted. */
async function refusalOf(host: Host, endpoint: string): Promise<Error | undefined> {
  const stranger = await createAuthority(host, "Demo CA");
  const identity = await issueIdentity(host, stranger, "demo-intruder", { type: "ec", curve: "P-256" });
  try {
    await openSession(host, identity, endpoint);
    return undefined;
  } catch (error) {
    if (error instanceof Error && "serviceCode" in error) return error;
    throw error;
  }
}

async function showRefusal(
  say: (text: string) => Promise<void>,
  refusal: Error | undefined,
  trace: readonly TraceEntry[],
): Promise<void> {
  if (refusal === undefined) {
    return await say("The certificate of a CA that is not trusted was accepted: that is a defect");
  }
  await say(`A certificate of another CA that calls itself "Demo CA" is refused:\n${refusal.message}`);
  await say("\nWhat the service says in one sentence, the local one explains:");
  for (const { check, outcome, detail } of trace) {
    if (outcome !== "skip") await say(`  ${outcome === "pass" ? "pass" : "FAIL"}  ${check}: ${detail}`);
  }
}

function openSession(host: Host, identity: Identity, endpoint: string): Promise<Session> {
  return createSession({
    identity,
    trustAnchorArn: TRUST_ANCHOR_ARN,
    profileArn: PROFILE_ARN,
    roleArn: ROLE_ARN,
    endpoint,
  }, {
    fetch: host.httpClient({ serverCertificate: "verify" }),
    now: host.now,
    sleep: host.sleep,
    random: host.random,
    sha256: host.sha256,
  });
}

/** Asks STS who we are: the service verifies the signature that the credentials make. */
async function callerIdentity(host: Host, session: Session, server: RunningServer): Promise<string> {
  const body = "Action=GetCallerIdentity&Version=2011-06-15";
  const headers = { host: `127.0.0.1:${server.port}`, "content-type": "application/x-www-form-urlencoded" };
  const signed = signRequest({ method: "POST", path: "/", headers, body }, {
    credentials: session.credentials,
    region: REGION,
    service: "sts",
    timeMs: host.now(),
    sha256: host.sha256,
  });
  const send = host.httpClient({ serverCertificate: "verify" });
  const response = await send(`http://${headers.host}/`, {
    method: "POST",
    headers: { ...headers, ...signed.headers },
    body,
    redirect: "manual",
  });
  const text = await response.text();
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(text)?.[1];
  if (response.status !== 200 || arn === undefined) throw new Error(`STS answered ${response.status}: ${text}`);
  return arn;
}
