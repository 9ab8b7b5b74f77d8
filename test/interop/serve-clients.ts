/**
 * The clients of AWS get credentials of `anyrole serve` through the instance metadata service and through the container
 * endpoint, from sessions of a few seconds, and see them replaced. For Node.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { startService, trustingEmulator } from "../support/local-service.ts";
import { type Program, runProgram } from "../support/programs.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

const ARN = "arn:aws:sts::123456789012:assumed-role/ExampleRole/0123456789ab";

/** Life of a session, in seconds. */
const SESSION_SECONDS = 8;

/** How long the server may take to start, in milliseconds. */
const START_LIMIT_MS = 20_000;

const SURFACES = ["IMDS", "container endpoint"] as const;

/** boto3 stretches the life of credentials of IMDS that end soon: every session of its own asks anew. */
const PYTHON = `
import boto3, sys, time
keys = set()
for call in range(100):
    session = boto3.Session(region_name="us-east-1")
    assert session.client("sts", endpoint_url=sys.argv[1]).get_caller_identity()["Arn"] == sys.argv[2]
    keys.add(session.get_credentials().access_key)
    if len(keys) == 2:
        print("replaced")
        break
    time.sleep(0.25)
`;

const SHELL = `
set -e
first=$(aws configure list | grep access_key)
for call in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  test "$(aws sts get-caller-identity --endpoint-url "$1" --query Arn --output text)" = "$2"
  next=$(aws configure list | grep access_key)
  if test "$first" != "$next"; then echo replaced; exit 0; fi
done
`;

/** The items of this file. */
export function serveClientItems(context: InteropContext): readonly InteropItem[] {
  const [node20, ...others] = context.programs;
  const sdk = join(repositoryRoot(), "test", "interop", "serve-sdk-client.mjs");
  const needsPython = () =>
    requireProgram("python3", ["-c", "import boto3"], "install Python 3 and boto3 (pip install boto3)");
  const needsCli = () => requireProgram("aws", ["--version"], "install awscli with your system's packages");
  return SURFACES.flatMap((surface): readonly InteropItem[] => [
    ...[node20!, ...others].map((program): InteropItem => ({
      name: `AWS SDK for JavaScript: ${surface} of anyrole serve on ${program.name}`,
      // It takes as long as a session lives.
      quick: program === node20,
      run: () => useServer(context, program, surface, [process.execPath, sdk]),
    })),
    {
      name: `boto3: ${surface} of anyrole serve`,
      quick: false,
      run: () => {
        needsPython();
        return useServer(context, node20!, surface, ["python3", "-c", PYTHON]);
      },
    },
    {
      name: `AWS CLI: ${surface} of anyrole serve`,
      quick: false,
      run: () => {
        needsCli();
        return useServer(context, node20!, surface, ["bash", "-c", SHELL, "bash"]);
      },
    },
  ]);
}

/** Runs a client that has nothing but the variables that the server prints. */
async function useServer(
  context: InteropContext,
  program: Program,
  surface: (typeof SURFACES)[number],
  client: readonly [string, ...string[]],
): Promise<void> {
  const emulator = trustingEmulator(context.authority, Date.now);
  emulator.setFaults([{ kind: "near-expiry", seconds: SESSION_SECONDS }]);
  const service = await startService(nodeHost(), emulator);
  const server = startServer(program, [
    ...context.flags.slice(0, -1),
    service.endpoint,
    "--token-file",
    join(context.folder.path, `token ${process.pid}`),
    "--port",
    "0",
  ]);
  try {
    const variable = await server.started;
    const { code, output, errors } = await runProgram(client, [service.endpoint, ARN], {
      AWS_CONFIG_FILE: context.folder.write("no config", ""),
      AWS_SHARED_CREDENTIALS_FILE: context.folder.write("no credentials", ""),
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      ...surface === "IMDS" ? { AWS_EC2_METADATA_SERVICE_ENDPOINT: variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") } : {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(context.folder.path, `token ${process.pid}`),
      },
    });
    const text = new TextDecoder().decode(output);
    if (code !== 0 || text !== "replaced\n") throw new Error(`it ended with ${code}\n${text}${errors}`.trim());
    const ended = await server.stop();
    if (ended !== 0) throw new Error(`anyrole serve ended with ${ended}\n${server.errors()}`);
  } finally {
    await server.stop();
    await service.close();
  }
}

interface Server {
  /** Resolves with what reads the variables that it printed. */
  readonly started: Promise<(name: string) => string>;
  errors(): string;
  stop(): Promise<number | string>;
}

function startServer({ command, missing }: Program, flags: readonly string[]): Server {
  if (command === undefined) throw new Missing(missing ?? "the runtime is not on this machine");
  // Deno's permissions stand before the program.
  const [program, ...args] = command[1] === "run" && command[0].includes("deno")
    ? [command[0], "run", "--allow-write", ...command.slice(2)] as const
    : command;
  const child = spawn(program, [...args, "serve", ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], DENO_DIR: process.env["DENO_DIR"], NO_COLOR: "1" },
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal ?? "nothing"))
  );
  let errors = "";
  const started = new Promise<(name: string) => string>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`anyrole serve did not start: ${errors}`)), START_LIMIT_MS);
    child.once("error", reject);
    void ended.then((code) => reject(new Error(`anyrole serve ended with ${code}: ${errors}`)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      if (!/AUTHORIZATION_TOKEN_FILE=.*\n/.test(errors)) return;
      clearTimeout(limit);
      resolve((name) => new RegExp(`^export ${name}=(.*)$`, "m").exec(errors)![1]!);
    });
  });
  return {
    started,
    errors: () => errors,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
