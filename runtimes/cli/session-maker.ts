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
import { type NamedIdentity, withIdentity } from "./identity-flags.ts";
import { roleChain, sessionOptions, sessionPorts } from "./session-flags.ts";

/** Makes one session, as {@link sessionMaker} does, and closes the identity that it was made with. */
export async function oneSession(host: Host, values: FlagValues, sharing?: SharedSessions): Promise<Session> {
  const use = { sealing: sharing === undefined ? undefined : "put-off" as const, alone: true as const };
  return await withIdentity(host, values, use, (source) => sessionMaker(host, values, source, { sharing })());
}

/**
 * Makes a function that makes a session, and assumes the roles that are to follow: its identity is read again when its files change.
 *
 * Secret: sessions hold credentials; the private key stays in its file and the provider.
 *
 * Sessions of the shared cache are taken and kept where there is one; `replaced` is the one that is not wanted any more.
 *
 * @param source the identity, which is the caller's to close
 * @param signal ends what is under way; its reason is what is thrown
 * @throws {IdentityFlagError} the flags name no identity
 */
export function sessionMaker(
  host: Host,
  values: FlagValues,
  source: Pick<NamedIdentity, "identity">,
  { sharing, signal }: { readonly sharing?: SharedSessions | undefined; readonly signal?: Abort } = {},
): (replaced?: Session) => Promise<Session> {
  const roleArn = values.text("role-arn") ?? "";
  return async (replaced) => {
    const chain = await roleChain(host, values);
    const options = { ...sessionOptions(host, values), roleArn };
    const ports = { ...sessionPorts(host, values), ...(signal === undefined ? {} : { signal }) };
    const identity = await unlessAborted(source.identity(), signal);
    const create = async () => {
      const session = await createSession({ ...options, identity }, ports);
      return chain === undefined ? session : await chain.assume(session, options, ports);
    };
    if (sharing === undefined) return await create();
    return await sharing.session({ identity, options: { ...options, ...chain?.subject }, create, replaced, signal });
  };
}

/** What is promised, unless the signal comes first: a device may wait for a person. */
function unlessAborted<T>(promised: Promise<T>, signal: Abort | undefined): Promise<T> {
  if (signal === undefined) return promised;
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener("abort", aborted);
    promised.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}
