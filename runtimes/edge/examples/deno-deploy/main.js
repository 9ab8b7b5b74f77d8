// Deno Deploy: who are we to AWS? Its isolates share a session in Deno KV.
import { denoKvStore, fromRolesAnywhere } from "anyrole/deno";
import { createAwsFetch } from "anyrole/fetch";

const env = (name) => Deno.env.get(name);
const credentials = fromRolesAnywhere({
  certificate: env("CERTIFICATE"),
  privateKey: env("PRIVATE_KEY"),
  trustAnchorArn: env("TRUST_ANCHOR_ARN"),
  profileArn: env("PROFILE_ARN"),
  roleArn: env("ROLE_ARN"),
  cache: { store: denoKvStore(await Deno.openKv()), secret: new TextEncoder().encode(env("SEALING_SECRET")) },
});
const awsFetch = createAwsFetch({ credentials });

Deno.serve(() => awsFetch("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"));
