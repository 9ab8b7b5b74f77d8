// A Vercel function of the edge runtime: who are we to AWS? Its isolates share a session in Upstash's Redis, by HTTP.
import { fromRolesAnywhere, redisOverRest, redisStore, shareEdgeSessions } from "anyrole/edge";
import { createAwsFetch } from "anyrole/fetch";

export const config = { runtime: "edge" };

const { env } = process;
const store = redisStore(redisOverRest({ url: env.KV_REST_API_URL, token: env.KV_REST_API_TOKEN }));
const credentials = fromRolesAnywhere({
  certificate: env.CERTIFICATE,
  privateKey: env.PRIVATE_KEY,
  trustAnchorArn: env.TRUST_ANCHOR_ARN,
  profileArn: env.PROFILE_ARN,
  roleArn: env.ROLE_ARN,
  sharing: shareEdgeSessions({ store, secret: env.SEALING_SECRET }),
});
const awsFetch = createAwsFetch({ callers: "requests", credentials });

export default () => awsFetch("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15");
