/**
 * The commands: name, summary, and where their code is.
 *
 * @module
 */

import { VERSION } from "../../core/version.ts";
import type { Host } from "../host.ts";
import { CREDENTIAL_PROCESS } from "./commands/credential-process.ts";
import type { Flag, FlagValues } from "./flags.ts";

/** What is known of a command before its code is loaded. */
export interface Command {
  /** The word or the two words that call it. */
  readonly name: string;
  /** One line of help. */
  readonly summary: string;
  /** Loads its code. */
  load(): CommandCode | Promise<CommandCode>;
}

/** The code of one command. */
export interface CommandCode {
  /** What it does, for its own help. */
  readonly description: string;
  /** The flags that it knows. */
  readonly flags: readonly Flag[];
  /** Pairs of flags that exclude each other. */
  readonly exclusive: readonly (readonly [string, string])[];
  /** Whether words behind `--` are a program to run and its arguments. Default no. */
  readonly takesProgram?: true;
  /** The exit code of every error, usage errors included. Default 1. */
  readonly errorExitCode?: number;
  /** Does it, and answers the exit code. */
  execute(host: Host, values: FlagValues): Promise<number>;
}

/** Every command but `help`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "credential-process",
    summary: "Get credentials and print them as an AWS SDK's credential_process expects",
    load: () => CREDENTIAL_PROCESS,
  },
  {
    name: "serve",
    summary: "Serve credentials to the AWS SDKs of this machine: IMDSv2 and container credentials",
    load: async () => (await import("./commands/serve.ts")).SERVE,
  },
  {
    name: "update",
    summary: "Keep credentials fresh in the shared credentials file",
    load: async () => (await import("./commands/update.ts")).UPDATE,
  },
  {
    name: "exec",
    summary: "Run a program with credentials in its environment",
    load: async () => (await import("./commands/exec.ts")).EXEC,
  },
  {
    name: "env",
    summary: "Print credentials as environment variables for a shell, a file or GitHub Actions",
    load: async () => (await import("./commands/env.ts")).ENV,
  },
  {
    name: "cache list",
    summary: "List what is in the shared cache of credentials, without any secret",
    load: async () => (await import("./commands/cache.ts")).CACHE_LIST,
  },
  {
    name: "cache clear",
    summary: "Remove everything from the shared cache of credentials",
    load: async () => (await import("./commands/cache.ts")).CACHE_CLEAR,
  },
  {
    name: "read-certificate-data",
    summary: "Print facts about a certificate",
    load: async () => (await import("./commands/read-certificate-data.ts")).READ_CERTIFICATE_DATA,
  },
  {
    name: "sign-string",
    summary: "Sign a fixed text to prove that the private key works",
    load: async () => (await import("./commands/sign-string.ts")).SIGN_STRING,
  },
  {
    name: "verify",
    summary: "Validate a certificate chain offline",
    load: async () => (await import("./commands/verify.ts")).VERIFY,
  },
  {
    name: "explain",
    summary: "Say what IAM Roles Anywhere would answer to a certificate, and why",
    load: async () => (await import("./commands/explain.ts")).EXPLAIN,
  },
  {
    name: "doctor",
    summary: "Check a config line or flags, files, certificate, chain, clock and endpoint, and say what to do",
    load: async () => (await import("./commands/doctor.ts")).DOCTOR,
  },
  {
    name: "init",
    summary: "Try a certificate and its flags, and write a profile for them into the AWS config file",
    load: async () => (await import("./commands/init.ts")).INIT,
  },
  {
    name: "bridge",
    summary: "Sign with keys of this machine for programs that do not have them: socket, HTTPS, standard streams",
    load: async () => (await import("./commands/bridge.ts")).BRIDGE,
  },
  {
    name: "token list",
    summary: "List PKCS#11 tokens, and the certificates and keys on them, as URIs to paste",
    load: async () => (await import("./commands/token.ts")).TOKEN_LIST,
  },
  {
    name: "token generate",
    summary: "Make a key on a PKCS#11 token or in a TPM, which never leaves it",
    load: async () => (await import("./commands/token.ts")).TOKEN_GENERATE,
  },
  {
    name: "token csr",
    summary: "Print a certificate request that is signed with a key on a token or in a TPM",
    load: async () => (await import("./commands/token.ts")).TOKEN_CSR,
  },
  {
    name: "token import-certificate",
    summary: "Write a certificate beside its private key on a token",
    load: async () => (await import("./commands/token.ts")).TOKEN_IMPORT,
  },
  {
    name: "emulator",
    summary: "Run the service on this machine, for tests",
    load: async () => (await import("./commands/emulator.ts")).EMULATOR,
  },
  {
    name: "demo",
    summary: "Show the whole way from a certificate to credentials on this machine alone",
    load: async () => (await import("./commands/demo.ts")).DEMO,
  },
  {
    name: "completion bash",
    summary: "Print a script that completes commands and flags in bash",
    load: async () => (await import("./commands/completion.ts")).completion("bash", () => COMMANDS),
  },
  {
    name: "completion zsh",
    summary: "Print a script that completes commands and flags in zsh",
    load: async () => (await import("./commands/completion.ts")).completion("zsh", () => COMMANDS),
  },
  {
    name: "completion fish",
    summary: "Print a script that completes commands and flags in fish",
    load: async () => (await import("./commands/completion.ts")).completion("fish", () => COMMANDS),
  },
  {
    name: "completion powershell",
    summary: "Print a script that completes commands and flags in PowerShell",
    load: async () => (await import("./commands/completion.ts")).completion("powershell", () => COMMANDS),
  },
  {
    name: "version",
    summary: "Print the version",
    load: () => ({ description: "Prints the version.", flags: [], exclusive: [], execute: version }),
  },
];

async function version(host: Host, values: FlagValues): Promise<number> {
  const { runtime, runtimeVersion, platform } = host;
  const facts = { version: VERSION, runtime, runtimeVersion, platform };
  await host.writeOutput((values.boolean("json") ? JSON.stringify(facts) : VERSION) + "\n");
  return 0;
}
