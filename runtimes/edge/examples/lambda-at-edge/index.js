// Lambda@Edge, origin request: signs the viewer's request for a private S3 bucket with a role of another account, by a
// certificate. Lambda@Edge has no environment variables, so what it needs lies in the bundle.
import { fromRolesAnywhere } from "anyrole/edge";
import { createAwsFetch } from "anyrole/fetch";
import { identity } from "./identity.js";

const awsFetch = createAwsFetch({ credentials: fromRolesAnywhere(identity) });

export async function handler(event) {
  const { request } = event.Records[0].cf;
  const { domainName } = request.origin.custom;
  const signed = await awsFetch.sign(`https://${domainName}${request.uri}`, { method: request.method });
  for (const [key, value] of signed.headers) request.headers[key] = [{ key, value }];
  request.headers.host = [{ key: "host", value: domainName }];
  return request;
}
