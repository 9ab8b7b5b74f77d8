// Bun: who are we to AWS? Servers share a session in Redis or Valkey, by Bun's own client.
import { redis } from "bun";
import { fromRolesAnywhere } from "anyrole/bun";
import { redisStore } from "anyrole/edge";
import { createAwsFetch } from "anyrole/fetch";

const { env } = process;
const store = redisStore(([command, ...args]) => redis.send(command, args));
const credentials = fromRolesAnywhere({
  certificateFile: env.CERTIFICATE_FILE,
  privateKeyFile: env.PRIVATE_KEY_FILE,
  trustAnchorArn: env.TRUST_ANCHOR_ARN,
  profileArn: env.PROFILE_ARN,
  roleArn: env.ROLE_ARN,
  cache: { store, secret: new TextEncoder().encode(env.SEALING_SECRET) },
});
const awsFetch = createAwsFetch({ credentials });
const url = "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";

export default { port: env.PORT, fetch: () => awsFetch(url) };
