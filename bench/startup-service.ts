/**
 * The local service that topic `startup` calls, in a process of its own: plain and over TLS, both on loopback.
 *
 * It verifies the first request, and answers every later one with the same octets: what is measured is the client.
 *
 * Writes the files of a client into the folder that it is given, prints one line of JSON when it listens, and ends when
 * its standard input does.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Bytes } from "../core/bytes/bytes.ts";
import { encodePkcs8 } from "../core/crypto/pkcs8-encoding.ts";
import { sessionAlgorithm } from "../core/crypto/signature-algorithm.ts";
import type { Signer } from "../core/crypto/signer.ts";
import {
  basicConstraintsExtension,
  type ExtensionTemplate,
  issueCertificate,
  keyUsageExtension,
  subjectAlternativeNameExtension,
} from "../core/issue/mod.ts";
import { encodePem } from "../core/pem/pem.ts";
import { createEmulator } from "../runtimes/emulator/mod.ts";
import { nodeCrypto } from "../runtimes/node/crypto.ts";
import { serve } from "../runtimes/node/serve.ts";
import { nodeSha256 } from "../runtimes/node/sha256.ts";

const ARN = "arn:aws:rolesanywhere:eu-central-1:123456789012";
const TRUST_ANCHOR_ARN = `${ARN}:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000`;
const PROFILE_ARN = `${ARN}:profile/0a1b2c3d-0000-4000-8000-000000000001`;
const ROLE_ARN = "arn:aws:iam::123456789012:role/Startup";

const folder = process.argv[2]!;
const crypto = nodeCrypto();
const authority = await makeKey();
const ca = await certify("Benchmark CA", authority.signer, [
  basicConstraintsExtension({ ca: true }),
  keyUsageExtension(["keyCertSign", "cRLSign"]),
]);
const client = await makeKey();
const leaf = await certify("startup", client.signer, [keyUsageExtension(["digitalSignature"])]);
const server = await makeKey();
const serverLeaf = await certify("127.0.0.1", server.signer, [
  keyUsageExtension(["digitalSignature"]),
  subjectAlternativeNameExtension([{ form: "iPAddress", value: Uint8Array.of(127, 0, 0, 1) }]),
]);

const files = {
  ca: write("ca.pem", "CERTIFICATE", ca),
  certificate: write("certificate.pem", "CERTIFICATE", leaf),
  privateKey: write("key.pem", "PRIVATE KEY", client.pkcs8),
};
const emulator = createEmulator({
  trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: ca }],
  profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
  roles: [{ arn: ROLE_ARN }],
  now: Date.now,
  crypto,
  sha256: nodeSha256,
});
const address = { hostname: "127.0.0.1", port: 0 };
let verified: { readonly body: ArrayBuffer; readonly status: number; readonly headers: Headers } | undefined;
const plain = await serve(answer, address);
const tls = await serve(answer, {
  ...address,
  tls: { certificate: encodePem("CERTIFICATE", serverLeaf), privateKey: encodePem("PRIVATE KEY", server.pkcs8) },
});
console.log(JSON.stringify({
  ...files,
  trustAnchorArn: TRUST_ANCHOR_ARN,
  profileArn: PROFILE_ARN,
  roleArn: ROLE_ARN,
  http: `http://127.0.0.1:${plain.port}`,
  https: `https://127.0.0.1:${tls.port}`,
}));
process.stdin.resume().on("end", () => process.exit(0));

async function answer(request: Request): Promise<Response> {
  if (verified === undefined) {
    const first = await emulator.fetch(request);
    if (first.status !== 201) return first;
    verified = { body: await first.arrayBuffer(), status: first.status, headers: first.headers };
  } else {
    await request.arrayBuffer();
  }
  return new Response(verified.body, verified);
}

async function makeKey(): Promise<{ readonly signer: Signer; readonly pkcs8: Bytes }> {
  const key = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" });
  return { signer: await crypto.importPrivateKey(key, sessionAlgorithm(key)), pkcs8: encodePkcs8(key) };
}

function certify(commonName: string, subject: Signer, extensions: readonly ExtensionTemplate[]): Promise<Bytes> {
  return issueCertificate({
    serialNumber: Date.now(),
    issuer: [{ type: "CN", value: "Benchmark CA" }],
    subject: [{ type: "CN", value: commonName }],
    notBefore: Date.now() - 60_000,
    notAfter: Date.now() + 86_400_000,
    publicKey: subject.publicKey,
    extensions,
  }, authority.signer);
}

/** Secret: the key's file is readable by its owner alone. */
function write(name: string, label: string, octets: Bytes): string {
  const path = join(folder, name);
  writeFileSync(path, encodePem(label, octets), { mode: 0o600 });
  return path;
}
