/**
 * `credential-process`: one CreateSession call, and its credentials as an AWS SDK's `credential_process` reads them.
 *
 * @module
 */

import { formatProcessOutput } from "../../../core/credentials/process-output.ts";
import { createSession } from "../../../core/session/create-session.ts";
import type { Host } from "../../host.ts";
import { endpointChoice } from "../../shared/endpoint-environment.ts";
import { httpOptions } from "../../shared/http-environment.ts";
import { identityFromFiles } from "../../shared/identity-files.ts";
import type { CommandCode } from "../commands.ts";
import { CREDENTIAL_EXCLUSIONS, CREDENTIAL_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { identityFiles } from "../identity-flags.ts";
import { logLine } from "../log-line.ts";

/** The command. */
export const CREDENTIAL_PROCESS: CommandCode = {
  description: "Signs one CreateSession request with the certificate's private key and prints the temporary " +
    "credentials as JSON on standard output.",
  flags: CREDENTIAL_FLAGS,
  exclusive: CREDENTIAL_EXCLUSIONS,
  execute: credentialProcess,
};

/**
 * Prints the credentials and answers 0.
 *
 * Secret: the private key stays in its file and the provider; the credentials go to standard output and nowhere else.
 */
async function credentialProcess(host: Host, values: FlagValues): Promise<number> {
  const identity = await identityFromFiles(host, identityFiles(host, values)).identity();
  const region = values.text("region");
  const roleSessionName = values.text("role-session-name");
  const session = await createSession({
    identity,
    trustAnchorArn: values.text("trust-anchor-arn") ?? "",
    profileArn: values.text("profile-arn") ?? "",
    roleArn: values.text("role-arn") ?? "",
    durationSeconds: values.integer("session-duration"),
    ...(region === undefined ? {} : { region }),
    // The flag first: it is nearer to the person than the environment.
    ...endpointChoice(host, { endpoint: values.text("endpoint") }),
    ...(roleSessionName === undefined ? {} : { roleSessionName }),
  }, {
    fetch: host.httpClient(httpOptions(
      host,
      values.boolean("no-verify-ssl") ? "skip" : "verify",
      values.mentioned.has("with-proxy") && !values.boolean("with-proxy") ? "none" : "environment",
    )),
    now: host.now,
    sleep: host.sleep,
    random: host.random,
    sha256: host.sha256,
  });
  if (values.boolean("debug")) {
    const who = session.assumedRoleUser?.arn ?? session.roleArn;
    host.writeError(
      logLine(host.now(), `${who} until ${session.credentials.expiration}, request ${session.requestId}`),
    );
  }
  await host.writeOutput(formatProcessOutput(session.credentials));
  return 0;
}
