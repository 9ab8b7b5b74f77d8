/**
 * The local service on a socket of this machine, with the authority that it trusts. For Node, Bun and Deno.
 *
 * @module
 */

import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../runtimes/emulator/mod.ts";
import type { Host, RunningServer } from "../../runtimes/host.ts";
import { PROFILE_ARN, ROLE_ARN, testRandom, TRUST_ANCHOR_ARN } from "./test-authority.ts";
import { type TestIdentity, testIdentity, type TestIdentityOptions } from "./test-identity.ts";

/** What the service is asked for in tests. */
export const SESSION_ARNS: {
  readonly trustAnchorArn: string;
  readonly profileArn: string;
  readonly roleArn: string;
} = { trustAnchorArn: TRUST_ANCHOR_ARN, profileArn: PROFILE_ARN, roleArn: ROLE_ARN };

/** The same as flags of the command line. */
export const SESSION_FLAGS: readonly string[] = [
  "--trust-anchor-arn",
  TRUST_ANCHOR_ARN,
  "--profile-arn",
  PROFILE_ARN,
  "--role-arn",
  ROLE_ARN,
];

/** A running service. */
export interface LocalService {
  readonly emulator: Emulator;
  /** `http://127.0.0.1:…` or `https://127.0.0.1:…`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The root that the service trusts, its intermediate, and a way to have more certified by either. */
export interface TestAuthority {
  readonly root: TestIdentity;
  readonly intermediate: TestIdentity;
  /** Certified by the root. */
  issue(name: string, options?: Omit<TestIdentityOptions, "issuer">): Promise<TestIdentity>;
  /** Certified by the intermediate. */
  issueBelow(name: string, options?: Omit<TestIdentityOptions, "issuer">): Promise<TestIdentity>;
}

/** Makes the authority. */
export async function testAuthority(name: string = "Test"): Promise<TestAuthority> {
  const root = await testIdentity(`${name} Root CA`);
  const intermediate = await testIdentity(`${name} Intermediate CA`, { issuer: root, kind: "ca" });
  return {
    root,
    intermediate,
    issue: (name, options) => testIdentity(name, { ...options, issuer: root }),
    issueBelow: (name, options) => testIdentity(name, { ...options, issuer: intermediate }),
  };
}

/** An emulator that trusts the authority. */
export function trustingEmulator(
  authority: TestAuthority,
  now: () => number,
  options: Partial<EmulatorOptions> = {},
): Emulator {
  return createEmulator({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: authority.root.certificatePem }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN], acceptRoleSessionName: true }],
    roles: [{ arn: ROLE_ARN, id: "AROAEXAMPLEEXAMPLE123" }],
    now,
    crypto: portableProvider({ random: testRandom("local service") }),
    ...options,
  });
}

/** Serves an emulator on loopback; HTTPS when a server's identity is given. */
export async function startService(host: Host, emulator: Emulator, server?: TestIdentity): Promise<LocalService> {
  const running: RunningServer = await host.serve(emulator.fetch, {
    hostname: "127.0.0.1",
    port: 0,
    ...(server === undefined ? {} : { tls: { certificate: server.certificatePem, privateKey: server.keyPem } }),
  });
  const scheme = server === undefined ? "http" : "https";
  return { emulator, endpoint: `${scheme}://127.0.0.1:${running.port}`, close: () => running.close() };
}
