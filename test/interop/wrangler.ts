/**
 * The example of Cloudflare by wrangler itself, with its own configuration and the package as it is published: a dry run of
 * the deployment, and `wrangler dev` with wrangler's own KV and Durable Objects on this machine. Nobody logs in anywhere.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { answerForwarded, EXAMPLES, forwardingText } from "../support/edge-examples.ts";
import { freePort } from "../support/free-port.ts";
import { testAuthority, trustingEmulator } from "../support/local-service.ts";
import { type Ended, runProgram, runtimeProgram } from "../support/programs.ts";
import type { TestIdentity } from "../support/test-identity.ts";
import { type InteropContext, type InteropItem, Missing } from "./interop.ts";

const SECRET = "a sealing secret of the worker, as long as it must be";
const OBJECT = "what is in the object";
const LOCATION =
  "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>";

/** How long it may take to start, in milliseconds. */
const START_LIMIT_MS = 60_000;

/** The items of this file. */
export function wranglerItems(context: InteropContext): readonly InteropItem[] {
  return [
    {
      name: "wrangler: a dry run of deploying the example",
      quick: false,
      run: async () => {
        const { run } = await projectOf(context, "wrangler-deploy");
        const { code, output, errors } = await run(["deploy", "--dry-run", "--outdir", "out"]);
        const printed = `${Buffer.from(output)}${errors}`;
        if (code !== 0) throw new Error(printed);
        for (const wanted of [/env\.KV \(.*KV Namespace/, /env\.SESSIONS \(SessionObject\).*Durable Object/]) {
          if (!wanted.test(printed)) throw new Error(`there is no ${wanted}: ${printed}`);
        }
        // What users see of a package that bundlers complain about.
        if (/warning/i.test(printed)) throw new Error(printed);
      },
    },
    {
      name: "wrangler: the example reads and writes S3 in wrangler dev, and shares its session through KV",
      quick: false,
      run: async () => {
        const project = await projectOf(context, "wrangler-dev");
        const authority = await testAuthority();
        const { TRUST_ANCHOR_ARN, PROFILE_ARN, ROLE_ARN } = project.variables;
        const allowed = { Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::*"] };
        const emulator = trustingEmulator(authority, Date.now, {
          trustAnchors: [{ arn: TRUST_ANCHOR_ARN!, certificates: authority.root.certificatePem }],
          profiles: [{ arn: PROFILE_ARN!, roleArns: [ROLE_ARN!] }],
          roles: [{
            arn: ROLE_ARN!,
            policies: { s3: JSON.stringify({ Version: "2012-10-17", Statement: [allowed] }) },
          }],
          region: "eu-central-1",
        });
        const server = await nodeHost().serve(
          async (request) => await answerForwarded(emulator, request) ?? new Response(null, { status: 404 }),
          { hostname: "127.0.0.1", port: 0 },
        );
        try {
          const client = await authority.issue("wrangler");
          context.folder.write("wrangler-dev/.dev.vars", secretsText(client));
          // The example as it is, but for where AWS is.
          context.folder.write(
            "wrangler-dev/local.js",
            `${forwardingText(`"http://127.0.0.1:${server.port}"`)}export * from "./worker.js";
             export { default } from "./worker.js";`,
          );
          const port = await freePort();
          const options = ["dev", "local.js", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
          // The second worker is another process, which finds in KV what the first has left.
          for (const first of [true, false]) {
            await project.during(options, async () => await useBucket(`http://127.0.0.1:${port}`, first));
          }
          const sessions = emulator.decisions().length;
          if (sessions !== 1) throw new Error(`${sessions} sessions were made`);
          await expectSealed(project);
        } finally {
          await server.close();
        }
      },
    },
  ];
}

/** Makes the bucket when there is none, writes an object when there is none, and reads it by several requests at once. */
async function useBucket(worker: string, first: boolean): Promise<void> {
  const expect = async (answer: Response, text: string): Promise<void> => {
    const found = await answer.text();
    if (answer.status !== 200 || found !== text) throw new Error(`the worker answered ${answer.status}: ${found}`);
  };
  if (first) {
    const made = await fetch(`${worker}/`, { method: "PUT", body: LOCATION });
    await expect(made, "");
    await expect(await fetch(`${worker}/object`, { method: "PUT", body: OBJECT }), "");
  }
  await Promise.all(Array.from({ length: 5 }, async () => await expect(await fetch(`${worker}/object`), OBJECT)));
}

/** Asks wrangler what is in its KV: one session, in which nothing can be read. */
async function expectSealed({ run }: Project): Promise<void> {
  const list = await run(["kv", "key", "list", "--binding", "KV", "--local"]);
  const names = (JSON.parse(String(Buffer.from(list.output))) as readonly { readonly name: string }[])
    .map(({ name }) => name);
  if (names.length !== 1 || !/^anyrole\/session\/[0-9a-f]{64}$/.test(names[0]!)) throw new Error(names.join(" "));
  const { output } = await run(["kv", "key", "get", names[0]!, "--binding", "KV", "--local"]);
  const entry = Buffer.from(output).toString("latin1");
  if (!entry.startsWith('{"version":') || /secretAccessKey|sessionToken|ASIA/.test(entry)) throw new Error(entry);
}

/** A project of wrangler. */
interface Project {
  readonly variables: Readonly<Record<string, string>>;
  /** Runs a command to its end. */
  run(args: readonly string[]): Promise<Ended>;
  /** Starts a server, does something while it runs, and ends it. */
  during(args: readonly string[], work: () => Promise<void>): Promise<void>;
}

/** The example in a folder of its own, with the package where npm puts it. */
async function projectOf({ folder }: InteropContext, name: string): Promise<Project> {
  const wrangler = join(repositoryRoot(), "test/runtimes/node_modules/wrangler/bin/wrangler.js");
  if (!existsSync(wrangler)) {
    throw new Missing("wrangler is not among the test packages; run npm install in test/runtimes");
  }
  const { program, missing } = await runtimeProgram("node");
  if (program === undefined) throw new Missing(missing);
  const cwd = join(folder.path, name);
  cpSync(join(EXAMPLES, "cloudflare-worker"), cwd, { recursive: true });
  installPackage(join(cwd, "node_modules", "anyrole"));
  const command = [program, wrangler] as const;
  const environment = {
    CI: "1",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    HOME: join(cwd, "home"),
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_SEND_METRICS: "false",
    XDG_CONFIG_HOME: join(cwd, "config"),
  };
  const configuration = readFileSync(join(cwd, "wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, "");
  return {
    variables: (JSON.parse(configuration) as { readonly vars: Readonly<Record<string, string>> }).vars,
    run: (args) => runProgram(command, [...args, "--cwd", cwd], environment),
    during: async (args, work) => {
      const child = spawn(command[0], [...command.slice(1), ...args, "--cwd", cwd], {
        env: { PATH: process.env["PATH"], NO_COLOR: "1", ...environment },
        stdio: ["ignore", "pipe", "pipe"],
        // Its workerd ends with it, as a group.
        detached: true,
      });
      const ended = once(child, "close");
      try {
        await ready(child);
        await work();
      } finally {
        process.kill(-child.pid!, "SIGKILL");
        await ended;
      }
    },
  };
}

/** Waits until wrangler says that it is ready. */
async function ready(child: ChildProcess): Promise<void> {
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`wrangler did not start: ${printed}`)), START_LIMIT_MS);
    const keep = (text: string): void => {
      printed += text;
      if (!printed.includes("Ready on")) return;
      clearTimeout(limit);
      resolve();
    };
    child.once("close", () => (clearTimeout(limit), reject(new Error(`wrangler ended: ${printed}`))));
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", keep);
  });
}

/** The files that are published. */
function installPackage(target: string): void {
  const root = repositoryRoot();
  mkdirSync(target, { recursive: true });
  cpSync(join(root, "package.json"), join(target, "package.json"));
  for (const part of ["core", "runtimes", "chunks"]) {
    cpSync(join(root, "dist", part), join(target, "dist", part), { recursive: true });
  }
}

/** The secrets as wrangler reads them. Secret: the result. */
function secretsText({ certificatePem, keyPem }: TestIdentity): string {
  const values = { CERTIFICATE: certificatePem, PRIVATE_KEY: keyPem, SEALING_SECRET: SECRET };
  return Object.entries(values).map(([name, value]) => `${name}="${value}"\n`).join("");
}
