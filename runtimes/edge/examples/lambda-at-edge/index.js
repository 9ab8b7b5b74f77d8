// Lambda@Edge, origin request: signs the viewer's request for a private S3 bucket with a role of another account, by a
// certificate. Lambda@Edge has no environment variables, so what it needs lies in the bundle.
import { fromRolesAnywhere } from "anyrole/edge";
import { createAwsFetch } from "anyrole/fetch";
import { identity } from "./identity.js";

const awsFetch = createAwsFetch({ credentials: fromRolesAnywhere(identity) });

export async function handler(event) {
  const { request } = event.Records[0].cf;
  const { method, uri, querystring, origin: { custom: { domainName } } } = request;
  const url = `https://${domainName}${uri}${querystring && `?${querystring}`}`;
  // The function need not see the body, and so cannot sign it; S3 takes that over HTTPS.
  const signed = await awsFetch.sign(url, { method, aws: { payload: "unsigned" } });
  for (const [key, value] of signed.headers) request.headers[key] = [{ key, value }];
  request.headers.host = [{ key: "host", value: domainName }];
  return request;
}
