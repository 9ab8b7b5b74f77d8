/**
 * Sessions as the flags ask for them, one after the other.
 *
 * @module
 */

import type { SharedSessions } from "../../core/credentials/shared-sessions.ts";
import type { Abort } from "../../core/ports.ts";
import { createSession, type Session } from "../../core/session/create-session.ts";
import type { Host } from "../host.ts";
import type { FlagValues } from "./flags.ts";
import { namedIdentity } from "./identity-flags.ts";
import { roleChain, sessionOptions, sessionPorts } from "./session-flags.ts";

/**
 * Makes a function that makes a session, and assumes the roles that are to follow: its identity is read again when its files change.
 *
 * Secret: sessions hold credentials; the private key stays in its file and the provider.
 *
 * Sessions of the shared cache are taken and kept where there is one; `replaced` is the one that is not wanted any more.
 *
 * @param signal ends what is under way; its reason is what is thrown
 * @throws {IdentityFlagError} the flags name no identity
 */
export function sessionMaker(
  host: Host,
  values: FlagValues,
  { sharing, signal }: { readonly sharing?: SharedSessions | undefined; readonly signal?: Abort } = {},
): (replaced?: Session) => Promise<Session> {
  const source = namedIdentity(host, values, { sealing: sharing === undefined ? undefined : "put-off" });
  const roleArn = values.text("role-arn") ?? "";
  return async (replaced) => {
    const chain = await roleChain(host, values);
    const options = { ...sessionOptions(host, values), roleArn };
    const ports = { ...sessionPorts(host, values), ...(signal === undefined ? {} : { signal }) };
    const identity = await source.identity();
    const create = async () => {
      const session = await createSession({ ...options, identity }, ports);
      return chain === undefined ? session : await chain.assume(session, options, ports);
    };
    if (sharing === undefined) return await create();
    return await sharing.session({ identity, options: { ...options, ...chain?.subject }, create, replaced, signal });
  };
}
