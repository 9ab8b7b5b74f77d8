/**
 * The clients of AWS: its SDK for JavaScript in every runtime that has files, its command line, and boto3. Each calls
 * GetCallerIdentity of the local service, whose STS verifies the signature.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../support/capabilities.ts";
import { SESSION_ARNS } from "../support/local-service.ts";
import { DENO_PERMISSIONS, type Program, runProgram, runtimeProgram } from "../support/programs.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

const ARN = "arn:aws:sts::123456789012:assumed-role/ExampleRole/0123456789ab";

const PYTHON = `
import boto3, sys
session = boto3.Session(profile_name="anyrole")
print(session.client("sts", endpoint_url=sys.argv[1]).get_caller_identity()["Arn"])
`;

/** The items of this file. */
export function awsClientItems(context: InteropContext): readonly InteropItem[] {
  const { endpoint } = context.service;
  const sdk = join(repositoryRoot(), "test", "interop", "aws-sdk-client.mjs");
  return [
    ...context.programs.map((program): InteropItem => ({
      name: `AWS SDK for JavaScript: credential_process that runs anyrole on ${program.name}`,
      quick: true,
      run: async () => expectArn([process.execPath, sdk], [endpoint], profileEnvironment(context, program), [ARN, ARN]),
    })),
    ...PROVIDERS.map(({ name, runtime, args, module }): InteropItem => ({
      name: `AWS SDK for JavaScript: fromRolesAnywhere on ${name}`,
      quick: true,
      run: async () => {
        const { program, missing } = await runtimeProgram(runtime);
        if (program === undefined) throw new Missing(missing);
        const options = {
          ...SESSION_ARNS,
          endpoint,
          certificateFile: join(context.folder.path, "cert.pem"),
          privateKeyFile: join(context.folder.path, "key.pem"),
          intermediatesFile: join(context.folder.path, "chain.pem"),
        };
        const url = pathToFileURL(join(repositoryRoot(), module)).href;
        await expectArn([program, ...args, sdk], [endpoint, url, JSON.stringify(options)], {}, [ARN, ARN]);
      },
    })),
    {
      name: "AWS CLI: credential_process",
      quick: false,
      run: async () => {
        requireProgram("aws", ["--version"], "install awscli with your system's packages");
        const words = ["sts", "get-caller-identity", "--endpoint-url", endpoint, "--query", "Arn", "--output", "text"];
        await expectArn(["aws"], words, profileEnvironment(context, context.programs[0]!), [ARN]);
      },
    },
    {
      name: "boto3: credential_process",
      quick: false,
      run: async () => {
        requireProgram("python3", ["-c", "import boto3"], "install Python 3 and boto3 (pip install boto3)");
        const environment = profileEnvironment(context, context.programs[0]!);
        await expectArn(["python3", "-c", PYTHON], [endpoint], environment, [ARN]);
      },
    },
    {
      name: "AWS SDK for JavaScript: the credentials file that update writes",
      quick: true,
      run: async () => expectArn([process.execPath, sdk], [endpoint], await updatedFile(context), [ARN, ARN]),
    },
    {
      name: "AWS CLI: the credentials file that update writes",
      quick: false,
      run: async () => {
        requireProgram("aws", ["--version"], "install awscli with your system's packages");
        const words = ["sts", "get-caller-identity", "--endpoint-url", endpoint, "--query", "Arn", "--output", "text"];
        await expectArn(["aws"], words, await updatedFile(context), [ARN]);
      },
    },
    {
      name: "boto3: the credentials file that update writes",
      quick: false,
      run: async () => {
        requireProgram("python3", ["-c", "import boto3"], "install Python 3 and boto3 (pip install boto3)");
        await expectArn(["python3", "-c", PYTHON], [endpoint], await updatedFile(context), [ARN]);
      },
    },
  ];
}

/** The variables that name a credentials file with somebody else's profile in it, and ours behind that. */
async function updatedFile(context: InteropContext): Promise<Readonly<Record<string, string>>> {
  const others = "# kept\n[somebody]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
  const environment = {
    AWS_CONFIG_FILE: context.folder.write("config of update", "[profile anyrole]\nregion = us-east-1\n"),
    AWS_SHARED_CREDENTIALS_FILE: context.folder.write("credentials of update", others),
    AWS_PROFILE: "anyrole",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const { command, missing } = context.programs[0]!;
  if (command === undefined) throw new Missing(missing);
  const words = ["update", "--once", "--profile", "anyrole", ...context.flags];
  const { code, errors } = await runProgram(command, words, environment);
  if (code !== 0) throw new Error(`update ended with ${code}: ${errors}`);
  return environment;
}

const PROVIDERS = [
  { name: "Node 20", runtime: "node20", args: [], module: "dist/runtimes/node/mod.js" },
  { name: "current Node", runtime: "node", args: [], module: "dist/runtimes/node/mod.js" },
  {
    name: "Deno",
    runtime: "deno",
    // The SDK asks the system about itself for its User-Agent.
    args: ["run", ...DENO_PERMISSIONS, "--allow-sys"],
    module: "runtimes/deno/mod.ts",
  },
  { name: "Bun", runtime: "bun", args: ["run"], module: "runtimes/bun/mod.ts" },
] as const;

/** An AWS config file with a profile that runs the program, and the variables that name both. */
function profileEnvironment(
  context: InteropContext,
  { name, command, missing }: Program,
): Readonly<Record<string, string>> {
  if (command === undefined) throw new Missing(missing);
  const words = [...command, "credential-process", ...context.flags].map((word) => `"${word}"`).join(" ");
  const config = `[profile anyrole]\nregion = us-east-1\ncredential_process = ${words}\n`;
  return {
    AWS_CONFIG_FILE: context.folder.write(`config ${name}`, config),
    AWS_SHARED_CREDENTIALS_FILE: context.folder.write("credentials", ""),
    AWS_PROFILE: "anyrole",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function expectArn(
  command: readonly [string, ...string[]],
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  arns: readonly string[],
): Promise<void> {
  const { code, output, errors } = await runProgram(command, args, environment);
  const text = new TextDecoder().decode(output);
  if (code !== 0 || text !== arns.map((arn) => `${arn}\n`).join("")) {
    throw new Error(`it ended with ${code}\n${text}${errors}`.trim());
  }
}
