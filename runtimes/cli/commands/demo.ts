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
async function demo(host: Host): Promise<number> {
  const { createEmulator } = await import("../../emulator/mod.ts");
  const say = (text: string) => host.writeOutput(text + "\n");
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
    for (const [name, specification] of KEYS) {
      const identity = await issueIdentity(host, authority, `demo-${name.toLowerCase()}`, specification);
      const session = await openSession(host, identity, endpoint);
      await say(`${name}: ${identity.signer.algorithm.sigv4}, certificate ${identity.certificate.serialNumberHex}`);
      await say(formatProcessOutput(session.credentials));
      const caller = await callerIdentity(host, session, server);
      await say(`GetCallerIdentity, signed with them: ${caller}\n`);
    }
    return await showRefusal(host, endpoint, () => emulator.decisions().at(-1)!.trace);
  } finally {
    await server.close();
  }
}

/** A certificate that another CA issued, under the same name. */
async function showRefusal(host: Host, endpoint: string, lastTrace: () => readonly TraceEntry[]): Promise<number> {
  const stranger = await createAuthority(host, "Demo CA");
  const identity = await issueIdentity(host, stranger, "demo-intruder", { type: "ec", curve: "P-256" });
  try {
    await openSession(host, identity, endpoint);
  } catch (error) {
    if (!(error instanceof Error && "serviceCode" in error)) throw error;
    await host.writeOutput(`A certificate of another CA that calls itself "Demo CA" is refused:\n${error.message}\n`);
    await host.writeOutput("\nWhat the service says in one sentence, the local one explains:\n");
    for (const { check, outcome, detail } of lastTrace()) {
      if (outcome !== "skip") {
        await host.writeOutput(`  ${outcome === "pass" ? "pass" : "FAIL"}  ${check}: ${detail}\n`);
      }
    }
    return 0;
  }
  await host.writeOutput("The certificate of a CA that is not trusted was accepted: that is a defect\n");
  return 1;
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
