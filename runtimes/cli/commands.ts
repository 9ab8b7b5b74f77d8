/**
 * The commands: name, flags, and where their code is.
 *
 * @module
 */

import { VERSION } from "../../core/version.ts";
import type { Host } from "../host.ts";
import { credentialProcess } from "./commands/credential-process.ts";
import {
  CREDENTIAL_EXCLUSIONS,
  CREDENTIAL_FLAGS,
  READ_CERTIFICATE_EXCLUSIONS,
  READ_CERTIFICATE_FLAGS,
  SIGN_STRING_EXCLUSIONS,
  SIGN_STRING_FLAGS,
} from "./flag-tables.ts";
import type { Flag, FlagValues } from "./flags.ts";

/** One command. */
export interface Command {
  /** The word that calls it. */
  readonly name: string;
  /** One line of help. */
  readonly summary: string;
  /** What it does, for its own help. */
  readonly description: string;
  /** The flags that it knows. */
  readonly flags: readonly Flag[];
  /** Pairs of flags that exclude each other. */
  readonly exclusive: readonly (readonly [string, string])[];
  /** Loads its code; the function answers the exit code. */
  load(): Promise<(host: Host, values: FlagValues) => Promise<number>>;
}

/** Every command but `help`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "credential-process",
    summary: "Get credentials and print them as an AWS SDK's credential_process expects",
    description: "Signs one CreateSession request with the certificate's private key and prints the temporary " +
      "credentials as JSON on standard output.",
    flags: CREDENTIAL_FLAGS,
    exclusive: CREDENTIAL_EXCLUSIONS,
    load: () => Promise.resolve(credentialProcess),
  },
  {
    name: "read-certificate-data",
    summary: "Print facts about a certificate",
    description: "Prints the certificate's key type, serial number and signature algorithms as JSON.",
    flags: READ_CERTIFICATE_FLAGS,
    exclusive: READ_CERTIFICATE_EXCLUSIONS,
    load: async () => (await import("./commands/read-certificate-data.ts")).readCertificateData,
  },
  {
    name: "sign-string",
    summary: "Sign a fixed text to prove that the private key works",
    description: "Signs a fixed text with the private key and prints the signature.",
    flags: SIGN_STRING_FLAGS,
    exclusive: SIGN_STRING_EXCLUSIONS,
    load: async () => (await import("./commands/sign-string.ts")).signString,
  },
  {
    name: "demo",
    summary: "Show the whole way from a certificate to credentials on this machine alone",
    description: "Starts the local service, makes a CA and certificates, gets credentials with each, calls STS with " +
      "them, and shows a refusal with its explanation. Nothing leaves the machine.",
    flags: [],
    exclusive: [],
    load: async () => (await import("./commands/demo.ts")).demo,
  },
  {
    name: "version",
    summary: "Print the version",
    description: "Prints the version.",
    flags: [],
    exclusive: [],
    load: () => Promise.resolve(version),
  },
];

async function version(host: Host): Promise<number> {
  await host.writeOutput(VERSION + "\n");
  return 0;
}
