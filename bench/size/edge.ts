/**
 * Consumer `edge`: a `fetch` that gets and renews its credentials with a certificate and a key in PEM, and signs.
 *
 * @module
 */

import { type AwsFetch, createAwsFetch, pemIdentity } from "../../core/fetch/mod.ts";

/** Makes it. */
export function awsFetchOf(
  certificate: string,
  privateKey: string,
  trustAnchorArn: string,
  profileArn: string,
  roleArn: string,
): AwsFetch {
  const source = pemIdentity(certificate, privateKey);
  return createAwsFetch({ credentials: { source, trustAnchorArn, profileArn, roleArn }, callers: "requests" });
}
