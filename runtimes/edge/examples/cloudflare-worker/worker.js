// A Cloudflare Worker in front of an S3 bucket. All isolates in the world share one session: the Durable Object keeps it,
// Workers KV has it near, and the next one is fetched after an answer. Secrets: wrangler secret put CERTIFICATE, …
import { waitUntil } from "cloudflare:workers";
import { durableObjectStore, fromRolesAnywhere, kvStore, nearStore, shareEdgeSessions } from "anyrole/edge";
import { createAwsFetch } from "anyrole/fetch";
export { SessionObject } from "anyrole/edge";

let awsFetch;

export default {
  fetch(request, env) {
    awsFetch ??= createAwsFetch({ callers: "requests", credentials: credentialsOf(env) });
    const { method, headers, body, url } = request;
    const type = headers.get("content-type") ?? "application/octet-stream";
    const target = `https://${env.BUCKET}.s3.eu-central-1.amazonaws.com${new URL(url).pathname}`;
    return awsFetch(target, { method, body, headers: { "content-type": type } });
  },
};

const credentialsOf = (env) =>
  fromRolesAnywhere({
    certificate: env.CERTIFICATE,
    privateKey: env.PRIVATE_KEY,
    trustAnchorArn: env.TRUST_ANCHOR_ARN,
    profileArn: env.PROFILE_ARN,
    roleArn: env.ROLE_ARN,
    sharing: shareEdgeSessions({
      store: nearStore(kvStore(env.KV), durableObjectStore(env.SESSIONS)),
      secret: env.SEALING_SECRET,
    }),
    waitUntil,
  });
