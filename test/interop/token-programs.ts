/**
 * Programs of users that reach tokens through the published package, in every runtime, and what their items share.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePem } from "../../core/pem/pem.ts";
import { issueCertificate, keyUsageExtension } from "../../core/issue/mod.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { SESSION_ARNS } from "../support/local-service.ts";
import { runProgram, runtimeProgram } from "../support/programs.ts";
import { VALIDITY } from "../support/test-identity.ts";
import { type InteropContext, Missing } from "./interop.ts";

/** The runtimes that reach tokens. */
export const TOKEN_RUNTIMES = ["Node 20", "current Node", "Deno", "Bun"] as const;

/** One of them. */
export type TokenRuntime = typeof TOKEN_RUNTIMES[number];

/** What a job of `token-client.mjs` answers. */
export interface JobOutcome {
  // deno-lint-ignore no-explicit-any
  readonly value?: any;
  readonly error?: { readonly code?: string; readonly message: string; readonly shown: string };
  /** Everything that the program printed. */
  readonly printed: string;
}

/** A folder in which a user's program stands. */
export interface TokenPrograms {
  /** The folder; absolute. */
  readonly path: string;
  /** Environment of every program. */
  readonly environment: Record<string, string>;
  /** What every runtime is started through: the loader of another system, say. */
  readonly through: string[];
  /** Does a job in a runtime; throws when the program did not end well. */
  run(runtime: TokenRuntime, job: Readonly<Record<string, unknown>>): Promise<JobOutcome>;
  /** The same, and the job must succeed. */
  // deno-lint-ignore no-explicit-any
  value(runtime: TokenRuntime, job: Readonly<Record<string, unknown>>): Promise<any>;
}

/**
 * Puts the published package and koffi where a program finds them.
 *
 * @param script the program, of this folder
 * @param permissions what Deno allows it; default what tokens need
 */
export function tokenPrograms(
  context: InteropContext,
  name: string,
  script: string = "token-client.mjs",
  permissions: readonly string[] = [],
): TokenPrograms {
  const path = join(context.folder.path, name);
  const root = repositoryRoot();
  const installed = join(path, "node_modules", "anyrole");
  mkdirSync(installed, { recursive: true });
  for (const part of ["core", "runtimes", "hsm-bridge", "chunks"]) {
    cpSync(join(root, "dist", part), join(installed, "dist", part), { recursive: true });
  }
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  symlinkSync(join(root, "test/runtimes/node_modules/koffi"), join(path, "node_modules", "koffi"));
  symlinkSync(join(root, "test/runtimes/node_modules/@koromix"), join(path, "node_modules", "@koromix"));
  writeFileSync(
    join(path, "package.json"),
    JSON.stringify({ type: "module", dependencies: { anyrole: "*", koffi: "*" } }),
  );
  cpSync(join(root, "test/interop", script), join(path, script));
  const environment: Record<string, string> = {};
  const programs: TokenPrograms = {
    path,
    environment,
    through: [],
    run: async (runtime, job) => {
      const started = await commandOf(runtime, join(path, script), permissions);
      const [program, ...words] = [...programs.through, ...started];
      const input = { 0: JSON.stringify(job) };
      const { code, output, errors } = await runProgram([program!, ...words], [], environment, input);
      const printed = new TextDecoder().decode(output);
      if (code !== 0 || printed === "") throw new Error(`${runtime} ended with ${code}: ${errors.slice(0, 2000)}`);
      for (const secret of ["pin", "password", "parentPassword"]) {
        requireHidden(String(job[secret] ?? ""), printed + errors + words.join(" "));
      }
      return { ...JSON.parse(printed) as JobOutcome, printed: printed + errors };
    },
    value: async (runtime, job) => {
      const { value, error } = await programs.run(runtime, job);
      if (error !== undefined) throw new Error(`${runtime}: ${error.code}: ${error.message}`);
      return value;
    },
  };
  return programs;
}

/** Looks at the signer of a job, with the tests of every signer; throws what it does wrong. */
export async function requireConformance(
  programs: TokenPrograms,
  runtime: TokenRuntime,
  job: Readonly<Record<string, unknown>>,
): Promise<void> {
  const outfile = join(programs.path, "signer-faults.mjs");
  if (!existsSync(outfile)) {
    const { build } = await import("esbuild");
    const resolveDir = repositoryRoot();
    const contents = `export { signerFaults } from "./test/support/signer-faults.ts";`;
    await build({
      stdin: { contents, resolveDir, loader: "js" },
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2022",
      logLevel: "error",
    });
  }
  const { faults } = await programs.value(runtime, { ...job, do: "conform" }) as { readonly faults: readonly string[] };
  if (faults.length > 0) throw new Error(`${runtime}: ${faults.join("; ")}`);
}

/** A certificate of the context's intermediate authority for a public key. */
export async function certify(context: InteropContext, name: string, publicKey: string): Promise<Uint8Array> {
  const { certificate, signer } = context.authority.intermediate;
  return await issueCertificate({
    serialNumber: BigInt(Date.now()),
    issuer: certificate.subject,
    subject: [{ type: "CN", value: name }],
    ...VALIDITY,
    publicKey: new Uint8Array(Buffer.from(publicKey, "base64")),
    extensions: [keyUsageExtension(["digitalSignature"])],
  }, signer);
}

/** The job that gets credentials of the local service. */
export function credentialsJob(context: InteropContext, identity: Readonly<Record<string, unknown>>) {
  const session = { ...SESSION_ARNS, endpoint: context.service.endpoint, region: "us-east-1" };
  return { do: "credentials", identity, session };
}

/** Verifies signatures of `message 0`, `message 1`, … with OpenSSL, as it is in Node. */
export function verifyWithOpenssl(
  { publicKey, signatures }: { readonly publicKey: string; readonly signatures: readonly string[] },
  count: number,
): void {
  if (signatures.length !== count) throw new Error(`${signatures.length} signatures, ${count} were asked for`);
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  for (const [i, signature] of signatures.entries()) {
    if (!verify("sha256", Buffer.from(`message ${i}`), key, Buffer.from(signature, "base64"))) {
      throw new Error(`signature ${i} does not verify`);
    }
  }
}

/** Checks a certificate request with the program openssl. */
export function verifyRequest(context: InteropContext, request: string): void {
  const pem = encodePem("CERTIFICATE REQUEST", new Uint8Array(Buffer.from(request, "base64")));
  tool("openssl", ["req", "-verify", "-noout", "-in", context.folder.write("token.csr", pem)]);
}

/** Runs a tool to its end. */
export function tool(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): string {
  const ended = spawnSync(program, [...args], {
    encoding: "utf8",
    timeout: 30_000,
    env: { ...process.env, ...environment },
  });
  if ((ended.error as { code?: string } | undefined)?.code === "ENOENT") {
    throw new Missing(`${program} is not on this machine; install it with your packages`);
  }
  if (ended.status !== 0) throw new Error(`${program} ${args[0]} ended with ${ended.status}: ${ended.stderr}`);
  return ended.stdout;
}

/** Checks that a job failed with a code, and that nothing of it shows a secret. */
export function requireFailure({ error, printed }: JobOutcome, code: string, secret?: string): void {
  if (error?.code !== code) throw new Error(`${code} was expected, not ${printed.slice(0, 500)}`);
  if (secret !== undefined && printed.includes(secret)) throw new Error(`the PIN is printed: ${printed}`);
}

/** Checks that a secret which occurs nowhere else by chance is neither printed nor an argument of a program. */
function requireHidden(secret: string, shown: string): void {
  if (secret.startsWith("canary") && shown.includes(secret)) throw new Error(`it is shown: ${shown.slice(0, 500)}`);
}

async function commandOf(
  runtime: TokenRuntime,
  script: string,
  permissions: readonly string[],
): Promise<[string, ...string[]]> {
  const names = { "Node 20": "node20", "current Node": "node", Deno: "deno", Bun: "bun" } as const;
  const { program, missing } = await runtimeProgram(names[runtime]);
  if (program === undefined) throw new Missing(missing ?? `${runtime} is not on this machine`);
  if (runtime === "Deno") {
    const allowed = permissions.length > 0 ? permissions : [
      "--allow-ffi",
      "--allow-env",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "--allow-net=127.0.0.1",
    ];
    return [program, "run", "--quiet", "--no-prompt", "--no-lock", "--node-modules-dir=manual", ...allowed, script];
  }
  return runtime === "Bun" ? [program, "run", script] : [program, script];
}
