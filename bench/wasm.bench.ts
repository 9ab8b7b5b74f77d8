/**
 * Topic `wasm`: calls of the WebAssembly component through jco in Node.
 *
 * The limit is the package in the same process, which signs by `node:crypto`; and, because the component has a
 * cryptography of its own, the same program as JavaScript beside it, which says what the component itself costs.
 *
 * @module
 */

import { encodeUtf8 } from "../core/bytes/text.ts";
import { KeyCache, validatePath } from "../core/path/mod.ts";
import { encodePem } from "../core/pem/pem.ts";
import { layOutRequest } from "../core/session/request.ts";
import { createIdentity } from "../core/sign/identity.ts";
import { loadSoftwareSigner } from "../core/sign/load-software-signer.ts";
import { createHmacSigner } from "../core/sigv4/mod.ts";
import { readCertificates } from "../core/x509/mod.ts";
import { paths, sessions, signing } from "../runtimes/wasm/component.ts";
import { makeChain } from "./chain-fixture.ts";
import { makeFixture } from "./fixtures.ts";
import type { Contender, Group } from "./harness.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";
import { TASK } from "./sigv4-groups.ts";

/** What was built. */
export interface WasmTarget {
  /** URL of the module that jco made. */
  readonly module: string;
  /** 10^6 octets of the component, and of our program in it. */
  readonly megabytes: { readonly component: number; readonly program: number };
}

interface Component {
  readonly signing: typeof signing;
  readonly sessions: typeof sessions;
  readonly paths: typeof paths;
}

const COMPONENT = "component";
const PROGRAM = "the same program as JavaScript";
const PACKAGE = "the package";

/** Rounds of what takes a third of a second. */
const FEW_ROUNDS = 11;

const ACCOUNT = "arn:aws:rolesanywhere:eu-central-1:123456789012";
const ARNS = {
  trustAnchorArn: `${ACCOUNT}:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000`,
  profileArn: `${ACCOUNT}:profile/0a1b2c3d-0000-4000-8000-000000000001`,
  roleArn: "arn:aws:iam::123456789012:role/Edge",
};

/** Groups of this topic. */
export async function wasmGroups(platform: Platform, _: unknown, { module }: WasmTarget): Promise<Group[]> {
  const component: Component = await import(module);
  const ours: Component = { signing, sessions, paths };
  return [
    signRequestGroup(component, ours, platform),
    await sessionRequestGroup(component, ours, platform),
    await verifyPathGroup(component, ours, platform),
  ];
}

function signRequestGroup(component: Component, ours: Component, { sha256 }: Platform): Group {
  const { method, host, path, credentials, region, service, timeMs } = TASK;
  const headers = { host, ...TASK.headers };
  const body = encodeUtf8(TASK.body);
  const request = {
    method,
    path,
    query: "",
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body,
  };
  const by = ({ signing }: Component) => () =>
    signing.signRequest(request, credentials, { region, service }, BigInt(timeMs));
  const signer = createHmacSigner(credentials, { region, service, sha256 });
  return grouped("sign-request", by(component), by(ours), () => signer.sign({ method, path, headers, body }, timeMs));
}

async function sessionRequestGroup(component: Component, ours: Component, platform: Platform): Promise<Group> {
  const { certificate, pkcs8 } = await makeFixture("P-256");
  const identity = {
    certificate: encodePem("CERTIFICATE", certificate.der),
    privateKey: encodePem("PRIVATE KEY", pkcs8),
  };
  const options = { ...ARNS, fips: false, dualStack: false };
  const by = ({ sessions }: Component) => () => sessions.createSessionRequest(identity, options, BigInt(NOW_MS));
  const { crypto, sha256 } = platform;
  const attempt = { invocationId: "0a1b2c3d-0000-4000-8000-000000000002", attempt: 1, maxAttempts: 1 };
  return grouped("create-session-request", by(component), by(ours), async () => {
    const signer = await loadSoftwareSigner(identity.privateKey, { crypto });
    const made = await createIdentity({ certificate: identity.certificate, signer });
    return await layOutRequest(made, ARNS, sha256).sign(NOW_MS, attempt);
  });
}

async function verifyPathGroup(component: Component, ours: Component, { crypto }: Platform): Promise<Group> {
  const chain = await makeChain("P-256");
  const [certificate, intermediate, root] = [chain.leaf, chain.intermediate, chain.root].map((der) =>
    encodePem("CERTIFICATE", der)
  ) as [string, string, string];
  const question = {
    certificate,
    intermediates: [intermediate],
    anchors: [root],
    crls: [],
    unknownStatus: "deny",
    timeMs: BigInt(NOW_MS),
  } as const;
  const by = ({ paths }: Component) => () => paths.verifyPath(question);
  return grouped("verify-path", by(component), by(ours), () =>
    validatePath(readCertificates(certificate)[0]!, {
      anchors: readCertificates(root),
      intermediates: readCertificates(intermediate),
      time: NOW_MS,
      crypto,
      revocation: "skip",
      keys: new KeyCache(),
    }));
}

function grouped(
  name: string,
  component: Contender["run"],
  program: Contender["run"],
  inPackage: Contender["run"],
): Group {
  return {
    name,
    unit: "ms",
    contenders: [
      { name: COMPONENT, run: component },
      { name: PROGRAM, run: program },
      { name: PACKAGE, run: inPackage },
    ],
    comparisons: [
      { name: COMPONENT, against: PACKAGE },
      { name: COMPONENT, against: PROGRAM },
      { name: PROGRAM, against: PACKAGE },
    ],
    rounds: FEW_ROUNDS,
  };
}
