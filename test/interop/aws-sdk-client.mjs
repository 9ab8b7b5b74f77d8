/**
 * A program that uses the AWS SDK for JavaScript: asks STS who it is, and prints the ARN.
 *
 *     aws-sdk-client.mjs ENDPOINT                    with the credentials of the SDK's own chain
 *     aws-sdk-client.mjs ENDPOINT MODULE OPTIONS     with fromRolesAnywhere of MODULE, its options as JSON
 */
import { createRequire } from "node:module";
import process from "node:process";

// The SDK is installed beside the runtimes under test.
const require = createRequire(new URL("../runtimes/package.json", import.meta.url));
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");

const [endpoint, module, options] = process.argv.slice(2);
const configuration = { endpoint, region: "us-east-1" };
if (module !== undefined) {
  const { fromRolesAnywhere } = await import(module);
  configuration.credentials = fromRolesAnywhere(JSON.parse(options));
}
const client = new STSClient(configuration);
for (let call = 0; call < 2; call++) {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  console.log(Arn);
}
client.destroy();
