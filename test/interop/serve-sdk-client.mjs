/**
 * A program that lives longer than its credentials: asks STS who it is with the credentials of the SDK's own chain, until
 * it has seen them replaced, and prints `replaced`.
 *
 *     serve-sdk-client.mjs ENDPOINT ARN
 */
import { createRequire } from "node:module";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";

// The SDK is installed beside the runtimes under test.
const require = createRequire(new URL("../runtimes/package.json", import.meta.url));
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");

const [endpoint, expected] = process.argv.slice(2);
const client = new STSClient({ endpoint, region: "us-east-1" });
const keys = new Set();
for (let call = 0; call < 100 && keys.size < 2; call++) {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  if (Arn !== expected) throw new Error(`we are ${Arn}`);
  keys.add((await client.config.credentials()).accessKeyId);
  await pause(250);
}
console.log(keys.size < 2 ? "the same all the time" : "replaced");
client.destroy();
