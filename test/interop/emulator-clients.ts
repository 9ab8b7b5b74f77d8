/**
 * The clients of AWS set the local service up themselves: its control plane, IAM, Private CA and S3 by the AWS SDKs for
 * JavaScript, boto3 and the AWS CLI; the session library of AWS Labs for Python gets credentials of it over TLS.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { issueCertificateRequest } from "../../core/issue/mod.ts";
import { encodePem } from "../../core/pem/pem.ts";
import { createEmulator } from "../../runtimes/emulator/mod.ts";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { startService } from "../support/local-service.ts";
import { runProgram } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testIdentity } from "../support/test-identity.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

/** The administrator that every client is. */
const ADMINISTRATOR = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" };

/** The items of this file. */
export function emulatorClientItems(context: InteropContext): readonly InteropItem[] {
  const here = join(repositoryRoot(), "test", "interop");
  const python = (mode: "command" | "library") => ["python3", join(here, "emulator_client.py"), mode] as const;
  return [
    {
      name: "AWS SDKs for JavaScript: control plane, IAM, Private CA and S3 of the emulator",
      quick: true,
      run: () => useEmulator(context, [process.execPath, join(here, "emulator-sdk-client.mjs")]),
    },
    {
      name: "boto3: control plane, IAM, Private CA and S3 of the emulator",
      quick: false,
      run: () => {
        requireProgram("python3", ["-c", "import boto3"], "install Python 3 and boto3 (pip install boto3)");
        return useEmulator(context, python("command"));
      },
    },
    {
      name: "iam-rolesanywhere-session for Python: credentials of the emulator over TLS",
      quick: false,
      run: () => {
        const advice = "install Python 3 and iam-rolesanywhere-session (pip install iam-rolesanywhere-session)";
        requireProgram("python3", ["-c", "import iam_rolesanywhere_session"], advice);
        return useEmulator(context, python("library"), "tls");
      },
    },
    {
      name: "AWS CLI: rolesanywhere, acm-pca, iam, sts and s3 of the emulator",
      quick: false,
      run: () => {
        requireProgram("aws", ["--version"], "install awscli with your system's packages");
        return useEmulator(context, ["bash", join(here, "emulator-aws-cli.sh")]);
      },
    },
  ];
}

/** Runs a client that sets an emulator of its own up; it prints `ok` when all went as it should. */
async function useEmulator(
  { programs }: InteropContext,
  command: readonly [string, ...string[]],
  transport: "plain" | "tls" = "plain",
): Promise<void> {
  const program = programs[0]!;
  if (program.command === undefined) throw new Missing(program.missing ?? program.name);
  const host = nodeHost();
  const folder = temporaryFolder();
  const tlsAuthority = await testIdentity("Interop TLS CA");
  const server = transport === "plain"
    ? undefined
    : await testIdentity("localhost", { kind: "server", issuer: tlsAuthority });
  const service = await startService(
    host,
    createEmulator({ accessKeys: [ADMINISTRATOR], now: Date.now, crypto: host.crypto(), sha256: host.sha256 }),
    server,
  );
  try {
    const client = await testIdentity("server-a");
    const request = await issueCertificateRequest({ subject: [{ type: "CN", value: "server-a" }] }, client.signer);
    folder.write("csr.pem", encodePem("CERTIFICATE REQUEST", request));
    const key = folder.write("key.pem", client.keyPem);
    const bundle = server === undefined ? {} : { AWS_CA_BUNDLE: folder.write("ca.pem", tlsAuthority.certificatePem) };
    const credentialProcess = [
      ...program.command,
      "credential-process",
      "--certificate",
      join(folder.path, "issued-cert.pem"),
      "--private-key",
      key,
      "--endpoint",
      service.endpoint,
    ];
    const { code, output, errors } = await runProgram(
      command,
      [service.endpoint, folder.path, JSON.stringify(credentialProcess)],
      {
        AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ADMINISTRATOR.secretAccessKey,
        AWS_REGION: "us-east-1",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_CONFIG_FILE: folder.write("config", ""),
        AWS_SHARED_CREDENTIALS_FILE: folder.write("credentials", ""),
        AWS_EC2_METADATA_DISABLED: "true",
        // A cached session would outlive the revocation that the clients wait for.
        ANYROLE_NO_CACHE: "1",
        ...bundle,
      },
    );
    const text = new TextDecoder().decode(output);
    if (code !== 0 || !text.endsWith("ok\n")) throw new Error(`it ended with ${code}\n${text}${errors}`.trim());
  } finally {
    await service.close();
    folder.remove();
  }
}
