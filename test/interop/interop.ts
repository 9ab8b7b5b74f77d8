/**
 * Clients that are not ours, and what each must manage with our credentials and signatures. For Node.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { nodeHost } from "../../runtimes/node/mod.ts";
import {
  type LocalService,
  SESSION_FLAGS,
  startService,
  type TestAuthority,
  testAuthority,
  trustingEmulator,
} from "../support/local-service.ts";
import { commandLines, type Program } from "../support/programs.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import { awsClientItems } from "./aws-clients.ts";
import { completionItems } from "./completions.ts";
import { differentialItems } from "./differential.ts";
import { edgeBrowserItems } from "./edge-browser.ts";
import { emulatorClientItems } from "./emulator-clients.ts";
import { emulatorOperationItems } from "./emulator-operation.ts";
import { emulatorPageItems } from "./emulator-page.ts";
import { ffiBackendItems } from "./ffi-backends.ts";
import { kernelKeyringItems } from "./kernel-keyring.ts";
import { nssItems } from "./nss.ts";
import { nssMlDsaItems } from "./nss-ml-dsa.ts";
import { opensslItems } from "./openssl.ts";
import { p11KitItems } from "./p11-kit.ts";
import { pkcs12Items } from "./pkcs12.ts";
import { presignedUrlItems } from "./presigned-urls.ts";
import { redisItems } from "./redis.ts";
import { remoteSignerItems } from "./remote-signer.ts";
import { serveClientItems } from "./serve-clients.ts";
import { sshAgentItems } from "./ssh-agent.ts";
import { softHsmItems } from "./softhsm.ts";
import { softwareTpmItems } from "./swtpm.ts";
import { promptItems } from "./terminal-prompt.ts";
import { tokenCommandItems } from "./token-commands.ts";
import { tpmCommandItems } from "./tpm-commands.ts";
import { tpmTokenItems } from "./tpm2-pkcs11.ts";
import { wasmComponentItems } from "./wasm-component.ts";
import { wranglerItems } from "./wrangler.ts";
import { windowsItems } from "./windows.ts";

/** One thing to do with a client that is not ours. */
export interface InteropItem {
  /** `AWS SDK for JavaScript: credential_process on Node 20`. */
  readonly name: string;
  /** Whether it is part of `npm test`, because the client comes with the test packages and it takes a moment. */
  readonly quick: boolean;
  /** Does it; throws when it does not work, and {@link Missing} when the client is not there. */
  run(): Promise<void>;
}

/** A client that this machine lacks, and how to get it. */
export class Missing extends Error {}

/** What the items share. */
export interface InteropContext {
  readonly folder: TemporaryFolder;
  readonly authority: TestAuthority;
  readonly service: LocalService;
  readonly programs: readonly Program[];
  /** Flags of `credential-process` that get credentials of the service. */
  readonly flags: readonly string[];
  close(): Promise<void>;
}

/** Starts the service and writes the files. */
export async function interopContext(): Promise<InteropContext> {
  const folder = temporaryFolder();
  const authority = await testAuthority();
  const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));
  const client = await authority.issueBelow("interop client");
  const encrypted = await authority.issue("encrypted interop client", { keyPem: KEYS["P-256-pkcs8"] });
  folder.write("encrypted-cert.pem", encrypted.certificatePem);
  folder.write("encrypted-key.pem", KEYS["encrypted-aes-256-cbc-hmac-sha256"]);
  return {
    folder,
    authority,
    service,
    programs: await commandLines(),
    flags: [
      "--certificate",
      folder.write("cert.pem", client.certificatePem),
      "--private-key",
      folder.write("key.pem", client.keyPem),
      "--intermediates",
      folder.write("chain.pem", authority.intermediate.certificatePem),
      ...SESSION_FLAGS,
      "--endpoint",
      service.endpoint,
    ],
    close: async () => {
      await service.close();
      folder.remove();
    },
  };
}

/** Everything, in the order of the report. */
export function interopItems(context: InteropContext): readonly InteropItem[] {
  return [
    ...awsClientItems(context),
    ...completionItems(context),
    ...serveClientItems(context),
    ...emulatorClientItems(context),
    ...opensslItems(context),
    ...pkcs12Items(context),
    ...softHsmItems(context),
    ...nssItems(context),
    ...nssMlDsaItems(context),
    ...p11KitItems(context),
    ...softwareTpmItems(context),
    ...tpmTokenItems(context),
    ...redisItems(context),
    ...ffiBackendItems(context),
    ...promptItems(context),
    ...tokenCommandItems(context),
    ...tpmCommandItems(context),
    ...remoteSignerItems(context),
    ...sshAgentItems(context),
    ...kernelKeyringItems(context),
    ...wasmComponentItems(context),
    ...windowsItems(context),
    ...differentialItems(),
    ...presignedUrlItems(),
    ...emulatorOperationItems(context),
    ...emulatorPageItems(context),
    ...edgeBrowserItems(context),
    ...wranglerItems(context),
  ];
}

/** The first line that a program prints about its version; {@link Missing} with the advice when it does not start. */
export function requireProgram(program: string, args: readonly string[], advice: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], { encoding: "utf8", timeout: 30_000 });
  if (error !== undefined) throw new Missing(`${program} does not start here (${error.message}); ${advice}`);
  if (status !== 0) throw new Missing(`"${program} ${args.join(" ")}" fails on this machine; ${advice}`);
  return `${stdout}${stderr}`.trim().split("\n")[0]!;
}
