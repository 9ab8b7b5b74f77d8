/**
 * `credential-process`: credentials as an AWS SDK's `credential_process` reads them, of the shared cache or by one
 * CreateSession call.
 *
 * @module
 */

import { formatProcessOutput } from "../../../core/credentials/process-output.ts";
import { createSession } from "../../../core/session/create-session.ts";
import { sessionEndpoint } from "../../../core/session/request.ts";
import type { Host } from "../../host.ts";
import { CACHE_FLAGS, cacheOfFlags } from "../cache-flags.ts";
import type { CommandCode } from "../commands.ts";
import { CREDENTIAL_EXCLUSIONS, CREDENTIAL_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { withIdentity } from "../identity-flags.ts";
import { logLine } from "../log-line.ts";
import { roleChain, sessionOptions, sessionPorts } from "../session-flags.ts";

/** The command. */
export const CREDENTIAL_PROCESS: CommandCode = {
  description:
    "Prints temporary credentials as JSON on standard output: those of the cache while they live long enough, " +
    "else new ones, for which it signs one CreateSession request with the certificate's private key, and assumes the roles of --assume-role-arn with them. Processes with the " +
    "same certificate and flags share them.",
  flags: /* @__PURE__ */ CREDENTIAL_FLAGS.concat(CACHE_FLAGS),
  exclusive: CREDENTIAL_EXCLUSIONS,
  execute: credentialProcess,
};

/**
 * Prints the credentials and answers 0.
 *
 * Secret: the private key stays in its file and the provider; the credentials go to standard output and, sealed, to the
 * cache.
 */
async function credentialProcess(host: Host, values: FlagValues): Promise<number> {
  const cache = cacheOfFlags(host, values);
  const chain = await roleChain(host, values);
  const options = { ...sessionOptions(host, values), roleArn: values.text("role-arn") ?? "" };
  const ports = sessionPorts(host, values);
  // While the files are read, the server answers the first octets.
  if (cache === undefined) ports.fetch.prepare?.(sessionEndpoint(options).url);
  const use = { sealing: cache === undefined ? undefined : "put-off" as const, alone: true as const };
  const session = await withIdentity(host, values, use, async (source) => {
    const identity = await source.identity();
    const create = async () => {
      const first = await createSession({ ...options, identity }, ports);
      return chain === undefined ? first : await chain.assume(first, options, ports);
    };
    if (cache === undefined) return await create();
    return await cache.session({ identity, options: { ...options, ...chain?.subject }, create });
  });
  if (values.boolean("debug")) {
    const who = session.assumedRoleUser?.arn ?? session.roleArn;
    const origin = session.attempts === 0 ? "of the cache, " : "";
    host.writeError(
      logLine(host.now(), `${who} until ${session.credentials.expiration}, ${origin}request ${session.requestId}`),
    );
  }
  await host.writeOutput(formatProcessOutput(session.credentials));
  return 0;
}
